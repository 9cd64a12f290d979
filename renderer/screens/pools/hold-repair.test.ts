import { expect, test } from 'vitest';
import type { Hold } from '../../../shared/model.ts';
import { defaultScaling } from '../../../shared/pool-defaults.ts';
import { poolRow } from '../../testing/rows.ts';
import { repairOfHold } from './hold-repair.ts';

const pool = poolRow({ scaling: defaultScaling });
const repair = (kind: Hold['kind'], demand = 1, of = pool) =>
  repairOfHold({ kind, sentence: '' }, of, { demand });

test('a maximum is raised by what waits, a few at a time and never beyond what a pool may have', () => {
  expect(repair('pool-maximum', 2)).toEqual({ kind: 'raise', label: 'Raise the maximum to 6', maximum: 6 });
  expect(repair('pool-maximum', 90)).toMatchObject({ maximum: 8 });
  const full = poolRow({ scaling: { ...defaultScaling, maxRunners: 200 } });
  expect(repair('pool-maximum', 2, full)).toBeNull();
});

test('a pause is ended, a setting is changed, a fault is looked at', () => {
  expect(repair('paused')).toMatchObject({ kind: 'resume' });
  expect(repair('hours')).toMatchObject({ href: '#/pools/p1' });
  expect(repair('memory')).toMatchObject({ label: 'Choose a smaller size' });
  expect(repair('failing')).toMatchObject({ href: '#/runners?state=failed' });
  expect(repair('quitting')).toMatchObject({ kind: 'cancel-quit' });
  expect(repair('disk')).toBeNull();
});
