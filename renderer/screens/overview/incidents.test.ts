import { expect, test } from 'vitest';
import type { Incident } from '../../../shared/model.ts';
import {
  boardWith,
  eventRow,
  incidentRow,
  repositoryRow,
  runnerRow,
  shiftRow,
  verdictRow,
  waitRow,
} from '../../testing/rows.ts';
import { feedOf, incidentWords, untoldIncidents } from './incidents.ts';

const minute = 60_000;
const problem = { code: 'FORGE_UNREACHABLE', message: 'GitHub does not answer.', remedy: null };
const ids = (incidents: readonly Incident[]): string[] => incidents.map(({ id }) => id);
const incidents = [
  incidentRow({ id: 'wait', waitId: 'w1' }),
  incidentRow({ id: 'pool', kind: 'pool', poolId: 'p1', since: 1 }),
  incidentRow({ id: 'runner', kind: 'runner', runnerId: 'arm-1', since: 2 }),
  incidentRow({ id: 'lost', kind: 'lost-job', since: 3 }),
  incidentRow({ id: 'forge', kind: 'forge', since: 4 }),
  incidentRow({ id: 'disk', kind: 'disk', since: 5 }),
  incidentRow({ id: 'away', kind: 'disk', dismissed: true }),
  incidentRow({ id: 'over', kind: 'disk', resolvedAt: 9, resolution: 'There is room again.' }),
];

test('those that go on are told, the newest first; what was put away or is over is not', () => {
  expect(ids(untoldIncidents(boardWith({ incidents }), 0))).toEqual([
    'disk',
    'forge',
    'lost',
    'runner',
    'pool',
    'wait',
  ]);
});

test('what has a place of its own beside them is not told twice', () => {
  const board = boardWith({
    incidents,
    waits: [waitRow({ id: 'w1' })],
    runners: [runnerRow({ name: 'arm-1', state: 'failed' })],
    shifts: [shiftRow({ endedAt: 0, result: 'Failed', verdict: verdictRow() })],
    repositories: [repositoryRow({ problem })],
  });
  expect(ids(untoldIncidents(board, minute))).toEqual(['disk', 'pool']);
});

test('how long and how many', () => {
  const incident = incidentRow({ since: 0, jobs: 3 });
  expect(incidentWords(incident, 25 * minute)).toBe('25 min, 3 jobs');
  expect(incidentWords({ ...incident, resolvedAt: 2 * minute, jobs: 0 }, 60 * minute)).toBe('2 min');
});

test('events and incidents are one feed, an incident at its end', () => {
  const board = boardWith({
    events: [
      eventRow({ id: 'old', at: 10 }),
      eventRow({ id: 'new', at: 40 }),
      eventRow({ id: 'told by its job', at: 41, to: 'busy' }),
    ],
    incidents: [
      incidentRow({ id: 'goes on', since: 20 }),
      incidentRow({ id: 'ended', since: 5, resolvedAt: 30, resolution: 'It passed.' }),
    ],
  });
  expect(feedOf(board, 10).map(({ key }) => key)).toEqual([
    'new',
    'incident-ended',
    'incident-goes on',
    'old',
  ]);
  expect(feedOf(board, 2).map(({ key }) => key)).toEqual(['new', 'incident-ended']);
});
