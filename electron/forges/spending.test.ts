import { expect, test } from 'vitest';
import { createManualClock } from '../platform/clock.ts';
import { createRation, createSpendingMeter } from './spending.ts';

const ceilings = { perMinute: 3, chargedPerHour: 2 };

test('requests count for a minute, charged ones for an hour', async () => {
  const clock = createManualClock();
  const meter = createSpendingMeter(clock);
  meter.sent();
  meter.charged();
  await clock.advance(59_999);
  meter.sent();
  expect([meter.requestsLastMinute(), meter.chargedLastHour()]).toEqual([2, 1]);
  await clock.advance(1);
  expect([meter.requestsLastMinute(), meter.chargedLastHour()]).toEqual([1, 1]);
  await clock.advance(3_540_000);
  expect([meter.requestsLastMinute(), meter.chargedLastHour()]).toEqual([0, 0]);
});

test('it tells how long to wait for either ceiling', async () => {
  const clock = createManualClock();
  const meter = createSpendingMeter(clock);
  meter.sent();
  await clock.advance(1000);
  meter.sent();
  expect(meter.waitMs(ceilings)).toBe(0);
  meter.sent();
  expect(meter.waitMs(ceilings)).toBe(59_000);
  await clock.advance(59_000);
  expect(meter.waitMs(ceilings)).toBe(0);
  meter.charged();
  meter.charged();
  expect(meter.waitMs(ceilings)).toBe(3_600_000);
});

test('a clock that is set back lengthens no wait', () => {
  let now = 10_000_000;
  const meter = createSpendingMeter({ ...createManualClock(), now: () => now });
  for (let count = 0; count < 3; count++) meter.sent();
  now -= 600_000;
  expect(meter.requestsLastMinute()).toBe(3);
  expect(meter.waitMs(ceilings)).toBe(60_000);
});

test('a ration lets a burst pass, and makes what went beyond it wait', async () => {
  const clock = createManualClock();
  const ration = createRation(clock, () => ({ burst: 60, perMinute: 6 }));
  for (let count = 0; count < 60; count++) ration.use();
  expect([ration.left(), ration.waitMs(0)]).toEqual([0, 0]);
  ration.use();
  expect([ration.left(), ration.waitMs(0)]).toEqual([0, 10_000]);
  await clock.advance(10_000);
  expect(ration.waitMs(0)).toBe(0);
  await clock.advance(60_000);
  expect(ration.left()).toBe(6);
  expect(ration.waitMs(8)).toBe(20_000);
  await clock.advance(3_600_000);
  expect(ration.left()).toBe(60);
});
