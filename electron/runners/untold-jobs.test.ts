import { expect, test } from 'vitest';
import type { Runner, Shift } from '../../shared/model.ts';
import type { ForgeJob } from '../forges/forge.ts';
import { createManualClock } from '../platform/clock.ts';
import { newRunnerRecord } from './record.ts';
import { createUntoldJobs } from './untold-jobs.ts';

const { runner } = newRunnerRecord({
  id: 'r1',
  poolId: 'p',
  repositoryId: 'x',
  name: 'arm-1',
  defaultLabels: [],
  customLabels: [],
  ephemeral: false,
  cause: 'Asked for just now.',
  now: 0,
});
const job: ForgeJob = {
  id: 7,
  runId: 1,
  runAttempt: 1,
  name: 'Build',
  workflow: 'CI',
  workflowPath: '.github/workflows/ci.yml',
  branch: 'main',
  headSha: null,
  event: 'push',
  actor: 'octo',
  labels: [],
  status: 'in_progress',
  queuedAt: 0,
  startedAt: 90_000,
  runnerName: 'arm-1',
  runnerId: 1,
  url: 'https://github.com/o/r/actions/runs/1/job/7',
};

/** The shifts that come of it. */
function look(change: Partial<Runner>, jobs: ForgeJob[], earlier: Shift[] = []): Shift[] {
  const shifts = Object.fromEntries(earlier.map((shift) => [shift.id, shift]));
  const lost: Shift[] = [];
  const untold = createUntoldJobs({
    board: { current: () => ({ runners: { r1: { ...runner, ...change } }, shifts }) as never },
    shifts: { put: (shift: Shift) => void Object.assign(shifts, { [shift.id]: shift }) } as never,
    clock: createManualClock(100_000),
    onLost: (shift) => lost.push(shift),
  });
  untold.seen('x', jobs);
  untold.seen('x', jobs);
  return lost;
}

test('a job on a dead runner that never told of it is lost, once', () => {
  expect(look({ pid: null }, [job])).toMatchObject([
    { jobName: 'Build', jobId: 7, result: 'Lost', verdict: { cause: 'listener-died', rerun: null } },
  ]);
});

test('a living runner will tell itself, and another one’s job is not ours', () => {
  expect(look({ pid: 4711 }, [job])).toEqual([]);
  expect(look({ pid: null }, [{ ...job, runnerName: 'other' }])).toEqual([]);
  expect(look({ pid: null }, [{ ...job, status: 'queued', runnerName: null }])).toEqual([]);
});

test('a job that was told is not told again', () => {
  const [told] = look({ pid: null }, [job]);
  if (!told) throw new Error('It was not told.');
  expect(look({ pid: null }, [job], [{ ...told, jobId: null, startedAt: 91_000 }])).toEqual([]);
});
