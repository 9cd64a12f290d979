import { afterEach, beforeEach, expect, test } from 'vitest';
import { cutIntoDays, localDay, localDayBefore } from './local-days.ts';

const hour = 3_600_000;
const zone = process.env.TZ;
beforeEach(() => {
  process.env.TZ = 'Europe/Berlin';
});
afterEach(() => {
  if (zone === undefined) delete process.env.TZ;
  else process.env.TZ = zone;
});

test('the days of the clock changes are 23 and 25 hours long', () => {
  const spring = Date.UTC(2026, 2, 28, 23);
  expect(cutIntoDays(spring, spring + 24 * hour)).toEqual([
    { day: '2026-03-29', durationMs: 23 * hour },
    { day: '2026-03-30', durationMs: hour },
  ]);
  const autumn = Date.UTC(2026, 9, 24, 22);
  expect(cutIntoDays(autumn, autumn + 26 * hour)).toEqual([
    { day: '2026-10-25', durationMs: 25 * hour },
    { day: '2026-10-26', durationMs: hour },
  ]);
});

test('a day belongs to this machine’s zone', () => {
  expect(localDay(Date.UTC(2026, 10, 24, 23, 30))).toBe('2026-11-25');
  expect(localDayBefore(Date.UTC(2026, 2, 1, 12), 1)).toBe('2026-02-28');
});

test('an empty span has no days', () => {
  expect(cutIntoDays(5, 5)).toEqual([]);
  expect(cutIntoDays(5, 4)).toEqual([]);
});
