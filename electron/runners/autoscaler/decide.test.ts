import { expect, test } from 'vitest';
import { decideScale } from './decide.ts';
import type { ScalableRunner, ScalableState, ScaleInput } from './scaling.ts';

const second = 1000;
const minute = 60 * second;
const now = Date.UTC(2026, 10, 24, 12);
const cores = { kind: 'cores', sentence: '2 of 2 cores are in use by runners; another needs 1.' } as const;
const battery = { kind: 'battery', sentence: 'This machine runs on battery.' } as const;

function runner(id: string, state: ScalableState, agoMs = 0, keptMs: number | null = null): ScalableRunner {
  return { id, state, since: now - agoMs, keptUntil: keptMs === null ? null : now + keptMs };
}

function decide(change: Partial<ScaleInput>) {
  return decideScale({
    policy: 'balanced',
    minRunners: 0,
    maxRunners: 8,
    now,
    mode: 'auto',
    idleTimeoutMs: 5 * minute,
    queuedAt: [],
    runners: [],
    lastJobEndedAt: null,
    room: { count: 100, hold: null },
    pause: null,
    ...change,
  });
}
const waiting = (count: number, forMs = second): number[] => Array.from({ length: count }, () => now - forMs);
const busy = (count: number): ScalableRunner[] =>
  Array.from({ length: count }, (_, index) => runner(`busy-${index}`, 'busy', minute));

test('an empty pool without jobs stays empty', () => {
  expect(decide({})).toEqual({
    wanted: 0,
    start: 0,
    stopsAt: new Map(),
    retire: [],
    cause: 'Nothing waits.',
    hold: null,
    nextAt: null,
  });
});

test('lazy starts one runner once a job has waited for 30 s', () => {
  const lazy = { policy: 'lazy' } as const;
  expect(decide({ ...lazy, queuedAt: waiting(3, 10 * second) })).toMatchObject({
    start: 0,
    nextAt: now + 20 * second,
    cause: '3 jobs wait; a runner starts after 30 s of waiting.',
  });
  expect(decide({ ...lazy, queuedAt: waiting(3, 30 * second) })).toMatchObject({
    start: 1,
    wanted: 1,
    cause: '3 jobs wait; 1 runner starts.',
  });
  for (const state of ['coming', 'idle'] as const) {
    const one = [runner('a', state)];
    expect(decide({ ...lazy, queuedAt: waiting(3, minute), runners: one }).start).toBe(0);
  }
});

test('balanced starts as many as jobs wait beyond those that are coming or idle', () => {
  const runners = [runner('a', 'coming'), runner('b', 'idle'), ...busy(1)];
  expect(decide({ queuedAt: waiting(4), runners })).toMatchObject({
    start: 2,
    wanted: 5,
    cause: '4 jobs wait; 2 runners start.',
  });
});

test('balanced keeps one runner warm for 10 minutes after the last job', () => {
  const runners = [runner('old', 'idle', 3 * minute), runner('new', 'idle', minute)];
  const decision = decide({ runners, lastJobEndedAt: now - minute });
  expect(Object.fromEntries(decision.stopsAt)).toEqual({ old: now + 9 * minute, new: now + 4 * minute });
  expect(decision).toMatchObject({
    nextAt: now + 4 * minute,
    cause: 'Nothing waits; 2 runners leave at their deadlines.',
  });
  const late = decide({ runners: [runner('old', 'idle', 2 * minute)], lastJobEndedAt: now - 9 * minute });
  expect(late.stopsAt.get('old')).toBe(now + 3 * minute);
});

test('aggressive starts a quarter more than the jobs that wait or run, rounded up', () => {
  expect(decide({ policy: 'aggressive', queuedAt: waiting(3), runners: busy(2) }).start).toBe(5);
  expect(decide({ policy: 'aggressive', maxRunners: 20, queuedAt: waiting(8) }).start).toBe(10);
});

test('aggressive keeps a spare for every four jobs as long as they or their runners stay', () => {
  const aggressive = { policy: 'aggressive' } as const;
  const spares = [runner('s', 'idle', 60 * minute), runner('t', 'idle', 59 * minute)];
  expect(decide({ ...aggressive, runners: [...busy(5), ...spares] })).toMatchObject({
    retire: [],
    nextAt: null,
    cause: 'Nothing waits, 5 jobs run; 2 spare runners stay.',
  });
  const after = decide({ ...aggressive, runners: [runner('a', 'idle', minute), ...spares] });
  expect(after.stopsAt.get('s')).toBe(now + 14 * minute);
  expect(after.retire).toEqual(['t']);
  const ephemeral = decide({ ...aggressive, mode: 'ephemeral', runners: spares, lastJobEndedAt: now });
  expect(ephemeral.stopsAt.get('t')).toBe(now + 15 * minute);
});

test('spares stay, the longest idle ones, and are started when missing', () => {
  const runners = [runner('b', 'idle', 7 * minute), runner('a', 'idle', 60 * minute)];
  const decision = decide({ minRunners: 1, runners });
  expect(decision.stopsAt.get('a')).toBeNull();
  expect(decision).toMatchObject({
    retire: ['b'],
    wanted: 1,
    cause: 'Nothing waits; 1 spare runner stays, 1 runner leaves.',
  });
  expect(decide({ minRunners: 3, runners })).toMatchObject({
    start: 1,
    retire: [],
    cause: 'Nothing waits; 1 spare runner starts, 2 spare runners stay.',
  });
  expect(decide({ minRunners: 1, runners, queuedAt: waiting(2) }).start).toBe(1);
});

test('a lazy pool whose spare is taken replaces it without patience', () => {
  const input = { policy: 'lazy', minRunners: 1, queuedAt: waiting(2), runners: busy(1) } as const;
  expect(decide(input)).toMatchObject({ start: 1, nextAt: null });
});

test('the last runner leaves at its deadline', () => {
  const early = decide({ runners: [runner('a', 'idle', minute)] });
  expect(early).toMatchObject({
    retire: [],
    wanted: 1,
    nextAt: now + 4 * minute,
    cause: 'Nothing waits; the last runner leaves at its deadline.',
  });
  const due = decide({ runners: [runner('a', 'idle', 5 * minute)] });
  expect(due).toMatchObject({ retire: ['a'], wanted: 0, cause: 'Nothing waits; 1 runner leaves.' });
  expect(due.nextAt).toBeNull();
});

test('no idle runner leaves while a job waits that it could take', () => {
  const decision = decide({ runners: [runner('a', 'idle', 60 * minute)], queuedAt: waiting(1) });
  expect(decision).toMatchObject({
    retire: [],
    start: 0,
    nextAt: null,
    cause: '1 job waits; an idle runner is about to take it.',
  });
});

test('a kept runner stays until then, and longer when it would anyway', () => {
  const kept = [runner('a', 'idle', 60 * minute, 15 * minute), runner('b', 'idle', 0, minute)];
  const { stopsAt, retire } = decide({ runners: kept });
  expect(Object.fromEntries(stopsAt)).toEqual({ a: now + 15 * minute, b: now + 5 * minute });
  expect(retire).toEqual([]);
});

test('the maximum counts all that take a place', () => {
  const runners = [runner('a', 'away'), runner('b', 'leaving'), ...busy(1)];
  expect(decide({ maxRunners: 4, queuedAt: waiting(3), runners })).toMatchObject({
    start: 1,
    wanted: 4,
    hold: {
      kind: 'pool-maximum',
      sentence:
        'The pool has its maximum of 4 runners, 1 of them without taking jobs, 1 of them about to leave.',
    },
  });
  const full = decide({ maxRunners: 1, queuedAt: waiting(1), runners: busy(1) });
  expect(full).toMatchObject({ start: 0, cause: '1 job waits; no more runners can start.' });
  expect(decide({ maxRunners: 1, minRunners: 1, runners: busy(1) }).hold).toBeNull();
});

test('the host bounds what starts, and says so', () => {
  const input = { queuedAt: waiting(3), room: { count: 1, hold: cores } };
  expect(decide(input)).toMatchObject({ start: 1, wanted: 3, hold: cores });
  expect(decide({ room: { count: 0, hold: cores }, minRunners: 1 })).toMatchObject({
    start: 0,
    hold: cores,
    cause: 'Nothing waits; no more spare runners can start.',
  });
  expect(decide({ room: { count: 0, hold: cores } }).hold).toBeNull();
});

test('a lowered maximum sends idle runners away, those with the nearest deadline first, kept ones when that ends', () => {
  const runners = [
    runner('kept', 'idle', 4 * minute, minute),
    runner('old', 'idle', 3 * minute),
    runner('new', 'idle', 0),
    ...busy(1),
  ];
  const decision = decide({ maxRunners: 3, runners, queuedAt: waiting(5) });
  expect(decision).toMatchObject({
    start: 0,
    retire: ['old'],
    wanted: 3,
    cause: 'The pool may have 3 runners and has more; one leaves.',
  });
  expect(decision.stopsAt.get('old')).toBe(now);
  const [kept, , , ...others] = runners;
  const one = kept ? [kept, ...others] : [];
  const later = decide({ maxRunners: 1, runners: one, queuedAt: waiting(5) });
  expect(later).toMatchObject({
    retire: [],
    nextAt: now + minute,
    stopsAt: new Map([['kept', now + minute]]),
  });
});

test('while paused nothing starts, idle runners leave at once and busy ones finish', () => {
  const runners = [runner('a', 'idle', 0, minute), runner('b', 'coming'), ...busy(2)];
  expect(decide({ pause: battery, minRunners: 2, queuedAt: waiting(5), runners })).toEqual({
    wanted: 3,
    start: 0,
    stopsAt: new Map([['a', now]]),
    retire: ['a'],
    cause: 'No new jobs are taken; 2 runners finish their jobs, 1 runner leaves.',
    hold: battery,
    nextAt: null,
  });
});
