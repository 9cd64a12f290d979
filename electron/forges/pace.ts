/** How long to wait before a repository is looked at again. */
import type { ForgeBudget, ForgeJob } from './forge.ts';
import { ForgeLimitError } from './forge-limit.ts';

export interface PaceState {
  /** Looks in a row in which nothing was queued or running. */
  quietLooks: number;
  /** Looks in a row that failed. */
  failures: number;
  /** What the last look failed with; null when it did not. */
  failure: Error | null;
  /** Requests that a look was charged for, smoothed; answers that had not changed cost nothing. */
  chargePerLook: number;
  /** Requests that a look takes, charged or not. */
  requestsPerLook: number;
}

export const initialPace: PaceState = {
  quietLooks: 0,
  failures: 0,
  failure: null,
  chargePerLook: 0,
  requestsPerLook: 0,
};

/** Requests of a look beside those for each run: three lists of runs, one of runners. */
const baseRequests = 4;

/** What a look teaches. @param outcome what it saw and was charged for, or what it failed with */
export function learn(
  state: PaceState,
  outcome: { jobs: readonly ForgeJob[]; charge: number } | Error,
): PaceState {
  if (outcome instanceof Error) return { ...state, failures: state.failures + 1, failure: outcome };
  const { jobs, charge } = outcome;
  return {
    quietLooks: jobs.length > 0 ? 0 : state.quietLooks + 1,
    failures: 0,
    failure: null,
    chargePerLook: state.chargePerLook * 0.7 + charge * 0.3,
    requestsPerLook: baseRequests + new Set(jobs.map(({ runId }) => runId)).size,
  };
}

const shortestMs = 2000;
const longestMs = 60_000;
/** Share of the hourly budget that is left for deploys and for a person's clicks. */
const reservedShare = 0.2;
/** GitHub allows 900 points a minute, one for each read, unchanged answers included; half of it is for watching. */
const requestsPerSecond = 7;

/** 2 s while something goes on or somebody looks, else twice as long with every quiet look, up to a minute. */
function wantedMs({ quietLooks }: PaceState, isLookedAt: boolean): number {
  if (quietLooks === 0 || isLookedAt) return shortestMs;
  return Math.min(longestMs, shortestMs * 2 ** Math.min(quietLooks, 10));
}

/** So long that the budget lasts until it is renewed. */
function affordableMs({ chargePerLook }: PaceState, now: number, budget: ForgeBudget | null): number {
  if (!budget || chargePerLook < 0.05 || budget.resetsAt <= now) return 0;
  const left = budget.remaining - budget.limit * reservedShare;
  if (left <= 0) return longestMs;
  return Math.min(longestMs, ((budget.resetsAt - now) * chargePerLook) / left);
}

/**
 * Milliseconds until the next look. A limit is waited for to its end, any other failure twice as long each time, up to a
 * minute.
 */
export function nextDelayMs(
  state: PaceState,
  { now, budget, isLookedAt }: { now: number; budget: ForgeBudget | null; isLookedAt: boolean },
): number {
  if (state.failures > 0) {
    const { failure } = state;
    if (failure instanceof ForgeLimitError) return Math.max(shortestMs, failure.retryAt - now);
    return Math.min(longestMs, shortestMs * 2 ** Math.min(state.failures, 10));
  }
  const byPace = (state.requestsPerLook / requestsPerSecond) * 1000;
  return Math.max(wantedMs(state, isLookedAt), affordableMs(state, now, budget), byPace);
}
