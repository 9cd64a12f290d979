import { expect, test } from 'vitest';
import { ForgeLimitError } from './forge-limit.ts';
import { initialPace, learn, nextDelayMs, type PaceState } from './pace.ts';

const hourMs = 3_600_000;
const full = { limit: 5000, remaining: 5000, resetsAt: hourMs };
const at = (state: Partial<PaceState>, more: Partial<Parameters<typeof nextDelayMs>[1]> = {}) =>
  nextDelayMs({ ...initialPace, ...state }, { now: 0, budget: full, isLookedAt: false, ...more });

test.each([
  [0, 2000],
  [1, 4000],
  [2, 8000],
  [4, 32_000],
  [5, 60_000],
  [1000, 60_000],
])('after %i quiet looks the next is in %i ms', (quietLooks, delayMs) => {
  expect(at({ quietLooks })).toBe(delayMs);
});

test('somebody who looks keeps it quick', () => {
  expect(at({ quietLooks: 50 }, { isLookedAt: true })).toBe(2000);
});

test('looks that are charged are spread over the time until the budget is renewed', () => {
  expect(at({ chargePerLook: 4 })).toBeCloseTo((hourMs * 4) / 4000);
  expect(at({ chargePerLook: 0 })).toBe(2000);
  expect(at({ chargePerLook: 4 }, { budget: { ...full, remaining: 900 } })).toBe(60_000);
});

test('many runs are not looked through faster than GitHub allows', () => {
  const delayMs = at({ requestsPerLook: 54 });
  expect((54 / delayMs) * 60_000).toBeLessThan(450);
});

test('failures slow it down, whoever looks', () => {
  expect(at({ failures: 1 }, { isLookedAt: true })).toBe(4000);
  expect(at({ failures: 9 }, { isLookedAt: true })).toBe(60_000);
});

test('a limit is waited for to its end', () => {
  expect(at({ failures: 1, failure: new ForgeLimitError('github.com', 1_234_000, 'hourly') })).toBe(
    1_234_000,
  );
});

test('what a look teaches', () => {
  const failed = learn(learn(initialPace, new Error('no')), new Error('no'));
  expect(failed).toMatchObject({ failures: 2, failure: expect.any(Error) });
  const quiet = learn(learn(failed, { jobs: [], charge: 4 }), { jobs: [], charge: 0 });
  expect(quiet).toMatchObject({ quietLooks: 2, failures: 0, failure: null, requestsPerLook: 4 });
  expect(quiet.chargePerLook).toBeCloseTo(0.84);
});
