/** Which steps run, and what becomes of the job by them (StepsRunner.cs). */
import { existsSync } from 'node:fs';
import type { Clock } from '../../../platform/clock.ts';
import type { JobMessage, JobMessageStep } from '../../github/workflow/job-message.ts';
import { reasonOf } from '../common/text.ts';
import type { Stop } from './channel.ts';
import type { JobLog, StepLog } from './log.ts';
import type { Reports, StepState } from './reports.ts';
import { type JobState, runScript, type ScriptResult } from './script.ts';
import type { TimeStamps } from './time-stamps.ts';

export type JobStatus = 'success' | 'failure' | 'cancelled';

export interface StepRunner {
  /** Runs a step of the runner's own. */
  own(name: string, work: (log: StepLog) => Promise<ScriptResult>): Promise<void>;
  /** Runs the workflow's steps and the hooks around them. */
  all(state: JobState, environment: NodeJS.ProcessEnv): Promise<void>;
  status(): JobStatus;
  /** The log of the step that runs, or ran last. */
  current(): StepLog | null;
}

/** Steps that run whatever came before may go on after a cancellation, but not when the runner is being stopped. */
function isDue(condition: JobMessageStep['condition'], status: JobStatus, stop: Stop): boolean {
  if (stop.reason() === 'shutdown') return false;
  return condition === 'always' || condition === status;
}

const hookVariables = {
  started: 'ACTIONS_RUNNER_HOOK_JOB_STARTED',
  completed: 'ACTIONS_RUNNER_HOOK_JOB_COMPLETED',
} as const;

export function createStepRunner(options: {
  job: JobMessage;
  log: JobLog;
  reports: Reports;
  timeStamps: TimeStamps;
  stop: Stop;
  clock: Clock;
}): StepRunner {
  const { job, log, reports, timeStamps, stop, clock } = options;
  let status: JobStatus = 'success';
  let current: StepLog | null = null;
  /** Whether a number after the gap was given. */
  let isPast = false;
  /** Of the numbers given so far. */
  let highest = 0;

  /**
   * The service keeps numbers for steps that are skipped in any case and not sent here. As on GitHub, there is a gap
   * before what comes after a job's steps.
   */
  const takeNumber = (): number => {
    if (highest < 2 || isPast) return highest + 1;
    isPast = true;
    return highest * 2;
  };

  const worsen = (next: JobStatus): void => {
    if (status !== 'cancelled' && next !== 'success') status = next;
  };
  stop.signal.addEventListener('abort', () => worsen('cancelled'));

  const report = (number: number, name: string, change: Partial<StepState>): void => {
    highest = Math.max(highest, number);
    const none = { conclusion: null, started_at: null, completed_at: null };
    reports.step({ number, name, status: 'queued', ...none, ...change });
  };

  const run = async (
    number: number,
    name: string,
    work: (stepLog: StepLog) => Promise<ScriptResult>,
    continueOnError = false,
  ): Promise<void> => {
    const started_at = timeStamps.mark();
    const stepLog = log.step();
    current = stepLog;
    report(number, name, { status: 'in_progress', started_at });
    const outcome = await work(stepLog).catch((error: unknown): ScriptResult => {
      stepLog.error(reasonOf(error));
      return 'failure';
    });
    const isForgiven = outcome === 'failure' && continueOnError;
    if (!isForgiven) worsen(outcome);
    const conclusion = isForgiven ? 'success' : outcome;
    report(number, name, { status: 'completed', conclusion, started_at, completed_at: timeStamps.mark() });
    await stepLog.end();
  };

  const skip = (number: number, name: string): void => {
    const now = timeStamps.mark();
    const times = { started_at: now, completed_at: now };
    report(number, name, { status: 'completed', conclusion: 'skipped', ...times });
  };

  /** Cancelled with the job, unless it was due in spite of it, and by the step's own time limit. */
  const runStep = async (step: JobMessageStep, state: JobState, stepLog: StepLog): Promise<ScriptResult> => {
    const limit = new AbortController();
    const minutes = step.timeoutMinutes ?? 0;
    const cancelLimit = minutes > 0 ? clock.after(minutes * 60_000, () => limit.abort()) : () => {};
    const cancelled = new AbortController();
    const onStop = (): void => {
      if (!isDue(step.condition, 'cancelled', stop)) cancelled.abort();
    };
    stop.signal.addEventListener('abort', onStop);
    const { workspace } = state;
    const environment = Object.fromEntries(
      Object.entries(step.env).map(([name, value]) => [name, workspace.expand(value)]),
    );
    const script = {
      content: { text: step.script },
      shell: step.shell ?? job.defaults.shell,
      workingDirectory: step.workingDirectory ?? job.defaults.workingDirectory,
      environment,
    };
    try {
      const signal = AbortSignal.any([limit.signal, cancelled.signal]);
      const result = await runScript(script, state, stepLog, signal);
      if (!limit.signal.aborted || cancelled.signal.aborted) return result;
      stepLog.error(`The action '${step.name}' has timed out after ${minutes} minutes.`);
      return 'failure';
    } finally {
      cancelLimit();
      stop.signal.removeEventListener('abort', onStop);
    }
  };

  const hook = (path: string, state: JobState, kind: 'started' | 'completed') => async (stepLog: StepLog) => {
    stepLog.write(`A job ${kind} hook has been configured by the self-hosted runner administrator`);
    if (!existsSync(path)) throw new Error("File doesn't exist");
    const shell = path.endsWith('.ps1') ? 'pwsh' : null;
    const script = { content: { path }, shell, workingDirectory: null, environment: {} };
    return runScript(script, state, stepLog, stop.signal);
  };

  return {
    status: () => status,
    current: () => current,
    own: (name, work) => run(takeNumber(), name, work),
    async all(state, environment) {
      const started = environment[hookVariables.started];
      const completed = environment[hookVariables.completed];
      for (const { number, name } of job.steps) report(number, name, {});
      // The service numbers a job's steps from 2 on, so that a hook before them shares the number of "Set up job".
      if (started) await run(1, 'Set up runner', hook(started, state, 'started'));
      for (const step of job.steps) {
        if (!isDue(step.condition, status, stop)) skip(step.number, step.name);
        else {
          const work = (stepLog: StepLog) => runStep(step, state, stepLog);
          await run(step.number, step.name, work, step.continueOnError);
        }
      }
      if (completed && stop.reason() !== 'shutdown') {
        await run(takeNumber(), 'Complete runner', hook(completed, state, 'completed'));
      }
    },
  };
}
