/** What a new engine does with the runners of the one before it: adopt, resume, or take back. */
import type { DeployStep } from '../../shared/model.ts';
import { controlFolderOf } from './deploy.ts';
import type { LiveRunner } from './live-runner.ts';
import type { RunnerProcesses } from './process.ts';
import type { ShiftHistory } from './shifts.ts';

export interface RecoveryContext {
  processes: RunnerProcesses;
  shifts: ShiftHistory;
  folderOf(runnerId: string): string;
  now(): number;
}

/**
 * Brings one runner back to what was last asked of it. A listener that lives is adopted, never restarted: it may run a
 * job. A deploy that had registered goes on; one that had not is taken back and can be retried.
 */
export async function recoverRunner(live: LiveRunner, context: RecoveryContext): Promise<void> {
  const { entry } = live;
  const { clone, registration, process, wanted } = entry.record();
  const { state } = entry.runner();
  const deployed = registration === 'yes' && clone !== null;
  const unfinished = entry.runner().steps.some(({ status }) => status !== 'done');
  if (!deployed && state === 'deploying') {
    const step = entry.runner().steps.find(({ status }) => status === 'active')?.id ?? 'its start';
    return live.rollBack(
      `Trackside ended while this runner was being deployed (${step}); that was taken back.`,
    );
  }
  if (deployed && state !== 'stopped' && state !== 'failed') {
    const controlFolder = controlFolderOf(context.folderOf(entry.id));
    const found = await context.processes.adopt({ runnerRoot: clone.root, controlFolder, recorded: process });
    if (found && 'stop' in found) {
      if (state === 'deploying') await entry.move('starting', 'Its listener was found at work.');
      if (unfinished) await entry.save({}, { steps: doneSteps(live) });
      live.adopt(found);
    } else closeShift(entry.id, context);
  }
  // A configuration for one job is not kept anywhere: without its listener there is nothing to go on with.
  const spent = entry.record().ephemeral && !live.supervision();
  if (wanted === 'removed' || state === 'removing' || spent) return live.remove('drain');
  if (wanted === 'stopped') return state === 'stopped' || state === 'failed' ? undefined : live.stop('drain');
  if (live.supervision() || state === 'failed' || state === 'stopped') return;
  return unfinished ? live.deploy() : live.start();
}

/** The steps of a deploy whose last one happened unseen. */
function doneSteps({ entry }: LiveRunner): DeployStep[] {
  return entry.runner().steps.map((step) => ({ ...step, status: 'done', progress: 1 }));
}

/** A job that was running when its listener died unseen will not report its end any more. */
function closeShift(runnerId: string, { shifts, now }: RecoveryContext): void {
  const open = shifts.open(runnerId);
  if (open) shifts.put({ ...open, endedAt: now(), result: 'Lost' });
}
