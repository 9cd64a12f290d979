/** The queue on a board: what the looks of the watch and the changes of our own become. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Change } from '../../../shared/board.ts';
import type { Job, Wait } from '../../../shared/model.ts';
import { defaultSettings } from '../../../shared/pool-defaults.ts';
import { type BoardPublisher, createBoard } from '../../board.ts';
import type { Forge, ForgeJob, ForgeRunner, RunSight } from '../../forges/forge.ts';
import { testPool, testRunner } from '../../forges/testing.ts';
import type { RepositorySight } from '../../forges/watch.ts';
import { type HistoryDatabase, openHistoryDatabase } from '../../history/database.ts';
import { createManualClock, type ManualClock } from '../../platform/clock.ts';
import type { WakeCause } from '../../platform/wakefulness.ts';
import { createQueue, type Queue } from './queue.ts';

const labels = ['self-hosted', 'Linux', 'ARM64'];
const start = Date.UTC(2026, 10, 24, 12);
let folder: string;
let clock: ManualClock;
let board: BoardPublisher;
let database: HistoryDatabase;
let queue: Queue;
let forge: Partial<Forge>;
let wake: (cause: WakeCause) => void;

const openDatabase = (): HistoryDatabase =>
  openHistoryDatabase({ path: join(folder, 'history.db'), clock, onDamaged: () => {} });
const openQueue = (): Queue =>
  createQueue({
    ...{ board, clock, database, defaultLabels: labels },
    isOurs: (_, name) => name.startsWith('arm-'),
    forgeOf: () => ({ forge: forge as Forge, fullName: 'octo/forge' }),
    meterOf: () => undefined,
    wakefulness: {
      onWake(callback) {
        wake = callback;
        return () => {};
      },
    },
    onFault(error) {
      throw error;
    },
  });

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'trackside-queue-'));
  clock = createManualClock(start);
  board = createBoard(
    {
      ...{ now: start, version: '0', demo: false, host: null, load: null, tokenStore: 'memory' },
      ...{ dataFolder: folder, settings: defaultSettings, surroundings: null, quitting: null },
    },
    clock,
  );
  for (const id of ['r', 's']) {
    board.set('repositories', id, {
      ...{ id, connectionId: 'c', fullName: 'octo/forge', visibility: 'private', defaultBranch: 'main' },
      ...{ webUrl: 'https://github.com/octo/forge', checkedAt: null, problem: null, watch: null },
    });
  }
  forge = {
    editPage: (repository, branch, path) => `https://github.com/${repository}/edit/${branch}/${path}`,
  };
  database = openDatabase();
  queue = openQueue();
});

afterEach(async () => {
  queue.dispose();
  database.dispose();
  await rm(folder, { recursive: true, force: true });
});

function job(id: number, asked: string[], over: Partial<ForgeJob> = {}): ForgeJob {
  return {
    ...{ id, runId: Math.abs(id) + 1000, runAttempt: 1, name: 'build', workflow: 'CI' },
    ...{
      workflowPath: '.github/workflows/ci.yml',
      branch: 'main',
      headSha: 'abc',
      event: 'push',
      actor: 'mona',
    },
    ...{ labels: asked, status: 'queued', queuedAt: start - 60_000 + id, startedAt: null },
    ...{ runnerName: null, runnerId: null, url: `https://github.com/octo/forge/actions/jobs/${id}` },
    ...over,
  };
}

function runner(id: number, name: string, over: Partial<ForgeRunner> = {}): ForgeRunner {
  return {
    id,
    name,
    os: 'linux',
    status: 'online',
    busy: false,
    labels,
    version: '2.336.0',
    ephemeral: false,
    ...over,
  };
}

function see(jobs: ForgeJob[], runners: ForgeRunner[] = [], over: Partial<RepositorySight> = {}): void {
  queue.seen('r', { jobs, runners, groups: null, status: null, ...over });
}

const running = (id: number, runnerName: string, startedAt: number): ForgeJob =>
  job(id, labels, { status: 'in_progress', runnerName, startedAt });
const waits = (): Wait[] => Object.values(board.current().waits);
const rowOf = (id: number): Job | undefined => board.current().jobs[`r/${id}`];
const waitOf = (id: number): Wait | undefined => board.current().waits[rowOf(id)?.waitId ?? ''];
const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

function changesDuring(work: () => void): Change[] {
  const changes: Change[] = [];
  const stop = board.onChange((change) => changes.push(change));
  work();
  stop();
  return changes;
}

test('jobs with the same cause share one row, which counts them and begins with the first', () => {
  see(
    [job(1, ['self-hosted', 'gpu']), job(2, ['gpu', 'SELF-HOSTED']), job(3, ['Linux', 'gpu'])],
    [runner(1, 'box-1')],
  );
  expect(waits()).toHaveLength(1);
  expect(waitOf(3)).toMatchObject({
    ...{ kind: 'label-missing', missing: ['gpu'], jobs: 3, since: start - 59_999 },
    title: '3 jobs wait for a runner with label `gpu`',
    sentence: 'No runner has label `gpu`.',
  });
  expect(rowOf(1)).toMatchObject({
    status: 'queued',
    position: 1,
    estimate: null,
    runId: 1001,
    actor: 'mona',
  });
});

test('a second look that saw the same publishes nothing', () => {
  const jobs = [job(1, ['gpu']), running(2, 'box-1', start - 1000)];
  const runners = [runner(1, 'box-1', { busy: true })];
  see(jobs, runners);
  expect(changesDuring(() => see([...jobs], [...runners]))).toEqual([]);
});

test('the id of a cause stays while its words and its jobs change, and another cause has another', () => {
  see([job(1, labels)], [runner(1, 'box-1', { status: 'offline' })]);
  const before = waitOf(1)?.id;
  see(
    [job(1, labels), job(2, labels)],
    [runner(1, 'box-1', { status: 'offline' }), runner(2, 'box-2', { status: 'offline' })],
  );
  expect(waitOf(2)).toMatchObject({ id: before, kind: 'offline', jobs: 2 });
  see([job(1, labels)], [runner(1, 'box-1', { busy: true })]);
  expect(waitOf(1)?.id).not.toBe(before);
  expect(waits()).toHaveLength(1);
});

test('runners of others are shown with their group, ours are not', () => {
  const group = {
    name: 'farm',
    excluded: 'It serves others.',
    runners: [runner(1, 'org-1', { labels: ['gpu'] })],
  };
  see([job(1, ['gpu'])], [runner(1, 'box-1'), runner(2, 'arm-1')], { groups: [group] });
  expect(Object.values(board.current().foreignRunners)).toEqual([
    expect.objectContaining({ id: 'r/1', name: 'box-1', group: null, excluded: null }),
    expect.objectContaining({ id: 'r/farm/1', name: 'org-1', group: 'farm', excluded: 'It serves others.' }),
  ]);
  expect(waitOf(1)?.kind).toBe('group');
});

test('a change of our own is diagnosed without another look', async () => {
  board.set('pools', 'p', testPool({ id: 'p', repositoryId: 'r', name: 'arm' }));
  see([job(1, labels)]);
  expect(waitOf(1)?.kind).toBe('starting');
  const hold = { kind: 'paused', sentence: 'Paused by you.' } as const;
  board.set('poolStates', 'p', { id: 'p', demand: 1, wanted: 0, cause: '', hold, nextAt: null });
  await nextTurn();
  expect(waitOf(1)).toMatchObject({ kind: 'held', repairs: [{ kind: 'resume-pool', poolId: 'p' }] });
  board.set('poolStates', 'p', { id: 'p', demand: 1, wanted: 0, cause: 'x', hold: null, nextAt: 5 });
  await clock.advance(100);
  expect(waitOf(1)?.kind).toBe('starting');
});

test('many changes at once are diagnosed together', async () => {
  see([job(1, labels)]);
  let publications = 0;
  board.onChange((change) => {
    if (change.kind !== 'panel' && change.table === 'waits') publications += 1;
  });
  for (let index = 0; index < 20; index += 1) {
    const id = `arm-${index}`;
    board.set('runners', id, testRunner({ id, repositoryId: 'r', labels, state: 'starting' }));
  }
  await nextTurn();
  expect(waitOf(1)?.kind).toBe('starting');
  expect(publications).toBeLessThanOrEqual(2);
});

test('a job that one of our runners took runs at once, before the forge says so', async () => {
  const idle = testRunner({ id: 'x', repositoryId: 'r', name: 'arm-1', labels });
  board.set('runners', 'x', idle);
  see([job(1, labels)], [runner(1, 'arm-1')]);
  expect(waitOf(1)?.kind).toBe('dispatching');
  board.set('runners', 'x', {
    ...idle,
    state: 'busy',
    job: { name: 'build', startedAt: clock.now(), url: null },
  });
  await nextTurn();
  expect(rowOf(1)).toMatchObject({
    status: 'in_progress',
    runnerName: 'arm-1',
    waitId: null,
    position: null,
  });
  expect(waits()).toEqual([]);
});

test('an idle runner that gets no job becomes a stall when the forge still says so after a minute', async () => {
  see([job(1, labels, { queuedAt: start })], [runner(1, 'box-1')]);
  expect(waitOf(1)?.kind).toBe('dispatching');
  await clock.advance(59_000);
  see([job(1, labels, { queuedAt: start })], [runner(1, 'box-1')]);
  expect(waitOf(1)?.kind).toBe('dispatching');
  await clock.advance(2000);
  see([job(1, labels, { queuedAt: start })], [runner(1, 'box-1')]);
  expect(waitOf(1)).toMatchObject({ kind: 'stalled', passes: false });
});

test('time alone tells of the end after a day, and nobody has to look', async () => {
  see([job(1, ['gpu'])], [runner(1, 'box-1')]);
  expect(waitOf(1)?.failsAt).toBeNull();
  await clock.advance(20 * 3_600_000);
  await nextTurn();
  expect(waitOf(1)).toMatchObject({
    failsAt: start - 59_999 + 24 * 3_600_000,
    sentence: expect.stringContaining('It fails at'),
  });
});

test('a forge that cannot be asked for a minute is told as what is not known', async () => {
  const jobs = [job(1, labels)];
  see(jobs, [runner(1, 'box-1', { busy: true })]);
  const row = board.current().repositories.r;
  if (!row) throw new Error('No repository.');
  const problem = { code: 'NETWORK', message: 'GitHub does not answer.', remedy: null };
  board.set('repositories', 'r', { ...row, problem });
  await nextTurn();
  expect(waitOf(1)?.kind).toBe('all-busy');
  await clock.advance(60_100);
  await nextTurn();
  expect(waitOf(1)).toMatchObject({ kind: 'unknown', repairs: [{ kind: 'open-screen' }] });
});

test('what was asleep and what has left is told', async () => {
  see([job(1, labels)], [runner(1, 'box-1', { busy: true })]);
  wake('sleep');
  see([job(1, labels)], [runner(1, 'box-1', { status: 'offline' })]);
  expect(waitOf(1)?.sentence).toMatch(/box-1 is offline since .* This machine woke from sleep then\./);
  board.set(
    'runners',
    'x',
    testRunner({ id: 'x', repositoryId: 'r', name: 'arm-9', labels: ['gpu'], cause: 'Idle for long.' }),
  );
  board.delete('runners', 'x');
  see([job(2, ['gpu'])], [runner(1, 'box-1')]);
  expect(waitOf(2)?.sentence).toMatch(
    /^arm-9, the last runner with label `gpu`, left at .*: Idle for long\.$/,
  );
});

test('places and estimates come from how long such jobs took, also after a restart', async () => {
  for (let index = 0; index < 3; index += 1) {
    see([running(10 + index, 'box-1', clock.now())], [runner(1, 'box-1', { busy: true })]);
    await clock.advance(230_000);
    see([running(10 + index, 'box-1', clock.now() - 230_000)], [runner(1, 'box-1', { busy: true })]);
    await clock.advance(10_000);
    see([], [runner(1, 'box-1')]);
  }
  queue.dispose();
  database.dispose();
  database = openDatabase();
  queue = openQueue();
  const now = clock.now();
  const line = [running(1, 'box-1', now - 60_000), job(2, labels), job(3, labels), job(4, ['gpu'])];
  see(line, [runner(1, 'box-1', { busy: true })]);
  expect(rowOf(2)).toMatchObject({ position: 1, estimate: { startsAt: now + 180_000 } });
  expect(rowOf(3)).toMatchObject({
    position: 2,
    estimate: { startsAt: now + 420_000, basis: '1 job is before it; it takes about 4 min.' },
  });
  expect(rowOf(4)).toMatchObject({ position: 1, estimate: null });

  await clock.advance(5000);
  see(
    [running(1, 'box-1', now - 55_000), job(2, labels), job(3, labels)],
    [runner(1, 'box-1', { busy: true })],
  );
  expect(rowOf(2)?.estimate?.startsAt, 'hardly moved').toBe(now + 180_000);
  see([running(1, 'box-1', now), job(2, labels), job(3, labels)], [runner(1, 'box-1', { busy: true })]);
  expect(rowOf(2)?.estimate?.startsAt, 'moved by a minute').toBe(now + 240_000);
});

test('without a history nothing is estimated', () => {
  see([running(1, 'box-1', start), job(2, labels)], [runner(1, 'box-1', { busy: true })]);
  expect(rowOf(2)).toMatchObject({ position: 1, estimate: null });
});

const file = `concurrency: deploy
jobs:
  build:
    runs-on: [self-hosted, gppu]
    steps: []
  test:
    needs: build
    runs-on: self-hosted
    steps: []
  ship:
    needs: [test]
    environment: production
    runs-on: self-hosted
    steps: []
`;

test('jobs that only the file knows are listed, and the line to change is known, while somebody looks', async () => {
  const asked: string[] = [];
  forge.file = async (_, path, ref) => {
    asked.push(`${path} ${ref}`);
    return file;
  };
  const jobs = [job(1, ['self-hosted', 'gppu'])];
  see(jobs, [runner(1, 'box-1', { labels: ['self-hosted', 'gpu'] })]);
  await nextTurn();
  expect(asked).toEqual([]);

  const abort = new AbortController();
  const reader = board.watch(abort.signal);
  await reader.next();
  see(jobs, [runner(1, 'box-1', { labels: ['self-hosted', 'gpu'] })]);
  await board.when((now) => now.jobs['r/run-1001/ship'] !== undefined);
  expect(asked).toEqual(['.github/workflows/ci.yml abc']);
  expect(waitOf(1)?.repairs[0]).toEqual({
    kind: 'patch',
    title: 'Show the change of the workflow',
    path: '.github/workflows/ci.yml',
    line: 4,
    before: 'runs-on: [self-hosted, gppu]',
    after: 'runs-on: [self-hosted, gpu]',
    url: 'https://github.com/octo/forge/edit/main/.github/workflows/ci.yml',
  });
  const { jobs: rows, waits: causes } = board.current();
  const ship = rows['r/run-1001/ship'];
  expect(ship).toMatchObject({ jobId: null, name: 'ship', status: 'waiting', labels: ['self-hosted'] });
  expect(causes[ship?.waitId ?? '']).toMatchObject({
    kind: 'needs',
    sentence: 'It comes after `test`, which has not ended.',
  });
  see([job(2, ['self-hosted'], { status: 'pending' })]);
  expect(waitOf(2)).toMatchObject({ kind: 'concurrency', sentence: expect.stringContaining('`deploy`') });
  expect(asked).toHaveLength(1);
  abort.abort();
  await reader.return(undefined);
});

test('what a run is held for is asked, a question a minute while nobody looks', async () => {
  const looks: number[] = [];
  forge.runReader = (_, runId) => ({
    async look() {
      looks.push(runId);
      const gates = [{ environment: 'production', reviewers: ['mona'], canApprove: true, waitsUntil: null }];
      return { gates, jobs: [], artifacts: [], isNews: true } as unknown as RunSight;
    },
  });
  const jobs = [job(1, labels, { status: 'waiting' }), job(2, labels, { status: 'waiting' })];
  see(jobs);
  expect(waitOf(1)?.kind).toBe('protection');
  await board.when(() => waits().some(({ kind }) => kind === 'approval'));
  expect(looks).toHaveLength(1);
  await clock.advance(61_000);
  await board.when(() => waits().filter(({ kind }) => kind === 'approval').length === 2);
  expect(looks).toEqual([1001, 1002]);
});

test('a repository that is left takes its rows with it, and only its own', () => {
  see([job(1, ['gpu'])], [runner(1, 'box-1')]);
  queue.seen('s', { jobs: [job(1, ['gpu'])], runners: [runner(1, 'box-1')], groups: null, status: null });
  queue.left('r');
  const { jobs, waits: causes, foreignRunners } = board.current();
  expect(Object.keys(jobs)).toEqual(['s/1']);
  expect(Object.values(causes).map(({ repositoryId }) => repositoryId)).toEqual(['s']);
  expect(Object.keys(foreignRunners)).toEqual(['s/1']);
});
