import { expect, test } from 'vitest';
import type { Job, Runner, RunnerState } from '../../shared/model.ts';
import { announcements } from './announcements.ts';

const runner = (id: string, state: RunnerState, cause = ''): Runner => ({
  id,
  poolId: 'p',
  repositoryId: 'r',
  name: id,
  labels: [],
  state,
  stateSince: 0,
  cause,
  steps: [],
  failure: null,
  draining: false,
  job: null,
  version: null,
  forgeRunnerId: null,
  forgeStatus: 'unknown',
  pid: null,
  startedAt: null,
  stopsAt: null,
  keptUntil: null,
  retryAt: null,
  updating: false,
  versionDeadline: null,
  createdAt: 0,
});
const table = (...runners: Runner[]) => Object.fromEntries(runners.map((row) => [row.id, row]));
const queued: Job = {
  id: 'j',
  repositoryId: 'r',
  runId: 1,
  name: 'build',
  workflow: 'ci',
  branch: null,
  labels: [],
  status: 'queued',
  queuedAt: 0,
  startedAt: null,
  runnerName: null,
  url: null,
  wait: null,
};

test('what failed, listens, began and waits is told; what is new or unchanged is not', () => {
  const before = {
    runners: table(runner('a', 'starting'), runner('b', 'idle'), runner('c', 'idle')),
    jobs: {},
  };
  const after = {
    runners: table(
      runner('a', 'idle'),
      runner('b', 'busy'),
      runner('c', 'failed', 'The disk is full.'),
      runner('d', 'busy'),
    ),
    jobs: { j: queued },
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
  const before = { runners: table(runner('a', 'busy')), jobs: {} };
  expect(announcements(before, { runners: table(runner('a', 'idle')), jobs: {} })).toEqual([]);
});

test('a countdown is told once, when it begins, with the time of day', () => {
  const stopsAt = new Date(2026, 10, 21, 14, 20).getTime();
  const idle = runner('arm-4', 'idle');
  const counting = { ...idle, stopsAt };
  const told = (...pair: [Runner, Runner]) =>
    announcements({ runners: table(pair[0]), jobs: {} }, { runners: table(pair[1]), jobs: {} });
  expect(told(idle, counting)).toEqual(['arm-4 leaves at 14:20 if no job comes.']);
  expect(told(counting, { ...counting, stopsAt: stopsAt + 900_000 })).toEqual([]);
});
