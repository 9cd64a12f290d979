import { expect, test } from 'vitest';
import type { Pool, PoolState } from '../../../shared/model.ts';
import { boardWith, jobRow, poolRow, poolStateRow } from '../../testing/rows.ts';
import { heldPhrase, servingPool } from './serving-pool.ts';

const auto = { mode: 'auto', idleTimeoutMs: 300_000 } as const;
const gpu = poolRow({ id: 'gpu', name: 'gpu', labels: ['GPU'], lifecycle: auto });
const plain = poolRow({ id: 'plain', name: 'plain', lifecycle: auto });
const found = (labels: string[], pools: Pool[], poolStates: PoolState[], missing: string[] = []) => {
  const wait = { kind: 'no-runner', missing, nearest: null, sentence: '' } as const;
  return servingPool(jobRow({ labels, wait }), boardWith({ pools, poolStates }))?.pool.id ?? null;
};

test('a job belongs to a pool that has all its labels and something to do', () => {
  const states = [poolStateRow({ id: 'gpu', demand: 1 }), poolStateRow({ id: 'plain', demand: 1 })];
  expect(found(['self-hosted', 'gpu'], [gpu, plain], states)).toBe('gpu');
  expect(found(['self-hosted', 'tpu'], [gpu, plain], states)).toBeNull();
  expect(found(['self-hosted'], [plain], [poolStateRow({ id: 'plain', demand: 0 })])).toBeNull();
});

test('a manual pool, another repository or another kind of machine do not serve it', () => {
  const states = [poolStateRow({ id: 'plain', demand: 1 })];
  expect(found([], [poolRow({ id: 'plain' })], states)).toBeNull();
  expect(found([], [{ ...plain, repositoryId: 'r2' }], states)).toBeNull();
  expect(found(['windows'], [plain], states, ['windows'])).toBeNull();
});

test('a pool that can go on is named before one that is held back', () => {
  const hold = { kind: 'pool-maximum', sentence: '' } as const;
  const states = [poolStateRow({ id: 'gpu', demand: 1, hold }), poolStateRow({ id: 'plain', demand: 1 })];
  expect(found([], [gpu, plain], states)).toBe('plain');
});

test('what holds a pool back ends a sentence', () => {
  const held = (kind: NonNullable<PoolState['hold']>['kind']) =>
    heldPhrase({ pool: plain, state: poolStateRow({ hold: { kind, sentence: '' } }) });
  expect(held('pool-maximum')).toBe('plain has as many runners as it may');
  expect(held('battery')).toBe('plain pauses on battery');
  expect(heldPhrase({ pool: plain, state: poolStateRow() })).toBeNull();
});
