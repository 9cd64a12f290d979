/** The log of a job that runs on one of our runners: the worker's own pieces, taken down as they come. */
import type { Clock } from '../platform/clock.ts';
import { followJobLog } from '../runners/log-follow.ts';
import { type RunFeed, whenAborted } from './feed.ts';
import type { LogCache, WrittenLog } from './log-cache.ts';
import type { LogFile } from './log-file.ts';
import type { Shelf } from './shelf.ts';

/** The worker's last words are read a moment after the listener told of the job's end. */
const lastWordsMs = 300;

/**
 * Takes the log of one job down for as long as it is followed; the worker deletes its pieces as it uploads them.
 * @param options `ended`: aborts when the job has ended
 */
export function followLiveJob(
  runnerRoot: string | null,
  options: { shelf: Shelf; cache: LogCache; clock: Clock; ended: AbortSignal },
): RunFeed {
  const { shelf, cache, clock, ended } = options;
  return async ({ tell, signal }) => {
    const silent = new AbortController();
    const hush = (): void => void clock.after(lastWordsMs, () => silent.abort());
    if (ended.aborted) hush();
    else ended.addEventListener('abort', hush, { once: true });
    let spool: WrittenLog | null = null;
    let log: LogFile | null = null;
    const show = (complete: boolean): void =>
      tell({
        log,
        complete,
        fetched: null,
        empty: log && log.lines() > 0 ? null : 'It has written nothing yet.',
      });
    const letGo = async (): Promise<void> => {
      await log?.close();
      await spool?.close();
      if (spool) await cache.discard(spool.path);
    };
    try {
      if (runnerRoot === null) throw new Error('A runner without files runs a job');
      const following = { signal: AbortSignal.any([signal, silent.signal]), clock };
      for await (const { reset, lines } of followJobLog(runnerRoot, following)) {
        // What begins after the end is the next job's.
        if (reset && ended.aborted) break;
        if (reset || !spool) {
          await letGo();
          spool = await cache.write('the log of a running job', null);
          log = await shelf.open(spool.path);
        }
        if (lines.length > 0) await spool.append(`${lines.join('\n')}\n`);
        await log?.grow(signal);
        show(false);
      }
      show(true);
      await whenAborted(signal);
    } finally {
      ended.removeEventListener('abort', hush);
      await letGo();
    }
  };
}
