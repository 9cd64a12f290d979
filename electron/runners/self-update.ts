/** The runner's own update: the listener ends, a script it leaves behind replaces `bin` and tells when it is done. */
import { access, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../platform/clock.ts';

/** Whether the listener ended for its update, normally or after its one job (Constants.cs). */
export function isUpdating(exitCode: number | null): boolean {
  return exitCode === 3 || exitCode === 4;
}

const attempts = 31;
const pauseMs = 1000;

/**
 * Waits for the update's end, at most some 31 s: longer than that, and it has failed and the old version is to be
 * started (run-helper.sh.template).
 * @returns whether it was finished
 */
export async function waitForUpdate(runnerRoot: string, clock: Clock): Promise<boolean> {
  const finished = join(runnerRoot, 'update.finished');
  for (let attempt = 0; attempt < attempts; attempt += 1) {
    const there = await access(finished).then(
      () => true,
      () => false,
    );
    if (there) {
      await rm(finished, { force: true });
      return true;
    }
    await clock.sleep(pauseMs);
  }
  return false;
}
