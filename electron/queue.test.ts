/** Why jobs wait, and that the offered repair helps, with everything real: an engine, the demo GitHub, practice runners. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { DeployRequest } from '../shared/contract.ts';
import type { Pool, Repair, Wait } from '../shared/model.ts';
import { type DemoGitHub, startDemoGitHub } from './demo/github/server.ts';
import { createWireRunner } from './demo/github/testing/wire-runner.ts';
import { buildPracticeRunnerArchive } from './demo/practice-runner/archive.ts';
import type { Engine } from './engine.ts';
import {
  createEngineLab,
  deployRequest,
  type EngineLab,
  isReady,
  whenRunners,
} from './testing/engine-lab.ts';
import { createSteppableClock, type SteppableClock } from './testing/steppable-clock.ts';

const steps = "steps: [{ run: 'true' }]";
const workflows = {
  typo: `jobs: { build: { runs-on: [self-hosted, gppu], ${steps} } }`,
  plain: `jobs: { build: { runs-on: self-hosted, ${steps} } }`,
  gate: `jobs: { ship: { runs-on: self-hosted, environment: production, ${steps} } }`,
  line: `concurrency: deploy\njobs: { ship: { runs-on: self-hosted, ${steps} } }`,
  chain: `jobs: { build: { runs-on: [self-hosted, big], ${steps} }, test: { needs: build, runs-on: self-hosted, ${steps} } }`,
};

let lab: EngineLab;
let github: DemoGitHub;
let engine: Engine;
let clock: SteppableClock;
let repositoryId: string;

beforeEach(async () => {
  lab = await createEngineLab();
  const folder = join(lab.folder, 'repositories', 'octo', 'forge', 'dot-github', 'workflows');
  await mkdir(folder, { recursive: true });
  for (const [name, text] of Object.entries(workflows)) {
    await writeFile(join(folder, `${name}.yml`), `on: workflow_dispatch\n${text}\n`);
  }
  github = await startDemoGitHub({
    repositoriesFolder: join(lab.folder, 'repositories'),
    archiveFolder: join(lab.folder, 'archives'),
    buildArchive: (request) =>
      buildPracticeRunnerArchive({
        ...request,
        nodePath: process.execPath,
        bundleFolder: lab.practiceRunnerFolder,
      }),
  });
  clock = createSteppableClock();
  engine = await lab.start({ clock });
  const credentials = { token: github.token, apiUrl: `${github.url}/api/v3`, repository: null };
  const { id: connectionId } = await engine.connections.add(credentials);
  ({ id: repositoryId } = await engine.repositories.connect({ connectionId, fullName: github.repository }));
});

afterEach(async () => {
  await lab.dispose();
  await github.close();
});

const tiny: DeployRequest['size'] = { preset: 'custom', cores: 0.1, memoryBytes: 64 * 1024 ** 2 };

async function deploy(change: Partial<DeployRequest> = {}): Promise<Pool> {
  const { pool } = await engine.runners.deploy(deployRequest(repositoryId, 1, { size: tiny, ...change }));
  await whenRunners(engine, (runners) => runners.length > 0 && runners.every(isReady), 60_000);
  return pool;
}

async function dispatch(name: keyof typeof workflows): Promise<void> {
  const { forge, fullName } = engine.repositories.forgeOf(repositoryId);
  const workflow = (await forge.workflows(fullName)).find(({ path }) => path.endsWith(`/${name}.yml`));
  if (!workflow) throw new Error(`The demo has no workflow ${name}.`);
  await forge.dispatch(fullName, workflow.id, 'main', {});
  await engine.repositories.refresh(repositoryId);
}

async function whenWaits(kind: Wait['kind']): Promise<Wait> {
  const board = await engine.board
    .when(({ waits }) => Object.values(waits).some((wait) => wait.kind === kind), AbortSignal.timeout(60_000))
    .catch((error: unknown) => {
      throw new Error(`Nothing waits so: ${JSON.stringify(engine.board.current().waits)}`, { cause: error });
    });
  const found = Object.values(board.waits).find((wait) => wait.kind === kind);
  if (!found) throw new Error('Gone again.');
  return found;
}

function repairOf<K extends Repair['kind']>(wait: Wait, kind: K): Extract<Repair, { kind: K }> {
  const found = wait.repairs.find((repair) => repair.kind === kind);
  if (!found) throw new Error(`No ${kind} among ${JSON.stringify(wait.repairs)}`);
  return found as Extract<Repair, { kind: K }>;
}

const succeeded = (count: number): Promise<unknown> =>
  github.waitFor(
    ({ jobs }) => jobs.filter(({ conclusion }) => conclusion === 'success').length === count,
    AbortSignal.timeout(60_000),
  );

/** Looks at the panel until the test has ended. */
async function look(): Promise<void> {
  const reader = engine.board.watch();
  await reader.next();
}

test('a job with a misspelt label runs after the label was added to the pool of an idle runner', {
  timeout: 120_000,
}, async () => {
  const pool = await deploy({ labels: ['gpu'] });
  await look();
  await dispatch('typo');
  const wait = await whenWaits('label-missing');
  expect(wait).toMatchObject({ missing: ['gppu'], nearest: 'gpu', mistake: 'typo', jobs: 1 });
  const { poolId, labels } = repairOf(wait, 'add-label');
  expect([poolId, labels]).toEqual([pool.id, ['gppu']]);
  const change = { labels: [...pool.labels, ...labels] };
  expect((await engine.runners.updatePool(poolId, change)).labels).toEqual(['gpu', 'gppu']);
  const [runner] = Object.values(engine.board.current().runners);
  expect(runner?.labels).toEqual(expect.arrayContaining(['self-hosted', 'gpu', 'gppu']));
  await succeeded(1);
  await engine.repositories.refresh(repositoryId);
  expect(engine.board.current().waits).toEqual({});
});

test('labels of a pool are checked as those of a deploy are', { timeout: 120_000 }, async () => {
  const pool = await deploy();
  await expect(engine.runners.updatePool(pool.id, { labels: ['a,b'] })).rejects.toMatchObject({
    code: 'INVALID_REQUEST',
    data: { field: 'labels' },
  });
  expect(await engine.runners.updatePool(pool.id, { labels: [' gpu ', 'GPU'] })).toMatchObject({
    labels: ['gpu'],
  });
});

test('a runner for one job is registered anew with the labels of its pool', {
  timeout: 120_000,
}, async () => {
  const pool = await deploy({
    lifecycle: { mode: 'ephemeral' },
    scaling: { policy: 'balanced', minRunners: 1, maxRunners: 1 },
  });
  await engine.runners.updatePool(pool.id, { labels: ['gppu'] });
  await github.waitFor(
    ({ runners }) =>
      runners.some(({ labels, isOnline }) => isOnline && labels.some(({ name }) => name === 'gppu')),
    AbortSignal.timeout(60_000),
  );
  await dispatch('typo');
  await succeeded(1);
});

test('a stopped runner is offline by somebody’s wish, and is started by the repair', {
  timeout: 120_000,
}, async () => {
  await deploy();
  const [runner] = Object.values(engine.board.current().runners);
  engine.runners.stop(runner?.id ?? '', 'drain');
  await whenRunners(engine, ([one]) => one?.state === 'stopped');
  await dispatch('plain');
  const wait = await whenWaits('offline');
  expect(wait.sentence).toMatch(/^arm-1 is stopped since .*: Stopped as asked\.$/);
  engine.runners.start(repairOf(wait, 'start-runner').runnerId);
  await succeeded(1);
});

test('a runner that polls and gets nothing is a stall, with what both sides say', {
  timeout: 60_000,
}, async () => {
  const { forge, fullName } = engine.repositories.forgeOf(repositoryId);
  const { token } = await forge.registrationToken(fullName);
  const stranger = await createWireRunner({ url: github.url, token, repository: fullName, name: 'box-1' });
  await stranger.open();
  await dispatch('plain');
  await whenWaits('dispatching');
  clock.advance(61_000);
  await engine.repositories.refresh(repositoryId);
  const wait = await whenWaits('stalled');
  expect(wait.evidence.map(({ fact }) => fact)).toEqual(
    expect.arrayContaining([expect.stringMatching(/^GitHub shows box-1 as online/)]),
  );
  expect(wait.repairs.map(({ title }) => title)).toEqual([
    'Check the group of the runner',
    'Run the job again on GitHub',
  ]);
  await stranger.close();
});

test('an approval, a concurrency group and jobs that come later are told from runners', {
  timeout: 60_000,
}, async () => {
  await look();
  await dispatch('gate');
  const approval = await whenWaits('approval');
  expect(approval.sentence).toBe('Somebody has to approve that it runs in `production`. You may do that.');
  expect(repairOf(approval, 'open-page').url).toMatch(/\/octo\/forge\/actions\/runs\/\d+$/);
  await dispatch('line');
  await dispatch('line');
  const concurrency = await whenWaits('concurrency');
  expect(concurrency.passes).toBe(true);
  await dispatch('chain');
  const needs = await whenWaits('needs');
  expect(needs.sentence).toBe('It comes after `build`, which has not ended.');
  const later = Object.values(engine.board.current().jobs).find(({ waitId }) => waitId === needs.id);
  expect(later).toMatchObject({ name: 'test', status: 'waiting', jobId: null, labels: ['self-hosted'] });
});
