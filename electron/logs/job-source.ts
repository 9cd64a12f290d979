/** The log of any job of the forge: live while one of our runners runs it, afterwards as the forge keeps it. */
import { TracksideError } from '../../shared/errors.ts';
import type { Job } from '../../shared/jobs.ts';
import type { BoardPublisher } from '../board.ts';
import type { Forge, ForgeDownload } from '../forges/forge.ts';
import type { Clock } from '../platform/clock.ts';
import {
  better,
  type Feed,
  type Mirror,
  mirror,
  nothingYet,
  type RunFeed,
  type Sight,
  whenAborted,
} from './feed.ts';
import { showFetched, showKept } from './forge-source.ts';
import type { LogCache } from './log-cache.ts';
import type { Shelf } from './shelf.ts';

/** A job that one of our runners runs now. */
export interface JobHere {
  runnerId: string;
  startedAt: number;
}

export interface JobSourceContext {
  board: Pick<BoardPublisher, 'current' | 'onChange'>;
  shelf: Shelf;
  cache: LogCache;
  clock: Clock;
  forgeOf(repositoryId: string): { forge: Pick<Forge, 'jobLog'>; fullName: string };
  /** Follows the log of a job that runs here. */
  takeLive(job: JobHere): Feed;
}

export interface JobOfForge {
  repositoryId: string;
  jobId: number;
}

/** The forge has a job's log a moment after its end; after these waits it is taken to have none. */
export const retryWaitsMs = [1000, 2000, 4000, 8000, 15_000, 30_000];
/** Still followed then, it is looked at so often. */
const lateRetryMs = 60_000;
const noLog =
  'The forge has no log of this job: it gives one only when a job has ended, and deletes it after a while.';

export function followJob(job: JobOfForge, context: JobSourceContext): RunFeed {
  return async ({ tell, signal }) => {
    let live: Mirror | null = null;
    let kept = nothingYet;
    const show = (sight: Sight): void => {
      kept = sight;
      tell(better(live?.sight(), sight));
    };
    const place = { ...context, path: context.cache.pathOf(`${job.repositoryId}-${job.jobId}`) };
    try {
      if (await showKept(place, { tell: show, signal })) return;
      for (let tries = 0; !signal.aborted; ) {
        const here = jobHere(context.board, job);
        if (here) {
          live?.stop();
          const taken = mirror(context.takeLive(here), () => show(kept));
          live = taken;
          await Promise.race([whenNotHere(job, here, context, signal), taken.ended]);
          continue;
        }
        const row = rowOf(context.board, job);
        if (row) {
          show({ ...nothingYet, empty: sentenceOf(row) });
          await whenElsewhere(job, row, context, signal);
          continue;
        }
        const download = await askForge(job, context, signal);
        if (download) return await showFetched(place, download, { tell: show, signal });
        const waitMs = retryWaitsMs[tries];
        tries += 1;
        show({ ...nothingYet, complete: waitMs === undefined, empty: noLog });
        await context.clock.sleep(waitMs ?? lateRetryMs, signal).catch(() => {});
      }
    } catch (error) {
      // What was taken down is better than nothing, but a disk that is full has to be told.
      if (signal.aborted || !live || live.failed() || live.sight().empty !== null) throw error;
      show({ ...nothingYet, complete: true });
      await whenAborted(signal);
    } finally {
      live?.stop();
    }
  };
}

/** Null where the forge has none, or not yet. */
async function askForge(
  { repositoryId, jobId }: JobOfForge,
  { forgeOf }: JobSourceContext,
  signal: AbortSignal,
): Promise<ForgeDownload | null> {
  const { forge, fullName } = forgeOf(repositoryId);
  return forge.jobLog(fullName, jobId, signal).catch(whereUnknown);
}

/** Resolves when the job is not where it was. */
const whenNotHere = (
  job: JobOfForge,
  { startedAt }: JobHere,
  { board }: JobSourceContext,
  signal: AbortSignal,
): Promise<void> => whenBoard(board, signal, () => jobHere(board, job)?.startedAt !== startedAt);

/** Resolves when another sentence is to be said of the job, or none. */
const whenElsewhere = (
  job: JobOfForge,
  row: Job,
  { board }: JobSourceContext,
  signal: AbortSignal,
): Promise<void> =>
  whenBoard(board, signal, () => {
    const now = rowOf(board, job);
    return !now || sentenceOf(now) !== sentenceOf(row) || jobHere(board, job) !== null;
  });

function whereUnknown(error: unknown): null {
  if (error instanceof TracksideError && error.code === 'UNKNOWN') return null;
  throw error;
}

function rowOf(board: Pick<BoardPublisher, 'current'>, { repositoryId, jobId }: JobOfForge): Job | null {
  const rows = Object.values(board.current().jobs);
  return rows.find((row) => row.jobId === jobId && row.repositoryId === repositoryId) ?? null;
}

/** The runner of ours that runs the job now, by our own note of it, else by the forge's; null where none does. */
function jobHere(board: Pick<BoardPublisher, 'current'>, job: JobOfForge): JobHere | null {
  const { shifts, runners } = board.current();
  const shift = Object.values(shifts).find(
    ({ jobId, repositoryId, endedAt }) =>
      jobId === job.jobId && repositoryId === job.repositoryId && endedAt === null,
  );
  const row = rowOf(board, job);
  const runner = Object.values(runners).find(
    ({ id, name, repositoryId, job: runs }) =>
      id === shift?.runnerId ||
      (row?.status === 'in_progress' &&
        repositoryId === job.repositoryId &&
        name === row.runnerName &&
        runs?.name === row.name),
  );
  return runner?.job ? { runnerId: runner.id, startedAt: runner.job.startedAt } : null;
}

function sentenceOf({ status, runnerName }: Job): string {
  if (status !== 'in_progress') return 'This job has not begun. Its log is here when it runs.';
  const where = runnerName === null ? 'another machine' : runnerName;
  return `This job runs on ${where}, where it cannot be read along: the forge gives a log only when the job has ended.`;
}

/** Resolves when the board satisfies `condition`, or `signal` aborts. */
export function whenBoard(
  board: Pick<BoardPublisher, 'onChange'>,
  signal: AbortSignal,
  condition: () => boolean,
): Promise<void> {
  return new Promise((resolve) => {
    const check = (): void => {
      if (!signal.aborted && !condition()) return;
      stop();
      signal.removeEventListener('abort', check);
      resolve();
    };
    const stop = board.onChange(({ kind, ...change }) => {
      if (kind !== 'panel' && 'table' in change && tables.has(change.table)) check();
    });
    signal.addEventListener('abort', check);
    check();
  });
}

/** A signal that aborts once `condition` is true of the board, or with `signal`. */
export function abortsWhen(
  board: Pick<BoardPublisher, 'onChange'>,
  signal: AbortSignal,
  condition: () => boolean,
): AbortSignal {
  const ending = new AbortController();
  void whenBoard(board, signal, condition).then(() => ending.abort());
  return ending.signal;
}

const tables: ReadonlySet<string> = new Set(['jobs', 'shifts', 'runners']);
