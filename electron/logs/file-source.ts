/** A log that is followed where it lies, such as a listener's own. */
import { basename, dirname } from 'node:path';
import type { Clock } from '../platform/clock.ts';
import { createWaker } from '../runners/waker.ts';
import { type RunFeed, whenAborted } from './feed.ts';
import type { LogFile } from './log-file.ts';
import type { Shelf } from './shelf.ts';

const pollMs = 1000;
/** A log that is written all the time is looked at so often. */
const restMs = 50;

/**
 * Follows a file as it grows, is replaced or cut short: then it is another log.
 * @param options `empty`: the sentence for a log that is not there or has nothing in it; `ended`: aborts when nothing
 * will be written any more
 */
export function followFile(
  path: string,
  { shelf, clock, empty, ended }: { shelf: Shelf; clock: Clock; empty: string; ended: AbortSignal },
): RunFeed {
  return async ({ tell, signal }) => {
    const over = AbortSignal.any([signal, ended]);
    const folders = [dirname(path)];
    const concerns = (name: string): boolean => name === basename(path);
    const waker = createWaker({ folders, concerns, pollMs, clock, signal: over });
    let log: LogFile | null = null;
    const show = (complete: boolean): void =>
      tell({ log, complete, fetched: null, empty: log && log.lines() > 0 ? null : empty });
    try {
      while (!over.aborted) {
        // Asked before reading, so that the old file is known to be complete when it has been read.
        const replaced = await log?.replaced();
        await log?.grow(over, () => show(false));
        if (log === null || replaced) {
          const next = await shelf.open(path);
          await log?.close();
          log = next;
          await log?.grow(over, () => show(false));
        }
        show(false);
        await waker.next();
        await clock.sleep(restMs, over).catch(() => {});
      }
      if (signal.aborted) return;
      await log?.grow(signal);
      show(true);
      await whenAborted(signal);
    } finally {
      waker.dispose();
      await log?.close();
    }
  };
}
