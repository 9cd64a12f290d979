import { expect, test } from 'vitest';
import { availabilitySum, dayBars, percent } from './availability.ts';

const hour = 3_600_000;
const now = new Date(2026, 10, 24, 12).getTime();
const day = (date: string, upMs: number, downMs: number) => ({ day: date, upMs, downMs });

test('thirty days end with today, and a day without work has no share', () => {
  const bars = dayBars([day('2026-11-24', 10 * hour, 0), day('2026-11-23', 19 * hour, hour)], now);
  expect(bars).toHaveLength(30);
  expect(bars[0]).toMatchObject({ day: '2026-10-26', share: null, tone: 'off' });
  expect(bars[0]?.words).toBe('26 Oct: not meant to run');
  expect(bars.at(-1)).toMatchObject({ day: '2026-11-24', share: 1, tone: 'ok', words: '24 Nov: 100 %' });
  expect(bars.at(-2)).toMatchObject({ share: 0.95, tone: 'wait', words: '23 Nov: 95.0 %, down for 1 h' });
});

test('a bad day is worse than one below the aim', () => {
  expect(dayBars([day('2026-11-24', hour, hour)], now).at(-1)?.tone).toBe('fail');
});

test('a share is never rounded up to a whole', () => {
  expect(percent(1)).toBe('100 %');
  expect(percent(0.99996)).toBe('99.99 %');
  expect(percent(0.97261)).toBe('97.2 %');
});

test('the sum is told against the aim', () => {
  expect(availabilitySum([])).toBeNull();
  expect(availabilitySum([day('a', 0, 0)])).toBeNull();
  expect(availabilitySum([day('a', 100 * hour, 0)])).toEqual({
    share: 1,
    met: true,
    sentence:
      'As good as the 99.5 % aimed for, or better: never down in 4 d 4 h in which it was meant to run.',
  });
  expect(availabilitySum([day('a', 90 * hour, 0), day('b', 9 * hour, hour)])).toMatchObject({
    share: 0.99,
    met: false,
    sentence: 'Less than the 99.5 % aimed for: down for 1 h in 4 d 4 h in which it was meant to run.',
  });
});
