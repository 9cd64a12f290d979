/** Aggressive: runners for all jobs at once and a quarter to spare; idle ones stay three times as long. */
import type { Policy } from './policy.ts';

/** One spare runner for every so many jobs that wait or run. */
export const jobsPerSpare = 4;
/** How many idle times an idle runner stays. */
export const aggressivePatience = 3;

/**
 * A spare is needed as long as the jobs that it stands by for, or the runners that they ran on: if it left when the
 * last job ends, the next job would start it again. So the longest idle runner stays while the first of the others has
 * work or stays, the second longest while the fifth has or stays, and so on.
 */
export const aggressive: Policy = ({ input, waiting, busy, idle }) => {
  const { minRunners, idleTimeoutMs, mode, lastJobEndedAt } = input;
  const patienceMs = aggressivePatience * idleTimeoutMs;
  const deadlines = idle.map(({ since }) => since + patienceMs).toReversed();
  // An ephemeral runner is gone with its job: the time of that job's end stands for it.
  const leastUntil = mode === 'ephemeral' && lastJobEndedAt !== null ? lastJobEndedAt + patienceMs : 0;
  /** Until when the job or runner stays that the spare at this place stands by for. */
  const standsByUntil = (place: number): number => {
    const first = place * jobsPerSpare;
    return first < busy ? Number.POSITIVE_INFINITY : (deadlines[first - busy] ?? 0);
  };
  return {
    ready: waiting + Math.ceil((waiting + busy) / jobsPerSpare) + minRunners,
    staysUntil: ({ since }, place) => Math.max(since + patienceMs, standsByUntil(place), leastUntil),
    nextAt: null,
  };
};
