import { expect, test } from 'vitest';
import { createEngineClock } from './clock.ts';

test('before anything is heard the page’s own clock counts', () => {
  expect(createEngineClock().at(500)).toBe(500);
});

test('a page whose clock is an hour late counts with the engine’s', () => {
  const clock = createEngineClock();
  clock.set(3_600_000, 0);
  expect(clock.at(1000)).toBe(3_601_000);
});

test('late news does not turn the clock back, a quicker one corrects it, a real change is followed', () => {
  const clock = createEngineClock(2000);
  clock.set(10_000, 10_000);
  clock.set(11_000, 12_500);
  expect(clock.at(20_000)).toBe(20_000);
  clock.set(13_100, 13_000);
  expect(clock.at(20_000)).toBe(20_100);
  clock.set(50_000, 60_000);
  expect(clock.at(60_000)).toBe(50_000);
});
