import { expect, test } from 'vitest';
import type { Runner, RunnerState } from '../../shared/model.ts';
import { jobRow, runnerRow, waitRow } from '../testing/rows.ts';
import { announcements } from './announcements.ts';

const runner = (id: string, state: RunnerState, cause = ''): Runner =>
  runnerRow({ id, name: id, state, cause });
const table = (...runners: Runner[]) => Object.fromEntries(runners.map((row) => [row.id, row]));
const queued = jobRow({ id: 'j' });

test('what failed, listens, began and waits is told; what is new or unchanged is not', () => {
  const before = {
    runners: table(runner('a', 'starting'), runner('b', 'idle'), runner('c', 'idle')),
    jobs: {},
    waits: {},
  };
  const after = {
    runners: table(
      runner('a', 'idle'),
      runner('b', 'busy'),
      runner('c', 'failed', 'The disk is full.'),
      runner('d', 'busy'),
    ),
    jobs: { j: queued },
    waits: {},
  };
  expect(announcements(before, after)).toEqual([
    'c failed: The disk is full.',
    'a is listening.',
    'b began a job.',
    '1 new job waits.',
  ]);
  expect(announcements(after, after)).toEqual([]);
});

test('a runner that is idle again after a job is no news', () => {
  const before = { runners: table(runner('a', 'busy')), jobs: {}, waits: {} };
  expect(announcements(before, { runners: table(runner('a', 'idle')), jobs: {}, waits: {} })).toEqual([]);
});

test('a countdown is told once, when it begins, with the time of day', () => {
  const stopsAt = new Date(2026, 10, 21, 14, 20).getTime();
  const idle = runner('arm-4', 'idle');
  const counting = { ...idle, stopsAt };
  const told = (...pair: [Runner, Runner]) =>
    announcements(
      { runners: table(pair[0]), jobs: {}, waits: {} },
      { runners: table(pair[1]), jobs: {}, waits: {} },
    );
  expect(told(idle, counting)).toEqual(['arm-4 leaves at 14:20 if no job comes.']);
  expect(told(counting, { ...counting, stopsAt: stopsAt + 900_000 })).toEqual([]);
});

test('what needs somebody is told by its cause, and its jobs are not counted once more', () => {
  const empty = { runners: {}, jobs: {}, waits: {} };
  const wait = waitRow({ id: 'w1' });
  const after = { ...empty, jobs: { j: { ...queued, waitId: 'w1' } }, waits: { w1: wait } };
  expect(announcements(empty, after)).toEqual(['1 job waits for a runner with label “gpu”.']);
  expect(announcements(after, { ...after, waits: { w1: { ...wait, jobs: 2 } } })).toEqual([]);
  const passing = { ...after, waits: { w1: { ...wait, passes: true } } };
  expect(announcements(empty, passing)).toEqual(['1 new job waits.']);
});
