/** Which steps run, and what becomes of the job by them (StepsRunner.cs). */
import type { JobMessage } from '../../github/workflow/job-message.ts';
import { reasonOf } from '../common/text.ts';
import type { Stop } from './channel.ts';
import type { JobLog, StepLog } from './log.ts';
import type { Reports, StepState } from './reports.ts';
import type { JobState, ScriptResult } from './script.ts';
import { isDue, type StepWork, workOfHook, workOfStep } from './step-work.ts';
import type { TimeStamps } from './time-stamps.ts';

export type JobStatus = 'success' | 'failure' | 'cancelled';

export interface StepRunner {
  /** Runs a step of the runner's own. */
  own(name: string, work: StepWork): Promise<void>;
  /** Runs the workflow's steps and the hooks around them. */
  all(job: JobMessage, state: JobState, hooks: { started?: string; completed?: string }): Promise<void>;
  status(): JobStatus;
  /** The log of the step that runs, or ran last. */
  current(): StepLog | null;
}

/** Gives the numbers of the steps that the service did not number. */
function createNumbers(): { see(number: number): void; next(): number } {
  let highest = 0;
  let isPast = false;
  return {
    see(number) {
      highest = Math.max(highest, number);
    },
    /**
     * The service keeps numbers for steps that are skipped in any case and not sent here. As on GitHub, there is a gap
     * before what comes after a job's steps.
     */
    next() {
      if (highest < 2 || isPast) return highest + 1;
      isPast = true;
      return highest * 2;
    },
  };
}

export function createStepRunner(options: {
  log: JobLog;
  reports: Reports;
  timeStamps: TimeStamps;
  stop: Stop;
}): StepRunner {
  const { log, reports, timeStamps, stop } = options;
  const numbers = createNumbers();
  let status: JobStatus = 'success';
  let current: StepLog | null = null;

  const worsen = (next: JobStatus): void => {
    if (status !== 'cancelled' && next !== 'success') status = next;
  };
  stop.signal.addEventListener('abort', () => worsen('cancelled'));

  const report = (number: number, name: string, change: Partial<StepState>): void => {
    numbers.see(number);
    const none = { conclusion: null, started_at: null, completed_at: null };
    reports.step({ number, name, status: 'queued', ...none, ...change });
  };

  const run = async (
    number: number,
    name: string,
    work: StepWork,
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

  return {
    status: () => status,
    current: () => current,
    own: (name, work) => run(numbers.next(), name, work),
    async all(job, state, { started, completed }) {
      for (const { number, name } of job.steps) report(number, name, {});
      // The service numbers a job's steps from 2 on, so that a hook before them shares the number of "Set up job".
      if (started) await run(1, 'Set up runner', workOfHook(started, 'started', state));
      for (const step of job.steps) {
        const { number, name, continueOnError } = step;
        if (!isDue(step.condition, status, stop)) skip(number, name);
        else await run(number, name, workOfStep(step, job, state), continueOnError);
      }
      if (completed && stop.reason() !== 'shutdown') {
        await run(numbers.next(), 'Complete runner', workOfHook(completed, 'completed', state));
      }
    },
  };
}
