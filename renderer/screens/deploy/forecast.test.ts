import { expect, test } from 'vitest';
import { gigabyte, presets } from '../../../shared/sizes.ts';
import { termsOf } from '../pools/terms.ts';
import { countHelp, describeTakes, overcommitment } from './forecast.ts';

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

test('below the number stands what it means and what has room', () => {
  const plan = { fits: 3, suggestedCount: 3 };
  const auto = termsOf(null);
  expect(countHelp(plan, auto, 2)).toBe(
    'Up to 2 at once; none runs while nothing waits. This machine has room for 3 more runners of this size.',
  );
  expect(countHelp({ fits: 9, suggestedCount: 4 }, { ...auto, mode: 'manual' }, 2)).toBe(
    'This machine has room for 9 more runners of this size; 4 suggested.',
  );
  expect(countHelp({ ...plan, fits: 0 }, auto, null)).toBe('');
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
