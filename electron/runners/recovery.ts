/** What a new engine does with the runners of the one before it: adopt, resume, or take back. */
import { readFile } from 'node:fs/promises';
import type { DeployStep } from '../../shared/model.ts';
import type { Clock } from '../platform/clock.ts';
import { listenerLogPath } from './control-folder.ts';
import { controlFolderOf } from './deploy.ts';
import { parseListenerLine } from './listener-lines.ts';
import type { LiveRunner } from './live-runner.ts';
import type { RunnerProcesses } from './process.ts';
import { createShiftRecorder } from './shift-recorder.ts';
import type { ShiftHistory } from './shifts.ts';
import type { Verdicts } from './verdicts.ts';

export interface RecoveryContext {
  processes: RunnerProcesses;
  shifts: ShiftHistory;
  folderOf(runnerId: string): string;
  verdicts: Verdicts;
  clock: Clock;
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
    } else await closeShift(live, found?.exited ?? null, context);
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

/** A job that was running when its listener died unseen: its last words may tell how it ended, else it is lost. */
async function closeShift(live: LiveRunner, code: number | null, context: RecoveryContext): Promise<void> {
  const { entry } = live;
  const controlFolder = controlFolderOf(context.folderOf(entry.id));
  const runnerRoot = entry.record().clone?.root;
  const recorder = createShiftRecorder({
    ...context,
    entry,
    folders: runnerRoot === undefined ? null : { runnerRoot, controlFolder },
    pids: async () => [],
  });
  const words = await readFile(listenerLogPath(controlFolder), 'utf8').catch(() => '');
  for (const line of words.split('\n')) {
    const event = parseListenerLine(line);
    if (event) recorder.take(event);
  }
  await recorder.close(code);
}
