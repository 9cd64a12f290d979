import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import type { NotificationSettings } from '../../shared/model.ts';
import { outsideQuietHours } from './teller.ts';
import { type IncidentLab, job, minute, openIncidentLab, repository, wait } from './testing.ts';

const hour = 60 * minute;
const everyDay = [0, 1, 2, 3, 4, 5, 6];
const zone = process.env.TZ;
beforeAll(() => {
  process.env.TZ = 'Europe/Berlin';
});
afterAll(() => {
  if (zone === undefined) delete process.env.TZ;
  else process.env.TZ = zone;
});

let lab: IncidentLab;
/** Tuesday. */
const start = Date.parse('2026-11-24T13:00:00+01:00');
beforeEach(() => {
  lab = openIncidentLab(start);
  lab.board.set('repositories', 'r', repository());
});
afterEach(() => {
  expect(lab.faults).toEqual([]);
  lab.dispose();
});

function waits(id = 'w', jobs = 1): void {
  lab.board.set('waits', id, wait({ id, jobs, since: lab.clock.now() }));
}
const passes = (id = 'w'): void => lab.board.delete('waits', id);

const night = { from: '22:00', to: '07:30', days: everyDay };
const at = (text: string): number => Date.parse(text);

test.each<[string, NotificationSettings['quietHours'], string, string]>([
  ['none', null, '2026-11-24T23:00+01:00', '2026-11-24T23:00+01:00'],
  ['before', night, '2026-11-24T21:59+01:00', '2026-11-24T21:59+01:00'],
  ['at their beginning', night, '2026-11-24T22:00+01:00', '2026-11-25T07:30+01:00'],
  ['before midnight', night, '2026-11-24T23:59+01:00', '2026-11-25T07:30+01:00'],
  ['at midnight', night, '2026-11-25T00:00+01:00', '2026-11-25T07:30+01:00'],
  ['at their end', night, '2026-11-25T07:30+01:00', '2026-11-25T07:30+01:00'],
  ['over New Year', night, '2026-12-31T23:30+01:00', '2027-01-01T07:30+01:00'],
  [
    'a day that is none of theirs',
    { ...night, days: [1] },
    '2026-11-24T23:00+01:00',
    '2026-11-24T23:00+01:00',
  ],
  [
    'a night that began on one of theirs',
    { ...night, days: [2] },
    '2026-11-25T03:00+01:00',
    '2026-11-25T07:30+01:00',
  ],
  [
    'within a day',
    { from: '12:00', to: '13:00', days: everyDay },
    '2026-11-24T12:30+01:00',
    '2026-11-24T13:00+01:00',
  ],
  // Clocks go from 2:00 to 3:00 on 29 March 2026, and from 3:00 to 2:00 on 25 October.
  ['a night of eight hours and a half', night, '2026-03-28T23:00+01:00', '2026-03-29T07:30+02:00'],
  ['a night of ten hours and a half', night, '2026-10-24T23:00+02:00', '2026-10-25T07:30+01:00'],
  [
    'an end that the clocks skip',
    { from: '22:00', to: '02:30', days: everyDay },
    '2026-03-29T01:00+01:00',
    '2026-03-29T03:00+02:00',
  ],
  [
    'an end that comes twice',
    { from: '22:00', to: '02:30', days: everyDay },
    '2026-10-25T01:00+02:00',
    '2026-10-25T02:30+02:00',
  ],
  [
    'hours that touch',
    { from: '07:00', to: '06:59', days: everyDay },
    '2026-11-24T12:00+01:00',
    '2026-11-25T06:59+01:00',
  ],
])('quiet hours, %s', (_, quietHours, due, told) => {
  const words = (moment: number): string => new Date(moment).toISOString();
  expect(words(outsideQuietHours(at(due), { quietHours }))).toBe(words(at(told)));
});

test('a person is told after a while, once, and of its end when that is certain', async () => {
  const door = lab.door();
  waits();
  lab.board.set('jobs', 'r/1', job(1, { queuedAt: start }));
  await lab.clock.advance(119_000);
  expect(door.told).toEqual([]);
  await lab.clock.advance(2000);
  const opened = {
    id: 'i1',
    kind: 'opened',
    title: '1 job waits for a runner with label “gpu”',
    body: 'No runner has label “gpu”.',
    path: '/queue?wait=w',
  };
  expect(door.told).toEqual([opened]);
  expect(lab.rows()[0]?.notifiedAt).toBe(start + 2 * minute);
  await lab.clock.advance(hour);
  lab.board.set(
    'jobs',
    'r/1',
    job(1, {
      status: 'in_progress',
      queuedAt: start,
      startedAt: lab.clock.now(),
      waitId: null,
      runnerName: 'arm-2',
    }),
  );
  passes();
  await lab.clock.advance(2 * minute);
  expect(door.told).toEqual([opened]);
  await lab.clock.advance(minute);
  expect(door.told).toEqual([
    opened,
    {
      id: 'i1',
      kind: 'resolved',
      title: 'Over: 1 job waits for a runner with label “gpu”',
      body: 'The job began on arm-2 after 1 h 2 min.',
      path: '/queue',
    },
  ]);
  await lab.clock.advance(24 * hour);
  expect(door.told).toHaveLength(2);
  await door.leave();
});

test('what comes back soon is told neither as over nor again', async () => {
  const door = lab.door();
  waits();
  await lab.clock.advance(3 * minute);
  for (let times = 0; times < 5; times += 1) {
    passes();
    await lab.clock.advance(minute);
    waits();
    await lab.clock.advance(10 * minute);
  }
  expect(door.told.map(({ kind }) => kind)).toEqual(['opened']);
  await door.leave();
});

test('what ended before anybody was told is not told, neither its end', async () => {
  const door = lab.door();
  lab.choose({ afterMs: 10 * minute });
  waits();
  await lab.clock.advance(9 * minute);
  passes();
  await lab.clock.advance(hour);
  expect(door.told).toEqual([]);
  expect(lab.rows()).toMatchObject([{ notifiedAt: null }]);
  await door.leave();
});

test('nothing is told in quiet hours; at their end what still goes on is, once', async () => {
  const door = lab.door();
  lab.choose({ quietHours: night });
  await lab.clock.advance(at('2026-11-24T21:50:00+01:00') - lab.clock.now());
  waits('early');
  await lab.clock.advance(5 * minute);
  expect(door.told).toMatchObject([{ path: '/queue?wait=early' }]);
  await lab.clock.advance(10 * minute);
  waits('short');
  waits('long');
  await lab.clock.advance(hour);
  passes('short');
  passes('early');
  await lab.clock.advance(at('2026-11-25T07:29:59+01:00') - lab.clock.now());
  expect(door.told).toHaveLength(1);
  await lab.clock.advance(2000);
  expect(door.told.slice(1).map(({ kind, path }) => [kind, path])).toEqual([
    ['resolved', '/queue'],
    ['opened', '/queue?wait=long'],
  ]);
  await lab.clock.advance(12 * hour);
  expect(door.told).toHaveLength(3);
  await door.leave();
});

test('a door that opens in the quiet hours is told nothing of before them', async () => {
  lab.choose({ quietHours: night });
  await lab.clock.advance(at('2026-11-24T21:50:00+01:00') - lab.clock.now());
  waits();
  await lab.clock.advance(hour);
  const door = lab.door();
  await lab.clock.advance(hour);
  expect(door.told).toEqual([]);
  await lab.clock.advance(9 * hour);
  expect(door.told).toMatchObject([{ kind: 'opened' }]);
  await door.leave();
});

test('only the first door is told; the next one when it leaves', async () => {
  const [first, second] = [lab.door(), lab.door()];
  waits('a');
  await lab.clock.advance(3 * minute);
  await first.leave();
  waits('b');
  await lab.clock.advance(3 * minute);
  const third = lab.door();
  waits('c');
  await lab.clock.advance(3 * minute);
  const paths = [first, second, third].map(({ told }) => told.map(({ path }) => path.at(-1)));
  expect(paths).toEqual([['a'], ['b', 'c'], []]);
  await second.leave();
  await third.leave();
});

test('with no door open nothing counts as told; what still goes on is told to the first that opens', async () => {
  waits('a');
  waits('b');
  await lab.clock.advance(hour);
  passes('a');
  await lab.clock.advance(hour);
  expect(lab.rows().map(({ notifiedAt }) => notifiedAt)).toEqual([null, null]);
  const door = lab.door();
  await lab.clock.advance(1000);
  expect(door.told.map(({ path }) => path)).toEqual(['/queue?wait=b']);
  await door.leave();
});

test('nothing is told twice by an engine that was killed right after it told', async () => {
  const door = lab.door();
  waits();
  await lab.clock.advance(2 * minute + 1000);
  expect(door.told).toHaveLength(1);
  lab.restart();
  lab.board.set('repositories', 'r', repository());
  waits();
  const next = lab.door();
  await lab.clock.advance(hour);
  expect(next.told).toEqual([]);
  passes();
  await lab.clock.advance(hour);
  expect(next.told.map(({ kind }) => kind)).toEqual(['resolved']);
  lab.restart();
  const last = lab.door();
  await lab.clock.advance(hour);
  expect(last.told).toEqual([]);
  await last.leave();
});

test('what cannot be written down as told is not told until it can', async () => {
  const door = lab.door();
  waits();
  await lab.clock.advance(90_000);
  lab.fill(true);
  await lab.clock.advance(hour);
  expect(door.told).toEqual([]);
  lab.fill(false);
  await lab.clock.advance(2 * minute);
  expect(door.told).toMatchObject([{ kind: 'opened' }]);
  await door.leave();
});

test.each<[string, Partial<NotificationSettings>, string[]]>([
  ['nothing when that is off', { enabled: false }, []],
  ['no end when only beginnings are wanted', { tellResolved: false }, ['opened']],
  ['at once when nothing is to be waited for', { afterMs: 0 }, ['opened', 'resolved']],
])('a person is told %s', async (_, chosen, kinds) => {
  const door = lab.door();
  lab.choose(chosen);
  waits();
  await lab.clock.advance(61_000);
  if (chosen.afterMs === 0) expect(door.told).toHaveLength(1);
  await lab.clock.advance(5 * minute);
  passes();
  await lab.clock.advance(hour);
  expect(door.told.map(({ kind }) => kind)).toEqual(kinds);
  await door.leave();
});

test('one that was put away is not told any more', async () => {
  const door = lab.door();
  waits();
  await lab.clock.advance(90_000);
  lab.incidents.dismiss('i1');
  await lab.clock.advance(hour);
  passes();
  await lab.clock.advance(hour);
  expect(door.told).toEqual([]);
  await door.leave();
});
