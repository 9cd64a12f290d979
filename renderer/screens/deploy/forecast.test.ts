import { expect, test } from 'vitest';
import { gigabyte, presets } from '../../../shared/sizes.ts';
import { describeTakes, overcommitment } from './forecast.ts';

test.each([
  [3, 3, 'cores', null],
  [3, 1, 'cores', null],
  [3, 4, 'cores', '1 runner more than fit. Jobs will share cores and take longer.'],
  [3, 200, 'disk', '197 runners more than fit. The disk may fill up while jobs run.'],
  [
    0,
    1,
    'memory',
    'Not even one standard runner fits beside what runs now. Jobs may run out of memory when all of them work at once.',
  ],
] as const)('of %d that fit, %d bound by %s', (fits, count, bound, sentence) => {
  expect(overcommitment({ fits, bound, size: presets.standard }, count)).toBe(sentence);
});

test('says what is taken', () => {
  const plan = { diskPerRunnerBytes: 310 * 1024 ** 2, totalCores: 16 };
  expect(describeTakes(plan, presets.standard, 3, 62 * gigabyte)).toEqual({
    disk: 'about 930 MB, and what jobs write',
    cores: '12 of 16',
    memory: '24 of 62 GB',
  });
  expect(describeTakes(plan, presets.small, 200, null)).toMatchObject({
    disk: 'about 60.5 GB, and what jobs write',
    memory: '400 GB',
  });
});
