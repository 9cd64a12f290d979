/** The monitor on a clock of its own, over real processes, records and database. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { TracksideError } from '../../../shared/errors.ts';
import type { HealthCheck, Runner } from '../../../shared/model.ts';
import { defaultSettings } from '../../../shared/pool-defaults.ts';
import { type BoardPublisher, createBoard } from '../../board.ts';
import { type HistoryDatabase, openHistoryDatabase } from '../../history/database.ts';
import { createManualClock, type ManualClock } from '../../platform/clock.ts';
import { createProcessTable } from '../../platform/processes.ts';
import { openRecords, type Records } from '../../platform/records.ts';
import { createRunnerEntry } from '../entry.ts';
import { type RunnerRecord, runnerRecordSchema } from '../record.ts';
import { createAvailability } from './availability.ts';
import { readHostFacts } from './host-facts.ts';
import { createHealthMonitor, type HealthMonitor, type WatchedRunner } from './monitor.ts';
import { idleRecord, testNow } from './testing.ts';
import { createVersionDeadlines } from './version-deadlines.ts';

const second = 1000;
const minute = 60 * second;

let folder: string;
let clock: ManualClock;
let board: BoardPublisher;
let database: HistoryDatabase;
let records: Records<RunnerRecord>;
let monitor: HealthMonitor;
let lives: WatchedRunner[];
let children: ChildProcess[];
let unhealthy: string[];
let asked: string[];
let refreshed: string[];
let answer: () => Promise<number | null>;
let passes: number;
const table = createProcessTable();
const witness = { onTransition() {}, onRegistered() {} };

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'health-'));
  clock = createManualClock(testNow);
  const panel = {
    now: testNow,
    version: '0',
    demo: false,
    host: null,
    load: null,
    tokenStore: 'memory',
  } as const;
  const rest = { dataFolder: folder, settings: defaultSettings, surroundings: null, quitting: null };
  board = createBoard({ ...panel, ...rest }, clock);
  database = openHistoryDatabase({ path: join(folder, 'history.db'), clock, onDamaged() {} });
  records = await openRecords({
    folder: join(folder, 'runners'),
    schema: runnerRecordSchema,
    now: () => clock.now(),
  });
  [lives, children, unhealthy, asked, refreshed, passes] = [[], [], [], [], [], 0];
  answer = async () => null;
  monitor = createHealthMonitor({
    board,
    runners: {
      all: () => [...lives],
      get(runnerId) {
        const live = lives.find(({ entry }) => entry.id === runnerId);
        if (!live) throw new TracksideError('UNKNOWN', 'This runner is not there any more.');
        return live;
      },
    },
    listProcesses() {
      passes += 1;
      return table.list();
    },
    hostFacts: () => readHostFacts(folder),
    availability: createAvailability({ database, clock, listenerEndedAt: () => null }),
    versionDeadlines: createVersionDeadlines({
      ask(repositoryId, version) {
        asked.push(`${repositoryId} ${version}`);
        return answer();
      },
      clock,
    }),
    clockSkewMs: () => null,
    refresh: async (repositoryId) => void refreshed.push(repositoryId),
    onUnhealthy: (runnerId, { id }) => unhealthy.push(`${runnerId}: ${id}`),
    clock,
    onFault(error) {
      throw error;
    },
  });
  lookAtForge();
});
afterEach(async () => {
  monitor.dispose();
  for (const { pid } of children) endSession(pid);
  database.dispose();
  await rm(folder, { recursive: true });
});

function endSession(pid = 0): void {
  table.signalGroup(pid, 'SIGKILL');
}

/** Waits until so many processes of a session live. */
async function sessionHas(count: number, session = 0): Promise<void> {
  const members = async () => (await table.list()).filter(({ sessionId }) => sessionId === session);
  while ((await members()).length !== count);
}

/** A runner whose listener is a real process that sleeps. */
async function add(id: string, change: Partial<Runner> = {}): Promise<WatchedRunner> {
  // As a shim does: it leads a session in which the listener is.
  const child = spawn('/bin/sh', ['-c', 'sleep 1000; exit'], { stdio: 'ignore', detached: true });
  children.push(child);
  await once(child, 'spawn');
  await sessionHas(2, child.pid);
  const info = await table.find(child.pid ?? 0);
  if (!info) throw new Error('no process');
  const record = idleRecord({ ...change, pid: info.pid, stateSince: clock.now() });
  const named = { ...record, id, runner: { ...record.runner, id } };
  const entry = createRunnerEntry(named, { records, board, clock, witness });
  const { pid, startToken } = info;
  const process = { pid, groupId: pid, startToken, startedAt: clock.now() };
  const watched: WatchedRunner = { entry, supervision: () => ({ process }) };
  lives.push(watched);
  // As its first change after it is known.
  entry.show({});
  return watched;
}

function lookAtForge(): void {
  board.set('repositories', 'repository-1', {
    ...{ id: 'repository-1', connectionId: 'c', fullName: 'octo/forge', visibility: 'private' },
    ...{ defaultBranch: 'main', webUrl: 'https://github.com/octo/forge' },
    ...{ checkedAt: clock.now(), problem: null, watch: null },
  });
}

/** Somebody looks at the panel. @returns ends it */
async function enter(): Promise<() => void> {
  const leaving = new AbortController();
  const events = board.watch(leaving.signal);
  await events.next();
  void events.next();
  return () => leaving.abort();
}

const checkOf = (runnerId: string, id: HealthCheck['id']): HealthCheck | undefined =>
  board.current().health[runnerId]?.checks.find((check) => check.id === id);
/** Time goes by while the forge is looked at every half minute. */
async function pass(durationMs: number): Promise<void> {
  for (let left = durationMs; left > 0; left -= 30 * second) {
    lookAtForge();
    await clock.advance(Math.min(left, 30 * second));
    await monitor.checkAll();
  }
}

test('one pass over the process table serves all runners', async () => {
  for (let number = 1; number <= 5; number += 1) await add(`runner-${number}`);
  passes = 0;
  await monitor.checkAll();
  expect(passes).toBe(1);
  expect(Object.keys(board.current().health)).toHaveLength(5);
  expect(checkOf('runner-3', 'process')?.status).toBe('ok');
});

test('they are checked every 30 s, and soon after one has changed', async () => {
  const { entry } = await add('runner-1');
  const before = clock.now();
  const leave = await enter();
  const checked = board.when(
    ({ health }) => (health['runner-1']?.checks[0]?.checkedAt ?? 0) >= before + 30_000,
  );
  await clock.advance(30 * second);
  await checked;
  await entry.move('reconnecting', 'Lost the forge.');
  const told = board.when(() => checkOf('runner-1', 'listener')?.status === 'warning');
  await clock.advance(second);
  await told;
  leave();
  expect(checkOf('runner-1', 'listener')?.detail).toMatch(/lost GitHub \d s ago/);
});

test('while nobody looks, only news are shown; who comes in sees the present', async () => {
  const { entry } = await add('runner-1');
  const shownAt = () => checkOf('runner-1', 'process')?.checkedAt;
  const shown = board.when(() => shownAt() !== undefined);
  await clock.advance(second);
  await shown;
  await pass(2 * minute);
  expect(shownAt()).toBe(testNow + second);
  await entry.note({ restarts: { count: 1, redeploys: 0, at: testNow, reason: 'It was killed.' } });
  await monitor.checkAll();
  expect(shownAt()).toBe(testNow + 2 * minute + second);
  await clock.advance(10 * second);
  const fresh = board.when(() => shownAt() === clock.now());
  const leave = await enter();
  await fresh;
  leave();
});

test('a process that is gone is told, and acted on when nobody has noticed it for 30 s', async () => {
  await add('runner-1');
  await monitor.checkAll();
  const [child] = children;
  const gone = child && once(child, 'exit');
  endSession(child?.pid);
  await gone;
  await sessionHas(0, child?.pid);
  await monitor.checkAll();
  expect(checkOf('runner-1', 'process')?.status).toBe('warning');
  expect(unhealthy).toEqual([]);
  await clock.advance(30 * second);
  await monitor.checkAll();
  expect(checkOf('runner-1', 'process')).toMatchObject({
    status: 'failed',
    detail: expect.stringContaining('ended unnoticed'),
  });
  expect(unhealthy).toContain('runner-1: process');
});

test('a shim that was killed is told, and its listener left alone', async () => {
  await add('runner-1');
  const [child] = children;
  const gone = child && once(child, 'exit');
  child?.kill('SIGKILL');
  await gone;
  await pass(2 * minute);
  expect(checkOf('runner-1', 'process')).toMatchObject({
    status: 'warning',
    detail: expect.stringContaining('the listener goes on'),
  });
  expect(unhealthy).toEqual([]);
});

test('idle here but offline there for more than five minutes: stuck; a busy one is left alone', async () => {
  await add('idle', { forgeStatus: 'offline' });
  const { entry } = await add('busy', { forgeStatus: 'offline' });
  await entry.move('busy', 'Runs “build”.');
  await pass(5 * minute);
  expect(checkOf('idle', 'forge')?.status).toBe('warning');
  expect(unhealthy).toEqual([]);
  await pass(2 * minute);
  expect(checkOf('idle', 'forge')?.status).toBe('failed');
  expect(checkOf('busy', 'forge')?.status).toBe('warning');
  expect(new Set(unhealthy)).toEqual(new Set(['idle: forge']));
});

test('a forge that falls silent makes nobody stuck', async () => {
  await add('runner-1', { forgeStatus: 'offline' });
  await pass(minute);
  await clock.advance(8 * minute);
  await monitor.checkAll();
  expect(checkOf('runner-1', 'forge')?.status).toBe('unknown');
  expect(unhealthy).toEqual([]);
});

test('the version’s end is asked for once a day for all who run it, and an hour after a failure', async () => {
  const deadline = testNow + 20 * 24 * 60 * minute;
  await add('runner-1');
  await add('runner-2');
  answer = () => Promise.reject(new Error('offline'));
  await pass(50 * minute);
  expect(asked).toEqual(['repository-1 2.336.0']);
  answer = async () => deadline;
  await pass(12 * minute);
  expect(asked).toHaveLength(2);
  const rows = await board.when(({ runners }) =>
    Object.values(runners).every(({ versionDeadline }) => versionDeadline === deadline),
  );
  expect(Object.keys(rows.runners)).toHaveLength(2);
  await pass(30 * minute);
  expect(asked).toHaveLength(2);
  expect(checkOf('runner-2', 'version')?.status).toBe('warning');
});

test('a person’s check looks at the forge as well; a runner that is gone leaves no row', async () => {
  const { entry } = await add('runner-1');
  await monitor.check('runner-1');
  expect(refreshed).toEqual(['repository-1']);
  expect(board.current().health['runner-1']?.checks).toHaveLength(7);
  lives = [];
  await entry.forget();
  expect(board.current().health).toEqual({});
  await expect(monitor.check('runner-1')).rejects.toMatchObject({ code: 'UNKNOWN' });
});

test('restarts and availability are told with the checks', async () => {
  const { entry } = await add('runner-1');
  await entry.note({ restarts: { count: 2, redeploys: 0, at: testNow, reason: 'It was killed.' } });
  await pass(2 * minute);
  await monitor.check('runner-1');
  expect(board.current().health['runner-1']).toMatchObject({
    restarts: 2,
    lastRestart: { at: testNow, reason: 'It was killed.' },
    availability: [{ upMs: 2 * minute, downMs: 0 }],
  });
});
