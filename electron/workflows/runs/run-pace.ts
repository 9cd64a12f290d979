/** How often a run that somebody looks at is read again, and when there is nothing more to read. */
import type { ForgeRunJob, RunSight } from '../../forges/forge.ts';

const activeMs = 2000;
const waitingMs = 10_000;
/** How long it is read often after something changed: one thing seldom comes alone. */
const livelyMs = 10_000;
/** A run that ended so long ago has nothing more to come. */
const settledMs = 60_000;

export interface PaceFacts {
  /** Epoch milliseconds. */
  now: number;
  sight: Pick<RunSight, 'run' | 'jobs'>;
  /** When something about it was last read anew, or is known to have changed. */
  newsAt: number;
}

/** Milliseconds between two readings: more while all its jobs only wait. */
export function runPaceMs({ now, sight, newsAt }: PaceFacts): number {
  const isUnderWay = (job: ForgeRunJob): boolean => job.status === 'in_progress';
  return sight.jobs.some(isUnderWay) || now - newsAt < livelyMs ? activeMs : waitingMs;
}

/**
 * Whether a run has ended and everything of it was read.
 * @param endedBefore it had ended already when it was read the time before
 */
export function isSettled(
  { run }: Pick<RunSight, 'run'>,
  { now, isNews, endedBefore }: { now: number; isNews: boolean; endedBefore: boolean },
): boolean {
  if (run.status !== 'completed') return false;
  return now - run.updatedAt > settledMs || (endedBefore && !isNews);
}
