/** Notices the end of a process that is not our child. */
import { watch } from 'node:fs';
import type { Clock } from '../platform/clock.ts';
import type { ProcessTable } from '../platform/processes.ts';

const pollMs = 1000;
/** A shim that has recorded the exit code is gone a moment later. */
const soonMs = 20;

/**
 * Resolves when the process is gone: looked at when the shim records the exit code, and once a second. Stays pending
 * when `signal` aborts first.
 */
export function watchForEnd(options: {
  pid: number;
  startToken: string;
  controlFolder: string;
  signal: AbortSignal;
  processes: ProcessTable;
  clock: Clock;
}): Promise<void> {
  const { pid, startToken, controlFolder, signal, processes, clock } = options;
  return new Promise((resolve) => {
    const ending = new AbortController();
    const finish = (): void => {
      if (ending.signal.aborted) return;
      ending.abort();
      if (!signal.aborted) resolve();
    };
    const alive = async (): Promise<boolean> => {
      const info = await processes.find(pid).catch(() => undefined);
      return info === undefined || info?.startToken === startToken;
    };
    const look = async (): Promise<void> => {
      if (!ending.signal.aborted && !(await alive())) finish();
    };
    const lookTwice = async (): Promise<void> => {
      await look();
      if (!ending.signal.aborted) clock.after(soonMs, () => void look());
    };
    const stopPolling = clock.every(pollMs, () => void look());
    ending.signal.addEventListener('abort', stopPolling);
    signal.addEventListener('abort', finish, { signal: ending.signal });
    try {
      const watcher = watch(controlFolder, (_event, name) => {
        if (name === null || name === 'exit') void lookTwice();
      });
      watcher.on('error', () => watcher.close());
      ending.signal.addEventListener('abort', () => watcher.close());
    } catch {
      // No watch to be had (limits, a file system without them): the poll finds it.
    }
  });
}
