import { expect, test } from 'vitest';
import { repairsOfHold } from './hold-repairs.ts';
import type { Hold } from './model.ts';
import { defaultScaling } from './pool-defaults.ts';

const pool = { id: 'p1', name: 'arm', scaling: defaultScaling };
const repairs = (kind: Hold['kind'], jobs = 1, of = pool) => repairsOfHold({ kind, sentence: '' }, of, jobs);

test('a maximum is raised by what waits, a few at a time and never beyond what a pool may have', () => {
  expect(repairs('pool-maximum', 2)).toEqual([
    { kind: 'raise-maximum', title: 'Raise the maximum of arm to 6', poolId: 'p1', maxRunners: 6 },
  ]);
  expect(repairs('pool-maximum', 90)).toMatchObject([{ maxRunners: 8 }]);
  expect(repairs('pool-maximum', 2, { ...pool, scaling: { ...defaultScaling, maxRunners: 200 } })).toEqual(
    [],
  );
});

test('a pause is ended, a setting is changed, a fault is looked at', () => {
  expect(repairs('paused')).toMatchObject([{ kind: 'resume-pool', poolId: 'p1' }]);
  expect(repairs('hours')).toMatchObject([{ path: '/pools/p1' }]);
  expect(repairs('memory')).toMatchObject([{ title: 'Choose a smaller size' }]);
  expect(repairs('failing')).toMatchObject([{ path: '/runners?state=failed' }]);
  expect(repairs('quitting')).toMatchObject([{ kind: 'cancel-quit' }]);
  expect(repairs('disk')).toEqual([]);
});
