import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  type Allowance,
  allowanceOf,
  ceilingsOf,
  chargedRation,
  looksPerInterval,
  planWatches,
  type WatchDemand,
} from './watch-plan.ts';

const hourMs = 3_600_000;
const plenty: Allowance = { requestsPerMinute: 300, chargedPerMinute: 125 };
const demand = (more: Partial<WatchDemand> = {}): WatchDemand => ({
  wish: 'pool',
  quietLooks: 0,
  requestsPerLook: 1,
  chargedPerLook: 0,
  upkeepRequests: 4,
  upkeepCharged: 0,
  activeRuns: 0,
  chargedShare: 1,
  ...more,
});
const many = (count: number, more: Partial<WatchDemand> = {}) =>
  Array.from({ length: count }, () => demand(more));

test.each<[string, WatchDemand[], Partial<Allowance>, number, string]>([
  ['one with a pool', many(1), {}, 2000, 'pool'],
  ['one where a job runs', [demand({ wish: 'active', activeRuns: 1 })], {}, 2000, 'active'],
  ['four with pools', many(4), {}, 2000, 'pool'],
  ['twenty with pools', many(20), {}, 12_632, 'budget'],
  ['one that is looked at', [demand({ wish: 'looked-at' })], {}, 2000, 'looked-at'],
  ['one that was just quiet', [demand({ wish: 'unattended', quietLooks: 2 })], {}, 4000, 'unattended'],
  ['one that is long quiet', [demand({ wish: 'unattended', quietLooks: 99 })], {}, 60_000, 'unattended'],
  [
    'looked at, beside pools that need it all',
    [demand({ wish: 'looked-at' }), ...many(20)],
    {},
    60_000,
    'budget',
  ],
  ['looked at, beside one pool', [demand({ wish: 'looked-at' }), demand()], {}, 2000, 'looked-at'],
  ['ten that are looked at', many(10, { wish: 'looked-at' }), {}, 5217, 'budget'],
  ['charged for every look', [demand({ chargedPerLook: 2 })], { chargedPerMinute: 20 }, 13_333, 'budget'],
  [
    'nothing left to be charged for',
    [demand({ chargedPerLook: 2 })],
    { chargedPerMinute: 0 },
    300_000,
    'budget',
  ],
  ['unchanged answers, nothing left', many(1), { chargedPerMinute: 0 }, 2000, 'pool'],
  [
    'three hundred merely connected',
    many(300, { wish: 'unattended', quietLooks: 99 }),
    {},
    200_000,
    'budget',
  ],
])('%s', (_, demands, allowance, intervalMs, reason) => {
  const [plan] = planWatches(demands, { ...plenty, ...allowance });
  expect(plan).toMatchObject({ intervalMs, reason });
});

test('jobs of active runs are read again with what looks leave', () => {
  const active = (activeRuns: number, chargedShare: number) =>
    planWatches([demand({ wish: 'active', activeRuns, chargedShare })], plenty)[0]?.refreshMs;
  expect(active(1, 1)).toBe(2000);
  expect(active(50, 0)).toBeGreaterThan(2000);
  expect(active(50, 1)).toBeGreaterThan(active(50, 0) ?? 0);
  expect(active(5000, 1)).toBe(60_000);
});

test('upkeep is once a minute, and rarer when there are very many', () => {
  const upkeep = (count: number) => planWatches(many(count), plenty)[0]?.upkeepMs;
  expect([upkeep(1), upkeep(20), upkeep(200)]).toEqual([60_000, 60_000, 533_333]);
  const charged = planWatches(many(20, { upkeepCharged: 2 }), { ...plenty, chargedPerMinute: 50 });
  expect(charged[0]?.upkeepMs).toBe(240_000);
});

test('charges are saved when few are left', () => {
  const isThrifty = (chargedPerMinute: number) =>
    planWatches(many(1), { ...plenty, chargedPerMinute })[0]?.isThrifty;
  expect([isThrifty(125), isThrifty(20)]).toEqual([false, true]);
});

test('whatever is asked for, together it keeps to the allowance', () => {
  const anyDemand = fc.record({
    wish: fc.constantFrom<WatchDemand['wish'][]>('pool', 'active', 'looked-at', 'unattended'),
    quietLooks: fc.nat(40),
    requestsPerLook: fc.double({ min: 1, max: 6, noNaN: true }),
    chargedPerLook: fc.constant(0),
    upkeepRequests: fc.constant(4),
    upkeepCharged: fc.constant(0),
    activeRuns: fc.nat(60),
    chargedShare: fc.double({ min: 0, max: 1, noNaN: true }),
  });
  fc.assert(
    fc.property(fc.array(anyDemand, { minLength: 1, maxLength: 60 }), (demands) => {
      const plans = planWatches(demands, plenty);
      const perMinute = demands.reduce((total, { requestsPerLook }, index) => {
        const { intervalMs, upkeepMs } = plans[index] ?? { intervalMs: 1, upkeepMs: 1 };
        return total + (requestsPerLook * looksPerInterval * 60_000) / intervalMs + (4 * 60_000) / upkeepMs;
      }, 0);
      expect(perMinute).toBeLessThanOrEqual(plenty.requestsPerMinute);
      for (const { intervalMs, refreshMs } of plans) {
        expect(intervalMs).toBeGreaterThanOrEqual(2000);
        expect(refreshMs).toBeGreaterThanOrEqual(Math.min(intervalMs, 60_000));
      }
    }),
  );
});

test('the ceilings are those of the quota', () => {
  expect(ceilingsOf(null)).toEqual({ perMinute: 300, chargedPerHour: 1250 });
  expect(ceilingsOf({ limit: 15_000, remaining: 0, resetsAt: 0 }).chargedPerHour).toBe(3750);
});

test('in no hour is more charged than the ceiling', () => {
  const { burst, perMinute } = chargedRation(null);
  expect(burst + 60 * perMinute).toBeCloseTo(0.9 * 1250);
});

const perMinute = 625 / 60;
test.each([
  ['nothing used', null, 500, perMinute + 100],
  ['the burst used up', null, 0, perMinute],
  ['others used the quota up to the reserve', { limit: 5000, remaining: 1000, resetsAt: hourMs }, 500, 0],
  ['others used much of it', { limit: 5000, remaining: 1600, resetsAt: hourMs }, 500, 10],
  ['a quota that is renewed by now', { limit: 5000, remaining: 0, resetsAt: 0 }, 0, perMinute],
])('what may be charged in a minute: %s', (_, budget, burstLeft, chargedPerMinute) => {
  const allowance = allowanceOf(0, budget, burstLeft);
  expect(allowance.requestsPerMinute).toBe(300);
  expect(allowance.chargedPerMinute).toBeCloseTo(chargedPerMinute);
});
