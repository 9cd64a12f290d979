/** Pools that manage themselves, with everything real: an engine, the demo GitHub, practice runners and their jobs. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { DeployRequest } from '../shared/contract.ts';
import type { Pool, Runner } from '../shared/model.ts';
import type { DemoGitHub } from './demo/github/server.ts';
import { startDemoGitHub } from './demo/github/server.ts';
import { buildPracticeRunnerArchive } from './demo/practice-runner/archive.ts';
import type { Engine } from './engine.ts';
import { createEngineLab, deployRequest, type EngineLab, whenRunners } from './testing/engine-lab.ts';
import { createSteppableClock, type SteppableClock } from './testing/steppable-clock.ts';

const minute = 60_000;
let lab: EngineLab;
let github: DemoGitHub;
let engine: Engine;
let clock: SteppableClock;
let repositoryId: string;

beforeEach(async () => {
  lab = await createEngineLab();
  github = await startDemoGitHub({
    archiveFolder: `${lab.folder}/archives`,
    buildArchive: (request) =>
      buildPracticeRunnerArchive({
        ...request,
        nodePath: process.execPath,
        bundleFolder: lab.practiceRunnerFolder,
      }),
  });
  clock = createSteppableClock();
  engine = await lab.start({ clock });
  const connection = await engine.connections.add({
    token: github.token,
    apiUrl: `${github.url}/api/v3`,
    repository: null,
  });
  const repository = await engine.repositories.connect({
    connectionId: connection.id,
    fullName: github.repository,
  });
  repositoryId = repository.id;
});

afterEach(async () => {
  await lab.dispose();
  await github.close();
});

/** Small enough that the machine's cores and memory admit many. */
const tiny: DeployRequest['size'] = { preset: 'custom', cores: 0.1, memoryBytes: 64 * 1024 ** 2 };

function deployPool(change: Partial<DeployRequest> = {}): Promise<{ pool: Pool; runnerIds: string[] }> {
  return engine.runners.deploy(
    deployRequest(repositoryId, 0, {
      size: tiny,
      lifecycle: { mode: 'auto', idleTimeoutMs: 5 * minute },
      scaling: { policy: 'balanced', minRunners: 0, maxRunners: 4 },
      ...change,
    }),
  );
}

async function queueJobs(count: number): Promise<void> {
  const { forge, fullName } = engine.repositories.forgeOf(repositoryId);
  const workflow = (await forge.workflows(fullName)).find(({ name }) => name === 'Quick check');
  if (!workflow) throw new Error('The demo has no workflow “Quick check”.');
  for (let index = 0; index < count; index += 1) await forge.dispatch(fullName, workflow.id, 'main', {});
}

const concluded = (count: number): Promise<unknown> =>
  github.waitFor(
    ({ jobs }) => jobs.filter(({ conclusion }) => conclusion === 'success').length === count,
    AbortSignal.timeout(60_000),
  );
const noneLeft = (runners: Runner[]): boolean => runners.length === 0;

test('jobs bring runners, idleness takes them away, and the next job brings one back', {
  timeout: 120_000,
}, async () => {
  const { pool } = await deployPool();
  await queueJobs(6);
  await concluded(6);
  const idle = await whenRunners(
    engine,
    (runners) =>
      runners.length > 0 && runners.every(({ state, stopsAt }) => state === 'idle' && stopsAt !== null),
    30_000,
  );
  expect(idle.length).toBeLessThanOrEqual(4);
  for (const { stopsAt, stateSince } of idle)
    expect((stopsAt ?? 0) - stateSince).toBeGreaterThanOrEqual(5 * minute);
  clock.advance(11 * minute);
  await whenRunners(engine, noneLeft, 60_000);
  expect(github.snapshot().runners).toEqual([]);
  expect(await lab.processes()).toEqual([]);
  expect(engine.board.current().pools[pool.id], 'the pool stays').toBeDefined();

  await queueJobs(1);
  await concluded(7);
  const [back] = await whenRunners(engine, (runners) => runners.length === 1);
  expect(back?.name).toBe('arm-1');
});

test('a runner that is kept stays beyond its deadline', { timeout: 120_000 }, async () => {
  await deployPool({ count: 1 });
  const [runner] = await whenRunners(engine, ([one]) => one?.stopsAt !== null && one?.state === 'idle');
  if (!runner) throw new Error('No runner.');
  engine.runners.keepFor(runner.id, 15 * minute);
  const [kept] = await whenRunners(engine, ([one]) => (one?.stopsAt ?? 0) > clock.now() + 14 * minute);
  clock.advance(6 * minute);
  expect(kept?.state).toBe('idle');
  clock.advance(10 * minute);
  await whenRunners(engine, noneLeft, 30_000);
});

test('one job each: a fresh runner for every job, a spare that waits, nothing left of the spent ones', {
  timeout: 120_000,
}, async () => {
  const { pool } = await deployPool({
    lifecycle: { mode: 'ephemeral' },
    scaling: { policy: 'balanced', minRunners: 1, maxRunners: 2 },
  });
  const [spare] = await whenRunners(engine, ([one]) => one?.state === 'idle', 30_000);
  expect(spare?.stopsAt).toBeNull();
  await queueJobs(3);
  await concluded(3);
  const names = new Set(github.snapshot().jobs.map(({ runnerId }) => runnerId));
  expect(names.size, 'each job ran on a runner of its own').toBe(3);
  const [next] = await whenRunners(
    engine,
    (runners) => runners.length === 1 && runners[0]?.state === 'idle' && runners[0].id !== spare?.id,
    30_000,
  );
  expect(next).toBeDefined();
  await engine.runners.removePool(pool.id, 'drain');
  await whenRunners(engine, noneLeft, 30_000);
  expect(github.snapshot().runners).toEqual([]);
  await engine.board.when(({ pools }) => Object.keys(pools).length === 0, AbortSignal.timeout(10_000));
});

test('spares are not started twice beside those that a deploy brings', { timeout: 120_000 }, async () => {
  const { runnerIds } = await deployPool({
    count: 2,
    scaling: { policy: 'balanced', minRunners: 2, maxRunners: 2 },
  });
  const all = await whenRunners(
    engine,
    (runners) => runners.length > 0 && runners.every(({ state }) => state === 'idle'),
    30_000,
  );
  expect(all.map(({ id }) => id).sort()).toEqual(runnerIds.sort());
});

test('a paused pool takes no job; resumed, it takes what waits', { timeout: 120_000 }, async () => {
  const { pool } = await deployPool({ count: 1 });
  await whenRunners(engine, ([one]) => one?.state === 'idle');
  await engine.runners.updatePool(pool.id, { paused: true });
  await whenRunners(engine, noneLeft, 30_000);
  await queueJobs(1);
  const { poolStates } = await engine.board.when(
    ({ poolStates }) => poolStates[pool.id]?.demand === 1,
    AbortSignal.timeout(20_000),
  );
  expect(poolStates[pool.id]?.hold?.kind).toBe('paused');
  await engine.runners.updatePool(pool.id, { paused: false });
  await concluded(1);
  await engine.runners.removePool(pool.id, 'drain');
  await whenRunners(engine, noneLeft, 30_000);
});
