/** Tells when to look at some files again: when their folders change, and now and then in case that was missed. */
import { type FSWatcher, watch } from 'node:fs';
import type { Clock } from '../platform/clock.ts';

export interface Waker {
  /** Resolves at the next occasion to look; at once when there was one since the last call, or `signal` has aborted. */
  next(): Promise<void>;
  dispose(): void;
}

/**
 * @param options `pollMs`: how often it is an occasion to look although nothing told of a change; `watchedPollMs`: the
 * same as long as every folder is watched, default `pollMs`
 * @param folders watched without what lies deeper, outer before inner; they need not exist yet, and one that appears in
 * another of them is watched at once
 * @param concerns whether a change to this name is worth a look
 */
export function createWaker(options: {
  folders: readonly string[];
  concerns: (name: string) => boolean;
  pollMs: number;
  watchedPollMs?: number;
  clock: Clock;
  signal: AbortSignal;
}): Waker {
  const { folders, concerns, pollMs, watchedPollMs = pollMs, clock, signal } = options;
  const watchers = new Map<string, FSWatcher>();
  let due = false;
  let wake = (): void => {};
  const mark = (): void => {
    due = true;
    wake();
  };
  const onChange = (name: string | null): void => {
    const appeared = watchers.size < folders.length && watchFolders();
    if (appeared || name === null || concerns(name)) mark();
  };
  /** Watches those that are not watched yet; tells whether there was one. */
  const watchFolders = (): boolean => {
    const before = watchers.size;
    for (const folder of folders) {
      if (watchers.has(folder)) continue;
      try {
        const watcher = watch(folder, (_event, name) => onChange(name));
        watcher.on('error', () => {
          watcher.close();
          watchers.delete(folder);
          pollNext();
        });
        watchers.set(folder, watcher);
      } catch {
        // Not there yet, or no watch to be had: the poll looks.
      }
    }
    return watchers.size > before;
  };
  let cancelPoll = (): void => {};
  function pollNext(): void {
    cancelPoll();
    cancelPoll = clock.after(watchers.size === folders.length ? watchedPollMs : pollMs, () => {
      watchFolders();
      mark();
      pollNext();
    });
  }
  watchFolders();
  pollNext();
  signal.addEventListener('abort', mark);
  return {
    async next() {
      if (!due && !signal.aborted) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      due = false;
    },
    dispose() {
      cancelPoll();
      signal.removeEventListener('abort', mark);
      for (const watcher of watchers.values()) watcher.close();
    },
  };
}
