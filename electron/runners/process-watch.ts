/** Notices the end of processes that are not our children. */
import { watch } from 'node:fs';
import type { Clock } from '../platform/clock.ts';
import type { ProcessTable } from '../platform/processes.ts';

/** How often all of them are asked for together. */
const pollMs = 1000;
/** In so many of these, each is looked at closely: its number may have been given to another, or nobody waits for it. */
const closeLookEvery = 10;
/** A shim that has recorded the exit code is gone a moment later. */
const soonMs = 20;

export interface EndWatch {
  /**
   * Resolves when the process is gone: looked for when the shim records the exit code, and once a second. Stays pending
   * when `signal` aborts first.
   */
  untilEnd(options: {
    pid: number;
    startToken: string;
    controlFolder: string;
    signal: AbortSignal;
  }): Promise<void>;
}

interface Watched {
  pid: number;
  startToken: string;
  finish(): void;
}

export function createEndWatch(options: {
  processes: Pick<ProcessTable, 'exists' | 'findAll'>;
  clock: Clock;
}): EndWatch {
  const { processes, clock } = options;
  const watched = new Set<Watched>();
  let stopPolling: (() => void) | null = null;
  let isLooking = false;
  let polls = 0;

  const look = async (some: readonly Watched[]): Promise<void> => {
    if (some.length === 0) return;
    const found = await processes.findAll(some.map(({ pid }) => pid)).catch(() => null);
    if (!found) return;
    for (const one of some) if (found.get(one.pid)?.startToken !== one.startToken) one.finish();
  };
  const poll = (): void => {
    if (isLooking) return;
    isLooking = true;
    polls += 1;
    const isClose = polls % closeLookEvery === 0;
    const doubtful = [...watched].filter(({ pid }) => isClose || !processes.exists(pid));
    void look(doubtful).finally(() => {
      isLooking = false;
    });
  };
  const add = (one: Watched): void => {
    watched.add(one);
    stopPolling ??= clock.every(pollMs, poll);
  };
  const remove = (one: Watched): void => {
    watched.delete(one);
    if (watched.size > 0) return;
    stopPolling?.();
    stopPolling = null;
  };

  return {
    untilEnd({ pid, startToken, controlFolder, signal }) {
      return new Promise((resolve) => {
        const ending = new AbortController();
        const finish = (): void => {
          if (ending.signal.aborted) return;
          ending.abort();
          remove(one);
          if (!signal.aborted) resolve();
        };
        const one: Watched = { pid, startToken, finish };
        const lookTwice = async (): Promise<void> => {
          await look([one]);
          if (!ending.signal.aborted) clock.after(soonMs, () => void look([one]));
        };
        add(one);
        signal.addEventListener('abort', finish, { signal: ending.signal });
        if (signal.aborted) finish();
        else whenExitIsRecorded(controlFolder, () => void lookTwice(), ending.signal);
      });
    },
  };
}

/** Without a watch to be had (limits, a file system without them), the poll finds it. */
function whenExitIsRecorded(controlFolder: string, callback: () => void, until: AbortSignal): void {
  try {
    const watcher = watch(controlFolder, (_event, name) => {
      if (name === null || name === 'exit') callback();
    });
    watcher.on('error', () => watcher.close());
    until.addEventListener('abort', () => watcher.close());
  } catch {
    // The poll finds it.
  }
}
