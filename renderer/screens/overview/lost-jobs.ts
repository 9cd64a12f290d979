/** Jobs that ended because their runner did: what happened, and what becomes of them. */
import { formatHourMinute } from '../../../shared/format.ts';
import type { Shift, Verdict } from '../../../shared/model.ts';
import { barKindOf } from './track-model.ts';

/** Older ones are found in the history. */
const toldForMs = 60 * 60_000;

export type LostJob = Shift & { verdict: Verdict; endedAt: number };

function isLost(shift: Shift): shift is LostJob {
  return shift.verdict !== null && shift.endedAt !== null && barKindOf(shift) === 'lost';
}

/** Those of the last hour, the latest first. */
export function lostJobs(shifts: Readonly<Record<string, Shift>>, nowMs: number): LostJob[] {
  return Object.values(shifts)
    .filter(isLost)
    .filter(({ endedAt }) => nowMs - endedAt < toldForMs)
    .sort((a, b) => b.endedAt - a.endedAt);
}

/** What becomes of it, in one sentence. */
export function rerunWords({ rerun }: Verdict): string {
  if (rerun === null) return 'It is not run again by itself.';
  if (rerun.status === 'asked') return `GitHub was asked at ${formatHourMinute(rerun.at)} to run it again.`;
  return rerun.sentence;
}

/** Whether a person has to run it again. */
export function needsRerun({ rerun }: Verdict): boolean {
  return rerun === null || rerun.status === 'failed';
}
