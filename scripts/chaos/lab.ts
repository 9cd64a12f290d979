/** The world of one chaos run: a demo GitHub here, an engine in a process of its own, eight runners, two hundred jobs. */
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type DemoGitHub, startDemoGitHub } from '../../electron/demo/github/server.ts';
import { buildPracticeRunnerArchive } from '../../electron/demo/practice-runner/archive.ts';
import { bundlePracticeRunner } from '../../electron/demo/practice-runner/bundle.ts';
import { mountsBelow, unmount } from '../../electron/platform/mounts.ts';
import { createProcessTable } from '../../electron/platform/processes.ts';
import type { EngineProcessOrder } from '../../electron/testing/engine-process.ts';
import { defaultNeighbour } from '../../shared/pool-defaults.ts';
import { type EngineChild, startEngineChild } from './engine-child.ts';
import { createNames, type Names } from './names.ts';
import { type Workload, writeWorkload } from './workload.ts';

/** Runners of the pool. */
export const runnerCount = 8;
/** A job whose runner is silent is given up after this time instead of ten minutes; its jobs take a second. */
const jobLockMs = 60_000;

export interface ChaosLab {
  folder: string;
  dataFolder: string;
  github: DemoGitHub;
  workload: Workload;
  order: EngineProcessOrder;
  /** As it runs now. */
  engine: EngineChild;
  /** Only where the run asked for names of its own. */
  names: Names | null;
  poolId: string;
  jobs: number;
  /** kill -9 and another start. */
  restartEngine(): Promise<void>;
  /** Jobs that the forge knows as ended. */
  concluded(): number;
  /** Resolves when so many jobs have ended. */
  whenConcluded(count: number, timeoutMs: number): Promise<void>;
  processes(): Promise<{ pid: number; name: string }[]>;
  dispose(): Promise<void>;
}

export interface LabOptions {
  jobs: number;
  /** Called with the data folder before anything is in it. */
  prepare?: (dataFolder: string) => Promise<void>;
  /** Whether the forge is met under a name that can be taken away. */
  ownNames?: boolean;
}

/** What all runs share: built once. */
export interface Ground {
  folder: string;
  practiceRunnerFolder: string;
  dispose(): Promise<void>;
}

export async function prepareGround(): Promise<Ground> {
  const folder = await mkdtemp(join(tmpdir(), 'trackside-chaos-'));
  const practiceRunnerFolder = join(folder, 'practice-runner');
  await bundlePracticeRunner(practiceRunnerFolder);
  return { folder, practiceRunnerFolder, dispose: () => rm(folder, { recursive: true, force: true }) };
}

/** Opens a fresh world with its pool listening and its jobs not yet queued. */
export async function openChaosLab(ground: Ground, options: LabOptions): Promise<ChaosLab> {
  const folder = await mkdtemp(join(ground.folder, 'run-'));
  const dataFolder = join(folder, 'data');
  await mkdir(dataFolder, { recursive: true, mode: 0o700 });
  await options.prepare?.(dataFolder);
  const workload = await writeWorkload(folder, options.jobs);
  const github = await startDemoGitHub({
    archiveFolder: join(ground.folder, 'archives'),
    repositoriesFolder: workload.repositoriesFolder,
    buildArchive: (request) =>
      buildPracticeRunnerArchive({
        ...request,
        nodePath: process.execPath,
        bundleFolder: ground.practiceRunnerFolder,
      }),
    jobLockMs,
  });
  const order: EngineProcessOrder = {
    dataFolder,
    cacheFolder: join(ground.folder, 'cache'),
    secretsFolder: join(folder, 'secrets'),
    practiceRunnerFolder: ground.practiceRunnerFolder,
  };
  const names = options.ownNames ? await createNames(folder) : null;
  const url = names ? github.url.replace('127.0.0.1', names.hostname) : github.url;
  let engine = await startEngineChild(order, names?.runner);
  const poolId = await deployPool(engine, github, url);
  const table = createProcessTable();
  const concluded = (): number => new Set(endedJobs(github)).size;
  return {
    folder,
    dataFolder,
    github,
    workload,
    order,
    get engine() {
      return engine;
    },
    names,
    poolId,
    jobs: options.jobs,
    async restartEngine() {
      await engine.kill();
      engine = await startEngineChild(order, names?.runner);
    },
    concluded,
    async whenConcluded(count, timeoutMs) {
      await github
        .waitFor(() => concluded() >= count, AbortSignal.timeout(timeoutMs))
        .catch(async (cause) => {
          const left = await unfinished(github);
          throw new Error(
            `Only ${concluded()} of ${count} jobs ended within ${timeoutMs / 1000} s: ${left}`,
            { cause },
          );
        });
    },
    processes: () => table.workingIn(folder),
    async dispose() {
      await engine.kill();
      for (let left = await table.workingIn(folder); left.length > 0; left = await table.workingIn(folder)) {
        for (const { pid } of left) table.signal(pid, 'SIGKILL');
      }
      await github.close();
      // A mount that the killed engine had begun may come to its end after it.
      for (let left = await mountsBelow(folder); left.length > 0; left = await mountsBelow(folder)) {
        for (const point of left) await unmount(point);
      }
      await names?.dispose();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function deployPool({ client, when }: EngineChild, github: DemoGitHub, url: string): Promise<string> {
  const credentials = { token: github.token, apiUrl: `${url}/api/v3`, repository: github.repository };
  const connection = await client.connections.add(credentials);
  const { id: repositoryId } = await client.repositories.connect({
    connectionId: connection.id,
    fullName: github.repository,
  });
  const { pool } = await client.pools.deploy({
    repositoryId,
    count: runnerCount,
    name: 'chaos',
    labels: [],
    size: { preset: 'custom', cores: 0.1, memoryBytes: 64 * 1024 ** 2 },
    lifecycle: { mode: 'auto', idleTimeoutMs: 300_000 },
    scaling: { policy: 'balanced', minRunners: 0, maxRunners: runnerCount },
    neighbour: defaultNeighbour,
    rerunLost: true,
    acceptPublicRisk: false,
  });
  const listening = ({ runners }: { runners: Record<string, { state: string }> }): boolean =>
    Object.values(runners).filter(({ state }) => state === 'idle').length === runnerCount;
  await when(listening, 120_000, 'eight runners listening');
  return pool.id;
}

/** Jobs whose latest attempt has ended, by name. */
function endedJobs(github: DemoGitHub): string[] {
  return latestJobs(github)
    .filter(({ status }) => status === 'completed')
    .map(({ name }) => name);
}

/** The job records of each run's latest attempt. */
export function latestJobs(github: DemoGitHub) {
  const { jobs, runs } = github.snapshot();
  const latest = new Map(runs.map((run) => [run.id, run.attempts.length]));
  return jobs.filter((job) => job.attempt === latest.get(job.runId));
}

async function unfinished(github: DemoGitHub): Promise<string> {
  const open = latestJobs(github).filter(({ status }) => status !== 'completed');
  return open
    .slice(0, 5)
    .map(({ name, status, runnerName }) => `${name} ${status} ${runnerName ?? ''}`)
    .join(', ');
}

/** Queues every job of the workload. */
export async function queueAll({ engine, workload, github }: ChaosLab): Promise<void> {
  const { client } = engine;
  const [repository] = Object.values(engine.board().repositories);
  if (!repository) throw new Error(`${github.repository} is not connected.`);
  const workflows = await client.workflows.list({ repositoryId: repository.id });
  for (const { first } of workload.runs) {
    const workflow = workflows.find(({ name }) => name === `Work ${first}`);
    if (!workflow) throw new Error(`There is no workflow “Work ${first}”.`);
    await client.workflows.dispatch({
      repositoryId: repository.id,
      workflowId: workflow.id,
      ref: null,
      inputs: {},
    });
  }
}
