/** The log of the job that a runner of ours runs, else of its last one. */
import type { Shift } from '../../shared/model.ts';
import type { BoardPublisher } from '../board.ts';
import type { Forge } from '../forges/forge.ts';
import type { Clock } from '../platform/clock.ts';
import type { ShiftHistory } from '../runners/shifts.ts';
import {
  better,
  type Feed,
  type FeedTools,
  type Mirror,
  mirror,
  nothingYet,
  type RunFeed,
  type Sight,
  whenAborted,
} from './feed.ts';
import { abortsWhen, type JobHere, type JobOfForge, retryWaitsMs, whenBoard } from './job-source.ts';

export interface RunnerJobContext {
  board: Pick<BoardPublisher, 'current' | 'onChange'>;
  shifts: Pick<ShiftHistory, 'get' | 'put' | 'latest'>;
  clock: Clock;
  forgeOf(repositoryId: string): { forge: Pick<Forge, 'jobOnRunner'>; fullName: string };
  takeLive(job: JobHere): Feed;
  takeJob(job: JobOfForge): Feed;
}

const noJob = 'No job has run on this runner yet. The log of one appears here line by line.';
const notFound = 'The forge has no log of this job.';

/** Goes on with the next job as soon as it begins. */
export function followRunnerJob(runnerId: string, context: RunnerJobContext): RunFeed {
  const { board, takeLive } = context;
  const startOf = (): number | null => board.current().runners[runnerId]?.job?.startedAt ?? null;
  return async ({ tell, signal }) => {
    let live: Mirror | null = null;
    let kept = nothingYet;
    const show = (sight: Sight): void => {
      kept = sight;
      tell(better(live?.sight(), sight));
    };
    try {
      while (!signal.aborted) {
        const startedAt = startOf();
        if (startedAt !== null) {
          live?.stop();
          kept = nothingYet;
          const taken = mirror(takeLive({ runnerId, startedAt }), () => show(kept));
          live = taken;
          await Promise.race([whenBoard(board, signal, () => startOf() !== startedAt), taken.ended]);
        } else {
          const begun = abortsWhen(board, signal, () => startOf() !== null);
          await showLast(runnerId, context, { tell: show, signal: begun }).catch((error: unknown) => {
            // What was taken down is better than nothing, but a disk that is full has to be told.
            if (!live || live.failed() || live.sight().empty !== null) throw error;
            show({ ...nothingYet, complete: true });
          });
          await whenAborted(begun);
        }
      }
    } finally {
      live?.stop();
    }
  };
}

/** Shows the log that the forge has of the runner's last job, until `signal` aborts. */
async function showLast(
  runnerId: string,
  context: RunnerJobContext,
  { tell, signal }: FeedTools,
): Promise<void> {
  const last = context.shifts.latest(runnerId);
  if (!last) return tell({ ...nothingYet, empty: noJob });
  try {
    const job = await findJob(last, context, signal);
    if (signal.aborted) return;
    if (!job) return tell({ ...nothingYet, complete: true, empty: notFound });
    const feed = context.takeJob(job);
    const kept = mirror(feed, () => tell(feed.sight()));
    await Promise.race([whenAborted(signal), kept.ended]).finally(kept.stop);
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}

/** The forge's own job for one that ran here; it may know of it a little later than the runner. Null when it does not. */
async function findJob(
  shift: Shift,
  { shifts, clock, forgeOf }: RunnerJobContext,
  signal: AbortSignal,
): Promise<JobOfForge | null> {
  const { repositoryId, runnerName, startedAt, jobName } = shift;
  if (shift.jobId !== null) return { repositoryId, jobId: shift.jobId };
  for (const waitMs of [...retryWaitsMs, null]) {
    const { forge, fullName } = forgeOf(repositoryId);
    const job = await forge.jobOnRunner(fullName, runnerName, startedAt, signal, jobName);
    if (job) {
      shifts.put({ ...(shifts.get(shift.id) ?? shift), jobId: job.id, url: job.url });
      return { repositoryId, jobId: job.id };
    }
    if (waitMs !== null) await clock.sleep(waitMs, signal).catch(() => {});
    if (signal.aborted) return null;
  }
  return null;
}
