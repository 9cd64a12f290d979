/** Deploys with Trackside's engine, as the panel does: one click, all runners listening. */
import { join } from 'node:path';
import { createRouterClient } from '@orpc/server';
import { createEngine, type Engine } from '../../electron/engine.ts';
import { type Clock, systemClock } from '../../electron/platform/clock.ts';
import { createMemoryStore } from '../../electron/platform/secrets.ts';
import { defaultNeighbour, defaultScaling } from '../../shared/pool-defaults.ts';
import type { Stage } from './stage.ts';

export interface DeployedRunner {
  root: string;
  strategy: string;
}

export interface EngineDeploy {
  /** From the click to the last runner's listening. */
  seconds: number;
  treeFolder: string;
  runners: DeployedRunner[];
}

const poolName = 'bench';
/** The name of the runner with this number, as the engine gives it. */
export const runnerName = (number: number): string => `${poolName}-${number}`;

const listening = ['idle', 'busy'];
/** Longer than any machine that is worth measuring takes. */
const timeoutMs = 10 * 60_000;

/** An engine with the stage's data folder and cache, connected to its demo GitHub. */
export async function openEngine(stage: Stage, clock: Clock = systemClock) {
  const { dataFolder } = stage;
  const engine = await createEngine({
    dataFolder,
    cacheFolder: join(stage.folder, 'cache'),
    secrets: createMemoryStore(),
    version: '0.0.0',
    nodePath: process.execPath,
    practiceRunnerFolder: stage.practiceRunnerFolder,
    clock,
  });
  const client = createRouterClient(engine.router);
  const { demo } = stage;
  const credentials = { token: demo.token, apiUrl: `${demo.url}/api/v3`, repository: demo.repository };
  const connection = await client.connections.add(credentials);
  const repository = await client.repositories.connect({
    connectionId: connection.id,
    fullName: demo.repository,
  });
  return {
    engine,
    repositoryId: repository.id,
    deploy: (count: number) => deploy(engine, repository.id, count),
    async removeAll() {
      for (const runnerId of Object.keys(engine.board.current().runners)) {
        await client.runners.remove({ runnerId, how: 'now' });
      }
      await engine.board.when(
        ({ runners }) => Object.keys(runners).length === 0,
        AbortSignal.timeout(timeoutMs),
      );
    },
    /** Stops all runners; they stay. */
    async stopAll() {
      for (const runnerId of Object.keys(engine.board.current().runners)) {
        await client.runners.stop({ runnerId, how: 'now' });
      }
      const isStopped = ({ state }: { state: string }): boolean => state === 'stopped';
      await engine.board.when(
        ({ runners }) => Object.values(runners).every(isStopped),
        AbortSignal.timeout(timeoutMs),
      );
    },
    close: () => engine.dispose(),
  };
}

async function deploy(engine: Engine, repositoryId: string, count: number): Promise<EngineDeploy> {
  const client = createRouterClient(engine.router);
  const request = {
    repositoryId,
    count,
    name: poolName,
    labels: [],
    size: { preset: 'small' as const, cores: 1, memoryBytes: 2 * 1024 ** 3 },
    lifecycle: { mode: 'manual' as const },
    scaling: defaultScaling,
    neighbour: defaultNeighbour,
    rerunLost: true,
    acceptPublicRisk: true,
  };
  const startedAt = performance.now();
  const { runnerIds } = await client.pools.deploy(request);
  const board = await engine.board.when(
    ({ runners }) => runnerIds.every((id) => ['failed', ...listening].includes(runners[id]?.state ?? '')),
    AbortSignal.timeout(timeoutMs),
  );
  const seconds = (performance.now() - startedAt) / 1000;
  const failed = runnerIds.map((id) => board.runners[id]).find((runner) => runner?.state === 'failed');
  if (failed) throw new Error(`${failed.name} failed: ${failed.failure?.message ?? failed.cause}`);
  const records = engine.runners.all().map(({ entry }) => entry.record());
  return {
    seconds,
    treeFolder: records[0]?.treeFolder ?? '',
    runners: records.flatMap(({ clone }) => (clone ? [clone] : [])),
  };
}
