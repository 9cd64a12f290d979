/** What became of the jobs that waited for one cause, in one sentence. */
import type { Board } from '../../shared/board.ts';
import { formatCount, formatRoughly } from '../../shared/format.ts';
import type { Job } from '../../shared/model.ts';

/** What was last seen of a job that once waited. */
interface Fate {
  queuedAt: number;
  began: { runnerName: string | null; at: number } | null;
  /** Why it waits now, when that is something else. */
  other: string | null;
}

export interface JobFates {
  /** Remembers jobs that wait for it now, and looks what became of those of earlier. */
  follow(waiting: readonly Job[], board: Pick<Board, 'jobs' | 'waits' | 'shifts'>): void;
  /** How the waiting ended. @param most jobs that waited at a time */
  ending(most: number): string;
}

function beginningOf(
  job: Job | undefined,
  jobId: number | null,
  { shifts }: Pick<Board, 'shifts'>,
): Fate['began'] {
  if (job?.status === 'in_progress' && job.startedAt !== null) {
    return { runnerName: job.runnerName, at: job.startedAt };
  }
  if (job || jobId === null) return null;
  const shift = Object.values(shifts).find((candidate) => candidate.jobId === jobId);
  return shift ? { runnerName: shift.runnerName, at: shift.startedAt } : null;
}

/** Only those that waited to the end count: the others had begun while it still went on. */
export function createJobFates(waitId: string): JobFates {
  let last = new Map<string, { jobId: number | null; fate: Fate }>();
  return {
    follow(waiting, board) {
      if (waiting.length > 0) last = new Map();
      for (const { id, jobId, queuedAt } of waiting) {
        last.set(id, { jobId, fate: { queuedAt, began: null, other: null } });
      }
      if (waiting.length > 0) return;
      for (const [id, { jobId, fate }] of last) {
        const job = board.jobs[id];
        fate.began ??= beginningOf(job, jobId, board);
        const now = job?.waitId && job.waitId !== waitId ? board.waits[job.waitId] : undefined;
        fate.other = now?.sentence ?? null;
      }
    },
    ending(most) {
      const fates = [...last.values()].map(({ fate }) => fate);
      const began = fates
        .flatMap(({ began: beginning, queuedAt }) => (beginning ? [{ ...beginning, queuedAt }] : []))
        .toSorted((one, other) => one.at - other.at);
      const [first] = began;
      if (first) {
        const where = first.runnerName === null ? '' : ` on ${first.runnerName}`;
        const when = `after ${formatRoughly(first.at - first.queuedAt)}`;
        if (fates.length === 1) return `The ${most > 1 ? 'last ' : ''}job began${where} ${when}.`;
        const many =
          began.length === fates.length
            ? `All ${fates.length} jobs`
            : `${began.length} of ${fates.length} jobs`;
        return `${many} began, the first${where} ${when}.`;
      }
      if (fates.length === 0) return 'No job waits for it any more.';
      const other = fates.find((fate) => fate.other !== null)?.other;
      const them = fates.length > 1 ? formatCount(fates.length, 'job') : 'The job';
      if (other) return `${them} ${fates.length > 1 ? 'wait' : 'waits'} for something else now: ${other}`;
      return fates.length > 1
        ? 'The jobs are not in the queue any more: they were cancelled, or have run elsewhere.'
        : 'The job is not in the queue any more: it was cancelled, or has run elsewhere.';
    },
  };
}
