/** What a step of the workflow, or a hook of the runner's administrator, does. */
import { existsSync } from 'node:fs';
import type { JobMessage, JobMessageStep } from '../../github/workflow/job-message.ts';
import { runUploadStep } from './artifact-step.ts';
import type { Stop } from './channel.ts';
import type { StepLog } from './log.ts';
import { type JobState, runScript, type ScriptResult } from './script.ts';

export type StepWork = (log: StepLog) => Promise<ScriptResult>;

/** Steps that run whatever came before go on after a cancellation too, but not when the runner is being stopped. */
export function isDue(
  condition: JobMessageStep['condition'],
  status: 'success' | 'failure' | 'cancelled',
  stop: Stop,
): boolean {
  if (stop.reason() === 'shutdown') return false;
  return condition === 'always' || condition === status;
}

/** Runs a step's script; ended with the job, unless it is due in spite of that, and by its own time limit. */
export function workOfStep(step: JobMessageStep, job: JobMessage, state: JobState): StepWork {
  const { stop, clock, workspace } = state;
  const minutes = step.timeoutMinutes ?? 0;
  const environment = Object.fromEntries(
    Object.entries(step.env).map(([name, value]) => [name, workspace.expand(value)]),
  );
  const script = {
    content: { text: step.script },
    shell: step.shell ?? job.defaults.shell,
    workingDirectory: step.workingDirectory ?? job.defaults.workingDirectory,
    environment,
  };
  return async (log) => {
    const late = new AbortController();
    const cancelled = new AbortController();
    const cancelLimit = minutes > 0 ? clock.after(minutes * 60_000, () => late.abort()) : () => {};
    const onStop = (): void => {
      if (!isDue(step.condition, 'cancelled', stop)) cancelled.abort();
    };
    stop.signal.addEventListener('abort', onStop);
    try {
      const signal = AbortSignal.any([late.signal, cancelled.signal]);
      const result = step.artifact
        ? await runUploadStep(step.artifact, state, log, signal)
        : await runScript(script, state, log, signal);
      if (!late.signal.aborted || cancelled.signal.aborted) return result;
      log.error(`The action '${step.name}' has timed out after ${minutes} minutes.`);
      return 'failure';
    } finally {
      cancelLimit();
      stop.signal.removeEventListener('abort', onStop);
    }
  };
}

/** Runs a hook, `ACTIONS_RUNNER_HOOK_JOB_STARTED` or `…_COMPLETED` (JobHookProvider.cs). */
export function workOfHook(path: string, kind: 'started' | 'completed', state: JobState): StepWork {
  return async (log) => {
    log.write(`A job ${kind} hook has been configured by the self-hosted runner administrator`);
    if (!existsSync(path)) throw new Error("File doesn't exist");
    const shell = path.endsWith('.ps1') ? 'pwsh' : null;
    const script = { content: { path }, shell, workingDirectory: null, environment: {} };
    return runScript(script, state, log, state.stop.signal);
  };
}
