import { expect, test } from 'vitest';
import type { PoolState } from '../../../shared/model.ts';
import { poolRow, poolStateRow, runnerRow } from '../../testing/rows.ts';
import { occupancyAmong, poolHeadline, poolsHeadline } from './pool-headline.ts';

const auto = poolRow({ lifecycle: { mode: 'auto', idleTimeoutMs: 300_000 } });
const busy = runnerRow({ name: 'arm-1', state: 'busy' });
const words = (clauses: { text: string }[]): string => clauses.map(({ text }) => text).join(' ');
const one = (pool = auto, runners = [busy], state: PoolState | undefined = undefined): string =>
  words(poolHeadline(pool, state, occupancyAmong(pool, runners)));

test('a pool that begins without a runner is ready', () => {
  expect(one(auto, [])).toBe('arm: ready. The first runner starts when a job waits.');
  expect(one(poolRow(), [])).toBe('arm: no runner is there.');
});

test('a pool says what runs, what comes, and what waits', () => {
  expect(one(auto, [busy, runnerRow({ name: 'arm-2' })], poolStateRow({ demand: 2 }))).toBe(
    'arm: 1 job runs on 2 runners. 2 jobs wait.',
  );
  expect(one(auto, [runnerRow({ state: 'starting' })])).toBe('arm: 1 runner is coming.');
  expect(one({ ...auto, paused: true }, [], poolStateRow({ demand: 1 }))).toBe('arm is paused. 1 job waits.');
});

test('jobs wait in amber only where something holds the pool back', () => {
  const hold = { kind: 'cores', sentence: 'All cores are taken.' } as const;
  const tone = (state: PoolState) => poolHeadline(auto, state, occupancyAmong(auto, [busy])).at(-1)?.tone;
  expect(tone(poolStateRow({ demand: 1, hold }))).toBe('wait');
  expect(tone(poolStateRow({ demand: 1 }))).toBe('plain');
});

test('all pools together', () => {
  const two = [auto, poolRow({ id: 'p2', name: 'gpu', paused: true })];
  const held = { p1: poolStateRow({ hold: { kind: 'disk', sentence: '' } }) };
  expect(words(poolsHeadline([], {}, []))).toBe('No pool yet');
  expect(words(poolsHeadline(two, {}, [busy]))).toBe('1 job runs in 2 pools. gpu is paused.');
  expect(words(poolsHeadline([auto], held, []))).toBe('1 pool: no runner is there. arm is held back.');
});
