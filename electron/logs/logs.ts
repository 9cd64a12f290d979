/** The logs a person can read: a listener's own, that of a runner's job, that of any job of the forge. */
import { join } from 'node:path';
import type { z } from 'zod';
import { TracksideError } from '../../shared/errors.ts';
import type { LogSource, LogState, logSearchSchema } from '../../shared/model.ts';
import type { BoardPublisher } from '../board.ts';
import type { Forge } from '../forges/forge.ts';
import type { Clock } from '../platform/clock.ts';
import { listenerLogPath } from '../runners/control-folder.ts';
import type { ShiftHistory } from '../runners/shifts.ts';
import { createFeeds, type Feed, type RunFeed, type Sight } from './feed.ts';
import { followFile } from './file-source.ts';
import { abortsWhen, followJob, type JobHere, type JobOfForge } from './job-source.ts';
import { followLiveJob } from './live-source.ts';
import { type LogCache, openLogCache } from './log-cache.ts';
import { searchLog } from './log-search.ts';
import { followRunnerJob } from './runner-job-source.ts';
import { createShelf } from './shelf.ts';

export interface Logs {
  /** How much of a log there is, again whenever that changes, until `signal` aborts. At most ten times a second. */
  follow(input: { source: LogSource; tail: number }, signal?: AbortSignal): AsyncGenerator<LogState>;
  /** Lines of a log that is followed; fewer than `count` where they are long. @throws TracksideError UNKNOWN */
  lines(input: { logId: string; from: number; count: number }): Promise<{ from: number; lines: string[] }>;
  /** Searches what there is by now. @throws TracksideError UNKNOWN */
  search(
    input: { logId: string; query: string; from?: number },
    signal?: AbortSignal,
  ): AsyncGenerator<z.infer<typeof logSearchSchema>>;
  dispose(): Promise<void>;
}

export interface LogsOptions {
  board: Pick<BoardPublisher, 'current' | 'onChange'>;
  /** Throws a TracksideError when there is no such runner. @returns null before its files are there */
  rootOf(runnerId: string): string | null;
  controlFolderOf(runnerId: string): string;
  shifts: Pick<ShiftHistory, 'get' | 'put' | 'latest'>;
  /** Throws a TracksideError when the connection is not usable. */
  forgeOf(repositoryId: string): { forge: Pick<Forge, 'jobLog' | 'jobOnRunner'>; fullName: string };
  cacheFolder: string;
  clock: Clock;
}

const paceMs = 100;
const cacheLimits = { bytes: 1024 ** 3, ageMs: 7 * 24 * 3_600_000 };
const listenerSilent = 'The listener has written nothing yet.';

export function createLogs(options: LogsOptions): Logs {
  const { board, rootOf, controlFolderOf, shifts, forgeOf, cacheFolder, clock } = options;
  const shelf = createShelf(`log-${clock.now()}`);
  const feeds = createFeeds({ clock });
  const folder = join(cacheFolder, 'logs');
  const opening = openLogCache({ folder, clock, limits: cacheLimits });
  // Whoever needs it is told; until then nobody is concerned.
  opening.catch(() => {});
  const withCache =
    (make: (cache: LogCache) => RunFeed): RunFeed =>
    async (tools) =>
      make(await opening)(tools);

  /** Runs with a signal that aborts once `over` is true of the board. */
  const until =
    (over: () => boolean, make: (ended: AbortSignal) => RunFeed): RunFeed =>
    (tools) =>
      make(abortsWhen(board, tools.signal, over))(tools);

  const takeListener = (runnerId: string): Feed => {
    const path = listenerLogPath(controlFolderOf(runnerId));
    const isGone = (): boolean => !board.current().runners[runnerId];
    return feeds.take(
      `listener ${runnerId}`,
      until(isGone, (ended) => followFile(path, { shelf, clock, empty: listenerSilent, ended })),
    );
  };
  const takeLive = ({ runnerId, startedAt }: JobHere): Feed => {
    const isOver = (): boolean => board.current().runners[runnerId]?.job?.startedAt !== startedAt;
    const run = withCache((cache) =>
      until(isOver, (ended) => followLiveJob(rootOf(runnerId), { shelf, cache, clock, ended })),
    );
    return feeds.take(`live ${runnerId} ${startedAt}`, run);
  };
  const takeJob = (job: JobOfForge): Feed => {
    const run = withCache((cache) => followJob(job, { board, shelf, cache, clock, forgeOf, takeLive }));
    return feeds.take(`job ${job.repositoryId} ${job.jobId}`, run);
  };
  const take = (source: LogSource): Feed => {
    if (source.kind === 'job') {
      forgeOf(source.repositoryId);
      return takeJob(source);
    }
    const { runnerId } = source;
    // A runner that is gone has left its jobs.
    if (source.kind === 'listener' || !shifts.latest(runnerId)) rootOf(runnerId);
    if (source.kind === 'listener') return takeListener(runnerId);
    const context = { board, shifts, clock, forgeOf, takeLive, takeJob };
    return feeds.take(`runner job ${runnerId}`, followRunnerJob(runnerId, context));
  };

  return {
    async *follow({ source, tail }, signal = new AbortController().signal) {
      const feed = take(source);
      try {
        let told: LogState | null = null;
        for await (const sight of feed.follow(signal)) {
          const state: LogState = await stateOf(sight, tail, told);
          if (told !== null && !isNews(state, told)) continue;
          yield state;
          told = state;
          await clock.sleep(paceMs, signal).catch(() => {});
        }
      } finally {
        feed.release();
      }
    },
    async lines({ logId, from, count }) {
      return { from, lines: await shelf.get(logId).read(from, count) };
    },
    async *search({ logId, query, from = 0 }, signal = new AbortController().signal) {
      yield* searchLog(shelf.get(logId), query, { from, signal, clock });
    },
    dispose: () => feeds.dispose(),
  };
}

/** @param told what its follower was told last: the lines of that are not told again, but for one that may have grown */
async function stateOf(sight: Sight, tail: number, told: LogState | null): Promise<LogState> {
  const { log, complete, fetched, empty } = sight;
  if (!log) return { logId: '', lines: 0, bytes: 0, complete, fetched, tail: [], empty };
  const lines = log.lines();
  const bytes = log.bytes();
  const news = told?.logId === log.id ? lines - told.lines + 1 : lines;
  const last = await log.readLast(lines, Math.min(tail, news, lines)).catch(noneWhereClosed);
  return { logId: log.id, lines, bytes, complete, fetched, tail: last, empty };
}

/** The log was closed at this moment; another one is told next. */
function noneWhereClosed(error: unknown): string[] {
  if (error instanceof TracksideError && error.code === 'UNKNOWN') return [];
  throw error;
}

function isNews(state: LogState, told: LogState): boolean {
  return (
    state.logId !== told.logId ||
    state.bytes !== told.bytes ||
    state.complete !== told.complete ||
    state.fetched !== told.fetched ||
    state.empty !== told.empty
  );
}
