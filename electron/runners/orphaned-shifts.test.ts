/** Jobs of the demo GitHub whose runner is forgotten here; time is driven by hand. */
import { beforeEach, expect, test, vi } from 'vitest';
import type { Shift } from '../../shared/model.ts';
import type { JobMessage } from '../demo/github/workflow/job-message.ts';
import { openShiftLab, type ShiftLab } from '../testing/shift-lab.ts';
import { createOrphanedShifts, type OrphanedShifts } from './orphaned-shifts.ts';

let lab: ShiftLab;
let orphaned: OrphanedShifts;

beforeEach(async () => {
  lab = await openShiftLab();
  const { forgeOf } = lab;
  const known = forgeOf();
  orphaned = createOrphanedShifts({ ...lab, forgeOf: () => known });
  return async () => {
    orphaned.dispose();
    await lab.dispose();
  };
});

async function begin(): Promise<{ job: JobMessage; shift: Shift }> {
  const { clock, shifts } = lab;
  const job = await lab.begin();
  const shift: Shift = {
    id: 'r:1',
    ...{ runnerId: 'r', runnerName: 'arm-1', repositoryId: 'repository', jobName: job.jobDisplayName },
    ...{ startedAt: clock.now(), endedAt: null, result: null, jobId: null, url: null, verdict: null },
  };
  shifts.put(shift);
  return { job, shift };
}

/** Lets time pass until the shift has ended; the requests between travel in real time. */
async function whenEnded(id: string): Promise<Shift> {
  await vi.waitFor(
    async () => {
      await lab.clock.advance(5000);
      expect(lab.shifts.get(id)?.result).not.toBeNull();
    },
    { timeout: 15_000, interval: 20 },
  );
  return lab.shifts.get(id) as Shift;
}

test('a job whose runner nobody knows any more is told as the forge has it, once it has ended', async () => {
  const { job, shift } = await begin();
  orphaned.resume();
  await lab.clock.advance(30_000);
  expect(lab.shifts.get(shift.id)?.result).toBeNull();
  await lab.runner.complete(job, 'success');
  expect(await whenEnded(shift.id)).toMatchObject({
    result: 'Succeeded',
    jobId: expect.any(Number),
    url: expect.stringContaining('/actions/runs/'),
    verdict: null,
  });
});

test('one that failed may have failed for its runner: nobody can tell, and that is said', async () => {
  const { job, shift } = await begin();
  await lab.runner.complete(job, 'failure');
  orphaned.resume();
  expect(await whenEnded(shift.id)).toMatchObject({
    result: 'Failed',
    verdict: { cause: 'unknown', rerun: null },
  });
});
