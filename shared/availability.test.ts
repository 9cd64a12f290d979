import { expect, test } from 'vitest';
import { describeAvailability } from './availability.ts';

const hour = 3_600_000;
const day = (upMs: number, downMs: number) => ({ day: '2026-11-24', upMs, downMs });

test.each([
  ['never meant to run', [], 'It has not been meant to run yet.'],
  ['always up', [day(24 * hour, 0)], 'Available 100 % of 1 d: the target of 99.5 % is met.'],
  ['just enough', [day(995, 5)], 'Available 99.5 % of 1 s: the target of 99.5 % is met.'],
  [
    'a little too little never reads as the target',
    [day(99_499 * 1000, 501_000)],
    'Available 99.49 % of 1 d 3 h: the target of 99.5 % is missed by 1 s.',
  ],
  [
    'days count together',
    [day(24 * hour, 0), day(23 * hour, hour)],
    'Available 97.91 % of 2 d: the target of 99.5 % is missed by 45 min.',
  ],
])('%s', (_what, days, sentence) => {
  expect(describeAvailability(days)).toBe(sentence);
});
