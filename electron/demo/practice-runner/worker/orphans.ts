/** Ends what a job left running, known by the tracking id in its environment (JobExtension.cs). */
import { randomUUID } from 'node:crypto';
import type { StepLog } from './log.ts';
import { hasVariable, kill, listProcesses } from './process-table.ts';

export const trackingVariable = 'RUNNER_TRACKING_ID';

export interface OrphanTracker {
  /** Value of `RUNNER_TRACKING_ID` for the job's processes. */
  id: string;
  /** Kills them, and says so. */
  cleanUp(log: StepLog): void;
}

/** Processes that run already are none of the job's. */
export function createOrphanTracker(): OrphanTracker {
  const id = `github_${randomUUID()}`;
  const before = new Set(listProcesses().map(({ pid, name }) => `${pid}_${name}`));
  return {
    id,
    cleanUp(log) {
      log.write('Cleaning up orphan processes');
      for (const { pid, name } of listProcesses()) {
        if (pid === process.pid || before.has(`${pid}_${name}`)) continue;
        if (!hasVariable(pid, trackingVariable, id)) continue;
        log.write(`Terminate orphan process: pid (${pid}) (${name})`);
        kill(pid, 'SIGKILL');
      }
    },
  };
}
