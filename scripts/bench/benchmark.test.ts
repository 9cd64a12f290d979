import { expect, test } from 'vitest';
import { formatTable, judge, median, percentile, reaches } from './benchmark.ts';

test('a figure reaches its target, misses it, or is missing', () => {
  expect([4, 4.1, 3.99].map((value) => reaches(value, { atLeast: 4 }))).toEqual([true, true, false]);
  expect([0.09, 0.1].map((value) => reaches(value, { below: 0.1 }))).toEqual([true, false]);
  expect(reaches(Number.NaN, { below: 1 })).toBe(false);
  expect(reaches(undefined, { below: 1 })).toBe(false);
  expect(reaches(0, { is: 0 })).toBe(true);
  expect(reaches(1, { is: 0 })).toBe(false);
});

test('all targets must be met, and the table says which was not', () => {
  const outcome = judge('x', {
    figures: { ratio: 3.5, share: 0.0123 },
    targets: { ratio: { atLeast: 4 }, share: { below: 0.1 } },
  });
  expect(outcome.met).toBe(false);
  expect(formatTable(outcome)).toMatch(
    /ratio +3\.50 +MISSED: at least 4\n +share +0\.0123 +met: below 0\.1$/,
  );
});

test('the median is the middle, or between the middle two', () => {
  expect(median([3, 1, 2])).toBe(2);
  expect(median([4, 1, 2, 3])).toBe(2.5);
  expect(median([])).toBeNaN();
});

test('a percentile is a value that was measured, the largest for all of them', () => {
  const values = Array.from({ length: 100 }, (_, index) => 100 - index);
  expect([0.5, 0.95, 1].map((share) => percentile(values, share))).toEqual([50, 95, 100]);
  expect(percentile([7], 0.5)).toBe(7);
  expect(percentile([], 0.5)).toBeNaN();
});
