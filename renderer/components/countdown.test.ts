import { expect, test } from 'vitest';
import { countdownAt, lastSeconds, secondDashes } from './countdown.ts';

const minute = 60_000;

test('the share shrinks evenly from the beginning to the deadline', () => {
  expect(countdownAt(0, 5 * minute, 0)).toEqual({ leftMs: 5 * minute, share: 1, seconds: null });
  expect(countdownAt(0, 5 * minute, 2 * minute)).toMatchObject({ leftMs: 3 * minute, share: 0.6 });
  expect(countdownAt(0, 5 * minute, 5 * minute)).toEqual({ leftMs: 0, share: 0, seconds: 0 });
});

test('a deadline that has passed, or a beginning that is still to come, stays within the ring', () => {
  expect(countdownAt(0, minute, 2 * minute)).toEqual({ leftMs: 0, share: 0, seconds: 0 });
  expect(countdownAt(minute, 2 * minute, 0).share).toBe(1);
  expect(countdownAt(minute, minute, 0).share).toBe(0);
});

test('the last half minute is counted in seconds', () => {
  expect(countdownAt(0, minute, minute - 31_000).seconds).toBeNull();
  expect(countdownAt(0, minute, minute - 30_000).seconds).toBe(30);
  expect(countdownAt(0, minute, minute - 7_400).seconds).toBe(7);
});

test('each second that is left is a stroke, and the strokes and gaps fill the circle', () => {
  const strokes = (seconds: number): number => secondDashes(seconds).split('0.5 0.5').length - 1;
  expect([30, 7, 1, 0].map(strokes)).toEqual([30, 7, 1, 0]);
  expect(strokes(99)).toBe(lastSeconds);
  expect(secondDashes(0)).toBe('0 30');
});
