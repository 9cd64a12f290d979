/** An engine on fresh folders with its demo GitHub, for tests: everything real, nothing shared, nothing left behind. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DeployRequest } from '../../shared/contract.ts';
import type { Runner } from '../../shared/model.ts';
import { defaultNeighbour, defaultScaling } from '../../shared/pool-defaults.ts';
import { presets } from '../../shared/sizes.ts';
import { bundlePracticeRunner } from '../demo/practice-runner/bundle.ts';
import { createEngine, type Engine, type EngineOptions } from '../engine.ts';
import { mountsBelow, unmount } from '../platform/mounts.ts';
import { createProcessTable } from '../platform/processes.ts';
import { createFileSecrets } from './file-secrets.ts';

export interface EngineLab {
  folder: string;
  dataFolder: string;
  cacheFolder: string;
  practiceRunnerFolder: string;
  /** Where the lab's engines keep tokens, outside their data folder. */
  secretsFolder: string;
  /** Starts an engine on the lab's folders; `dispose` ends it. @param over what differs from the usual engine */
  start(over?: Partial<EngineOptions>): Promise<Engine>;
  /** Processes that work below the lab's folders. */
  processes(): Promise<{ pid: number; name: string }[]>;
  dispose(): Promise<void>;
}

/** Makes the folders and bundles the practice runner. */
export async function createEngineLab(): Promise<EngineLab> {
  const folder = await mkdtemp(join(tmpdir(), 'trackside-lab-'));
  const dataFolder = join(folder, 'data');
  const cacheFolder = join(folder, 'cache');
  const practiceRunnerFolder = join(folder, 'practice-runner');
  const secretsFolder = join(folder, 'secrets');
  await bundlePracticeRunner(practiceRunnerFolder);
  const table = createProcessTable();
  const engines = new Set<Engine>();
  return {
    folder,
    dataFolder,
    cacheFolder,
    practiceRunnerFolder,
    secretsFolder,
    async start(over = {}) {
      const engine = await createEngine({
        dataFolder,
        cacheFolder,
        secrets: createFileSecrets(secretsFolder),
        version: '0.0.0',
        nodePath: process.execPath,
        practiceRunnerFolder,
        ...over,
      });
      engines.add(engine);
      const { dispose } = engine;
      return {
        ...engine,
        async dispose() {
          engines.delete(engine);
          await dispose();
        },
      };
    },
    processes: () => table.workingIn(folder),
    async dispose() {
      for (const engine of engines) await engine.dispose();
      for (let left = await table.workingIn(folder); left.length > 0; left = await table.workingIn(folder)) {
        for (const { pid } of left) table.signal(pid, 'SIGKILL');
      }
      for (const point of await mountsBelow(folder)) await unmount(point);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** A deploy of `count` small runners. */
export function deployRequest(
  repositoryId: string,
  count: number,
  change: Partial<DeployRequest> = {},
): DeployRequest {
  return {
    repositoryId,
    count,
    name: 'arm',
    labels: [],
    size: presets.small,
    lifecycle: { mode: 'manual' },
    scaling: defaultScaling,
    neighbour: defaultNeighbour,
    rerunLost: true,
    acceptPublicRisk: false,
    ...change,
  };
}

/** Waits until every runner on the board satisfies the condition. */
export async function whenRunners(
  engine: Engine,
  condition: (runners: Runner[]) => boolean,
  timeoutMs = 15_000,
): Promise<Runner[]> {
  const board = await engine.board
    .when(({ runners }) => condition(Object.values(runners)), AbortSignal.timeout(timeoutMs))
    .catch((error: unknown) => {
      const now = Object.values(engine.board.current().runners).map(({ name, state, cause }) => ({
        name,
        state,
        cause,
      }));
      throw new Error(`The runners did not get there: ${JSON.stringify(now)}`, { cause: error });
    });
  return Object.values(board.runners);
}

/** Whether a runner's deploy is over and it waits for jobs. */
export function isReady({ state, steps }: Runner): boolean {
  return state === 'idle' && steps.every(({ status }) => status === 'done');
}
