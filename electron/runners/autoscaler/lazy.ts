/** Lazy: one runner at a time, once a job has waited for a while; away at the first idle deadline. */
import type { Policy } from './policy.ts';

/** How long the longest waiting job must have waited. */
export const lazyPatienceMs = 30_000;

/** Starts a runner only when none is coming or idle. A spare that is there counts as the one. */
export const lazy: Policy = ({ input, coming, idle }) => {
  const { minRunners, idleTimeoutMs, queuedAt, now } = input;
  const isAnyReady = coming + idle.length > 0;
  const startsAt = queuedAt[0] === undefined || isAnyReady ? null : queuedAt[0] + lazyPatienceMs;
  const isTime = startsAt !== null && startsAt <= now;
  return {
    ready: Math.max(minRunners, isTime ? 1 : 0),
    staysUntil: ({ since }) => since + idleTimeoutMs,
    nextAt: isTime || minRunners > 0 ? null : startsAt,
  };
};
