import { expect, test } from 'vitest';
import { defaultScaling } from '../../../shared/pool-defaults.ts';
import { poolRow, runnerRow } from '../../testing/rows.ts';
import { describeOccupancy, occupancyOf, occupancySentence, takenPlaces } from './occupancy.ts';

const pool = poolRow({ lifecycle: { mode: 'auto', idleTimeoutMs: 300_000 }, scaling: defaultScaling });
const runners = [
  runnerRow({ name: 'arm-1', state: 'busy' }),
  runnerRow({ name: 'arm-2', state: 'idle' }),
  runnerRow({ name: 'arm-3', state: 'failed' }),
  runnerRow({ name: 'arm-4', state: 'removing' }),
];

test('counts what they do; a failed one keeps its place, one that leaves does not', () => {
  const occupancy = occupancyOf(pool, runners);
  expect(occupancy).toEqual({ busy: 1, idle: 1, coming: 0, leaving: 1, stopped: 0, failed: 1, maximum: 4 });
  expect(takenPlaces(occupancy)).toBe(3);
  expect(describeOccupancy(occupancy)).toBe('4 places: 1 busy, 1 idle, 1 leaving, 1 failed, 1 free');
});

test('says how many there are of how many, and what waits', () => {
  const occupancy = occupancyOf(pool, runners);
  expect(occupancySentence(pool, occupancy, { demand: 3 })).toBe('2 of at most 4 runners; 3 jobs wait');
  expect(occupancySentence(pool, occupancy, undefined)).toBe('2 of at most 4 runners; nothing waits');
  const manual = poolRow();
  expect(occupancySentence(manual, occupancyOf(manual, runners), { demand: 1 })).toBe(
    '2 runners; 1 job waits',
  );
  expect(occupancyOf(manual, runners).maximum).toBe(3);
});
