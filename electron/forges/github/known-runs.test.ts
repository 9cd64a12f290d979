import { expect, test } from 'vitest';
import type { ForgeJob } from '../forge.ts';
import { createKnownRuns } from './known-runs.ts';
import { jobOfHeldRun } from './rows.ts';
import type { Run } from './runs.ts';

/** What is told of a run; the rest of what GitHub tells does not matter here. */
function run(id: number, status: string, more: Partial<Run> = {}): Run {
  const at = new Date(Date.UTC(2026, 10, 24) + id * 1000).toISOString();
  const told: Partial<Run> = {
    id,
    status,
    conclusion: null,
    run_attempt: 1,
    name: 'CI',
    display_title: `Run ${id}`,
    path: '.github/workflows/ci.yml@main',
    created_at: at,
    updated_at: at,
    html_url: `https://github.com/octo/forge/actions/runs/${id}`,
    ...more,
  };
  return told as Run;
}

const jobOf = (one: Run, status: ForgeJob['status']): ForgeJob => ({
  ...jobOfHeldRun(one),
  id: Number(one.id) * 10,
  status,
});

const approval = { conclusion: 'action_required' };

test('a run that is held as a whole is a job with a negative id, once its jobs were asked for', () => {
  const known = createKnownRuns();
  const pending = run(1, 'pending');
  known.takeStatus('pending', [pending]);
  expect(known.jobs()).toEqual([]);
  expect(known.changed()).toMatchObject([{ run: pending }]);
  known.keepJobs(pending, [], 1);
  expect(known.jobs()).toMatchObject([
    {
      id: -1,
      runId: 1,
      name: 'Run 1',
      workflow: 'CI',
      workflowPath: '.github/workflows/ci.yml',
      status: 'pending',
      labels: [],
      queuedAt: Date.parse(pending.created_at),
    },
  ]);
});

test('nothing of it can change without the run: its jobs are not read again, but when it goes on', () => {
  const known = createKnownRuns();
  const pending = run(1, 'pending');
  known.takeLatest([pending]);
  for (const entry of known.changed()) entry.isChanged = false;
  known.keepJobs(pending, [], 1);
  expect(known.readBefore(100)).toEqual([]);
  expect(known.count()).toBe(0);
  const begun = run(1, 'in_progress', { updated_at: '2026-11-24T12:00:00Z' });
  known.takeLatest([begun]);
  expect(known.changed()).toHaveLength(1);
  known.keepJobs(begun, [jobOf(begun, 'queued')], 2);
  expect(known.jobs()).toMatchObject([{ id: 10, status: 'queued' }]);
  expect(known.count()).toBe(1);
});

test('jobs that wait are told as they are', () => {
  const known = createKnownRuns();
  const waiting = run(1, 'waiting');
  known.takeStatus('waiting', [waiting]);
  known.keepJobs(waiting, [jobOf(waiting, 'waiting')], 1);
  expect(known.jobs()).toMatchObject([{ id: 10, status: 'waiting' }]);
  known.keepJobs(waiting, [], 2);
  expect(known.jobs(), 'its next job is still to be made').toMatchObject([{ id: -1, status: 'waiting' }]);
});

test('a pull request that awaits an approval is shown without asking, until it is approved or too old', () => {
  const known = createKnownRuns();
  const held = run(2, 'completed', approval);
  known.takeLatest([run(3, 'completed', { conclusion: 'success' }), held]);
  expect(known.changed()).toEqual([]);
  expect(known.readBefore(100)).toEqual([]);
  expect(known.jobs()).toMatchObject([{ id: -2, status: 'waiting' }]);

  known.takeLatest([run(3, 'completed', { conclusion: 'success' }), run(2, 'queued')]);
  expect(known.changed()).toHaveLength(1);

  known.takeLatest([run(4, 'completed', approval), run(3, 'completed', { conclusion: 'success' })]);
  known.takeLatest([run(6, 'completed', { conclusion: 'success' })]);
  expect(known.jobs()).toEqual([]);
});
