/** How long jobs took that were seen running and are gone. Pure. */
import type { Shift } from '../../../shared/model.ts';
import type { ForgeJob } from '../../forges/forge.ts';

interface EndedJob {
  workflow: string;
  name: string;
  durationMs: number;
}

/** A look that came so long after the one before says too little of when a job has ended. */
const usualGapMs = 15_000;
/** The same as a share of how long it took. */
const gapShare = 0.2;
/** The forge's start of a job and our listener's are hardly further apart. */
const startsApartMs = 60_000;
const whole: readonly Shift['result'][] = ['Succeeded', 'SucceededWithIssues', 'Failed'];

/**
 * @param before jobs as of the look before
 * @param now epoch milliseconds of this look
 * @param gapMs time between the two
 * @param shifts jobs of our own runners, which tell it to the second
 */
export function endedJobs(input: {
  before: readonly ForgeJob[];
  after: readonly ForgeJob[];
  now: number;
  gapMs: number;
  shifts: readonly Shift[];
}): EndedJob[] {
  const present = new Set(input.after.map(({ id }) => id));
  return input.before.flatMap(({ id, status, workflow, name, startedAt, runnerName }) => {
    if (status !== 'in_progress' || startedAt === null || present.has(id)) return [];
    const shift = input.shifts.find(
      (each) =>
        each.runnerName === runnerName &&
        each.jobName === name &&
        Math.abs(each.startedAt - startedAt) < startsApartMs,
    );
    if (shift && shift.endedAt !== null) {
      return whole.includes(shift.result)
        ? [{ workflow, name, durationMs: shift.endedAt - shift.startedAt }]
        : [];
    }
    const durationMs = input.now - startedAt;
    const isTold = durationMs > 0 && input.gapMs <= Math.max(usualGapMs, durationMs * gapShare);
    return isTold ? [{ workflow, name, durationMs }] : [];
  });
}
