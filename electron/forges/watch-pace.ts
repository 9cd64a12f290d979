/** When a repository is looked at next, and how. */
import type { QueueLook } from './forge.ts';
import { ForgeLimitError } from './forge-limit.ts';
import { looksPerInterval } from './watch-plan.ts';

export type LookScope = QueueLook['scope'];

export interface WatchFailure {
  /** What the last look failed with. */
  error: Error;
  /** When it failed. */
  at: number;
  /** How many did in a row. */
  count: number;
}

export interface PaceFacts {
  /** Epoch milliseconds. */
  now: number;
  /** When the last look began; null before the first. */
  startedAt: number | null;
  /** Something is known to have changed. */
  hurried: boolean;
  failure: WatchFailure | null;
  intervalMs: number;
}

const shortestFailedMs = 2000;
const longestFailedMs = 60_000;
/** Least time between the beginnings of two looks, however often one is asked for. */
const hurriedMs = 500;

/** A limit is waited for to its end, any other failure twice as long each time, up to a minute. */
function failedMs({ error, at, count }: WatchFailure): number {
  if (error instanceof ForgeLimitError) return Math.max(shortestFailedMs, error.retryAt - at);
  return Math.min(longestFailedMs, shortestFailedMs * 2 ** Math.min(count, 10));
}

/** What is left of a pause. A clock that was set back must not hold it up for as long as it was set back. */
function leftOf(pauseMs: number, since: number, now: number): number {
  return Math.min(pauseMs, Math.max(0, since + pauseMs - now));
}

export function nextLook(facts: PaceFacts): { delayMs: number; scope: LookScope } {
  const { now, startedAt, hurried, failure, intervalMs } = facts;
  if (failure) return { delayMs: leftOf(failedMs(failure), failure.at, now), scope: 'both' };
  const scope = hurried ? 'both' : 'next';
  if (startedAt === null) return { delayMs: 0, scope };
  return { delayMs: leftOf(hurried ? hurriedMs : intervalMs / looksPerInterval, startedAt, now), scope };
}
