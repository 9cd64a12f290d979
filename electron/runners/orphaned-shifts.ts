/**
 * Jobs that ran on a runner whose record was lost: nobody here follows its listener any more, so the forge is asked how
 * they ended.
 */
import type { Shift } from '../../shared/model.ts';
import type { BoardPublisher } from '../board.ts';
import type { ForgeRunJob } from '../forges/forge.ts';
import type { Clock } from '../platform/clock.ts';
import type { ForgeRepository } from './deploy.ts';
import type { ShiftHistory } from './shifts.ts';

export interface OrphanedShifts {
  /** Takes up those that an earlier engine left open; once the runners that are known are on the board. */
  resume(): void;
  dispose(): void;
}

const firstWaitMs = 5000;
const longestWaitMs = 60_000;
/** No job may run for longer than five days on a runner of one's own. */
const patienceMs = 5 * 24 * 3_600_000;

const results: Record<string, NonNullable<Shift['result']>> = {
  success: 'Succeeded',
  cancelled: 'Canceled',
  skipped: 'Skipped',
};

/** @param forgeOf throws while the repository's connection cannot be used */
export function createOrphanedShifts(options: {
  board: Pick<BoardPublisher, 'current'>;
  shifts: ShiftHistory;
  forgeOf(repositoryId: string): ForgeRepository;
  clock: Clock;
}): OrphanedShifts {
  const { board, shifts, forgeOf, clock } = options;
  const disposed = new AbortController();
  const { signal } = disposed;

  const jobOf = async ({
    repositoryId,
    runnerName,
    startedAt,
    jobName,
  }: Shift): Promise<ForgeRunJob | null> => {
    try {
      const { forge, fullName } = forgeOf(repositoryId);
      return await forge.jobOnRunner(fullName, runnerName, startedAt, signal, jobName);
    } catch {
      // Whatever is wrong with the connection is told elsewhere, and may be mended.
      return null;
    }
  };
  const follow = async (shift: Shift): Promise<void> => {
    const startedAt = clock.now();
    for (let waitMs = firstWaitMs; ; waitMs = Math.min(waitMs * 2, longestWaitMs)) {
      const job = await jobOf(shift);
      signal.throwIfAborted();
      if (job?.ended) return shifts.put(endedAs(shift, job, clock.now()));
      if (clock.now() - startedAt > patienceMs) return shifts.put(endedAs(shift, null, clock.now()));
      await clock.sleep(waitMs, signal);
    }
  };

  return {
    resume() {
      const { shifts: rows, runners } = board.current();
      for (const shift of Object.values(rows)) {
        // Only disposal rejects.
        if (shift.endedAt === null && !runners[shift.runnerId]) follow(shift).catch(() => {});
      }
    },
    dispose: () => disposed.abort(),
  };
}

/** @param job null: the forge never told of its end */
function endedAs(shift: Shift, job: ForgeRunJob | null, now: number): Shift {
  const result = results[job?.conclusion ?? ''] ?? (job ? 'Failed' : 'Lost');
  const known = result === 'Failed' || result === 'Lost' ? untold : null;
  const found = job ? { jobId: job.id, url: job.url } : {};
  return { ...shift, ...found, endedAt: job?.endedAt ?? now, result, verdict: known };
}

const untold: Shift['verdict'] = {
  cause: 'unknown',
  sentence:
    'The record of its runner was lost while the job ran, so whether the runner or the job failed cannot be told. Look at the job’s log on the forge.',
  rerun: null,
};
