import { expect, test } from 'vitest';
import type { Shift } from '../../../shared/model.ts';
import type { ForgeJob } from '../../forges/forge.ts';
import { remainingOf } from './durations.ts';
import { endedJobs } from './ended-jobs.ts';

const minute = 60_000;
const job = (over: Partial<ForgeJob> = {}): ForgeJob => ({
  ...{ id: 1, runId: 1, runAttempt: 1, name: 'build', workflow: 'CI', workflowPath: null, branch: null },
  ...{
    headSha: null,
    event: null,
    actor: null,
    labels: [],
    status: 'in_progress',
    queuedAt: 0,
    startedAt: minute,
  },
  ...{ runnerName: 'arm-1', runnerId: 1, url: null, ...over },
});
const shift = (over: Partial<Shift> = {}): Shift => ({
  ...{
    id: 's',
    runnerId: 'r',
    runnerName: 'arm-1',
    repositoryId: 'x',
    jobName: 'build',
    startedAt: minute + 900,
  },
  ...{ endedAt: 3 * minute, result: 'Succeeded', jobId: null, url: null, verdict: null, ...over },
});
const at = (over: Partial<Parameters<typeof endedJobs>[0]>) =>
  endedJobs({ before: [job()], after: [], now: 5 * minute, gapMs: 5000, shifts: [], ...over });

test('what ran and is gone has taken so long; our own runner tells it to the second', () => {
  expect(at({})).toEqual([{ workflow: 'CI', name: 'build', durationMs: 4 * minute }]);
  expect(at({ shifts: [shift()] })).toEqual([
    { workflow: 'CI', name: 'build', durationMs: 2 * minute - 900 },
  ]);
});

test('nothing is learnt from what goes on, waited, was cancelled, or ended too long ago', () => {
  expect(at({ after: [job()] })).toEqual([]);
  expect(at({ before: [job({ status: 'queued', startedAt: null })] })).toEqual([]);
  expect(at({ shifts: [shift({ result: 'Canceled' })] })).toEqual([]);
  expect(at({ gapMs: 2 * minute })).toEqual([]);
});

test('a job that runs longer than usual takes as long as those that did; longer than ever, nobody knows', () => {
  expect(remainingOf([1, 2, 4, 8], 0)).toBe(3);
  expect(remainingOf([1, 2, 4, 8], 3)).toBe(3);
  expect(remainingOf([1, 2, 4, 8], 9)).toBeNull();
});
