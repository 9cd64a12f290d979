import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Neighbour, Surroundings } from '../../shared/model.ts';
import { defaultNeighbour } from '../../shared/pool-defaults.ts';
import { pauseOf } from './pause.ts';
import { calm } from './user-load.ts';

const zone = process.env.TZ;
beforeEach(() => {
  process.env.TZ = 'Europe/Berlin';
});
afterEach(() => {
  if (zone === undefined) delete process.env.TZ;
  else process.env.TZ = zone;
});

const everyDay = [0, 1, 2, 3, 4, 5, 6];
const weekdays = [1, 2, 3, 4, 5];
const loaded = { paused: true, since: null };
const known: Surroundings = { at: 0, onBattery: false, batteryPercent: 80, metered: false, othersLoad: 0.1 };
const unknown: Surroundings = {
  at: 0,
  onBattery: null,
  batteryPercent: null,
  metered: null,
  othersLoad: null,
};
const terms = (change: Partial<Neighbour>): Neighbour => ({ ...defaultNeighbour, ...change });
/** A moment of this zone, written as its people do. */
const local = (text: string): number => new Date(text).getTime();
const noon = local('2026-11-24T12:00');

const strict = terms({ pauseOnBattery: true, pauseOnMetered: true, pauseAboveLoad: 0.5 });

test.each<[what: string, Neighbour, Surroundings | null, expected: string | null]>([
  ['nothing is asked', terms({}), { ...known, onBattery: true, metered: true, othersLoad: 1 }, null],
  ['nothing was measured', strict, null, null],
  ['the host tells nothing', strict, unknown, null],
  ['all is well', strict, known, null],
  [
    'on battery',
    strict,
    { ...known, onBattery: true, batteryPercent: 61.7 },
    'On battery (62 %): no new jobs until it is plugged in.',
  ],
  [
    'on battery of unknown charge',
    strict,
    { ...known, onBattery: true, batteryPercent: null },
    'On battery: no new jobs until it is plugged in.',
  ],
  [
    'on a metered network',
    strict,
    { ...known, metered: true },
    'On a metered network: no new jobs until it is on another one.',
  ],
  [
    'both: the battery is told first',
    strict,
    { ...known, onBattery: true, metered: true },
    'On battery (80 %): no new jobs until it is plugged in.',
  ],
])('%s', (_what, neighbour, surroundings, expected) => {
  expect(pauseOf(neighbour, surroundings, noon, calm)).toEqual({
    hold: expected && expect.objectContaining({ sentence: expected }),
    nextChangeAt: null,
  });
});

test('high load pauses only once it is remembered as such, and says what ends it', () => {
  const busy = { ...known, othersLoad: 0.74 };
  expect(pauseOf(strict, busy, noon, calm).hold).toBeNull();
  expect(pauseOf(strict, busy, noon, loaded).hold).toEqual({
    kind: 'user-load',
    sentence: 'Your programs use 74 % of the cores: no new jobs until that is below 38 % for 2 minutes.',
  });
  expect(pauseOf(terms({}), busy, noon, loaded).hold).toBeNull();
});

const evenings = terms({ hours: { from: '18:00', to: '08:00', days: everyDay } });
const office = terms({ hours: { from: '09:00', to: '17:30', days: weekdays } });
const fridayNight = terms({ hours: { from: '22:00', to: '06:00', days: [5] } });
const smallHours = terms({ hours: { from: '02:30', to: '03:15', days: everyDay } });

test.each<[what: string, Neighbour, now: string, sentence: string | null, next: string]>([
  [
    'before it begins',
    evenings,
    '2026-11-24T12:00',
    'Outside its hours: goes on at 18:00.',
    '2026-11-24T18:00',
  ],
  ['as it begins', evenings, '2026-11-24T18:00', null, '2026-11-25T08:00'],
  ['before midnight', evenings, '2026-11-24T23:59', null, '2026-11-25T08:00'],
  ['after midnight', evenings, '2026-11-25T00:00', null, '2026-11-25T08:00'],
  ['as it ends', evenings, '2026-11-25T08:00', 'Outside its hours: goes on at 18:00.', '2026-11-25T18:00'],
  ['in the office', office, '2026-11-24T09:00', null, '2026-11-24T17:30'],
  [
    'after work',
    office,
    '2026-11-24T17:30',
    'Outside its hours: goes on at 09:00 tomorrow.',
    '2026-11-25T09:00',
  ],
  [
    'at the weekend',
    office,
    '2026-11-28T10:00',
    'Outside its hours: goes on at 09:00 on Monday.',
    '2026-11-30T09:00',
  ],
  ['a day that is the last one’s night', fridayNight, '2026-11-28T05:59', null, '2026-11-28T06:00'],
  [
    'the night of a day that is not meant',
    fridayNight,
    '2026-11-29T05:59',
    'Outside its hours: goes on at 22:00 on Friday.',
    '2026-12-04T22:00',
  ],
  [
    'a week ahead, on the day itself',
    terms({ hours: { from: '09:00', to: '10:00', days: [2] } }),
    '2026-11-24T10:00',
    'Outside its hours: goes on at 09:00 on Tuesday.',
    '2026-12-01T09:00',
  ],
  ['a night of 7 hours', evenings, '2026-03-28T20:00', null, '2026-03-29T08:00'],
  ['a night of 9 hours', evenings, '2026-10-24T20:00', null, '2026-10-25T08:00'],
  [
    'a beginning that the clocks skip',
    smallHours,
    '2026-03-29T01:59',
    'Outside its hours: goes on at 03:00.',
    '2026-03-29T03:00',
  ],
  ['after the skipped hour', smallHours, '2026-03-29T03:00', null, '2026-03-29T03:15'],
])('hours: %s', (_what, neighbour, now, sentence, next) => {
  expect(pauseOf(neighbour, known, local(now), calm)).toEqual({
    hold: sentence && { kind: 'hours', sentence },
    nextChangeAt: local(next),
  });
});

test('an hour that comes twice begins at its first time', () => {
  const first = Date.UTC(2026, 9, 25, 0, 30);
  expect(pauseOf(smallHours, known, first - 1, calm)).toMatchObject({ nextChangeAt: first });
  // 02:45 by the clocks, the second time: still before 03:15.
  expect(pauseOf(smallHours, known, first + 75 * 60_000, calm).hold).toBeNull();
  expect(pauseOf(smallHours, known, first + 105 * 60_000, calm).hold).not.toBeNull();
});

test('hours without a day never begin', () => {
  const never = terms({ hours: { from: '09:00', to: '10:00', days: [] } });
  expect(pauseOf(never, known, noon, calm)).toEqual({
    hold: { kind: 'hours', sentence: 'Outside its hours: they have no day.' },
    nextChangeAt: null,
  });
});

test('within its hours a pool still heeds the battery', () => {
  const both = { ...evenings, pauseOnBattery: true };
  const { hold, nextChangeAt } = pauseOf(
    both,
    { ...known, onBattery: true },
    local('2026-11-24T20:00'),
    calm,
  );
  expect(hold?.kind).toBe('battery');
  expect(nextChangeAt).toBe(local('2026-11-25T08:00'));
});
