import { expect, test } from 'vitest';
import { defaultScaling } from '../../../shared/pool-defaults.ts';
import { poolRow, runnerRow } from '../../testing/rows.ts';
import { occupancyAmong } from './pool-headline.ts';
import { whyNotOneMore } from './use-pool-actions.ts';

const auto = poolRow({
  lifecycle: { mode: 'auto', idleTimeoutMs: 300_000 },
  scaling: { ...defaultScaling, maxRunners: 1 },
});
const one = [runnerRow()];

test('one more can be started where there is a place, or where a person decides how many there are', () => {
  expect(whyNotOneMore(auto, occupancyAmong(auto, []))).toBeNull();
  expect(whyNotOneMore(auto, occupancyAmong(auto, one))).toContain('raise the maximum');
  const manual = poolRow({ scaling: auto.scaling });
  expect(whyNotOneMore(manual, occupancyAmong(manual, one))).toBeNull();
  const paused = { ...auto, paused: true };
  expect(whyNotOneMore(paused, occupancyAmong(paused, []))).toContain('resume');
});
