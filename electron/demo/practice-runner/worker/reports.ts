/** Tells the service of a job's steps and log lines while it runs (docs/practice-runner.md, calls 9–11). */
import type { Clock } from '../../../platform/clock.ts';
import { type Answer, statusError } from '../common/http.ts';
import type { CallService } from '../common/service.ts';
import type { Trace } from '../common/trace.ts';

export interface StepState {
  number: number;
  name: string;
  status: 'queued' | 'in_progress' | 'completed';
  conclusion: 'success' | 'failure' | 'cancelled' | 'skipped' | null;
  started_at: string | null;
  completed_at: string | null;
}

export interface Reports {
  /** Reports a step; of several changes that could not be sent yet the last one counts. */
  step(state: StepState): void;
  /** Adds a line to the job's log; sent within half a second. */
  line(text: string): void;
  /** Resolves when all that was told so far is sent, or given up as the service does not answer. */
  flush(): Promise<void>;
  /** Completes the job. Rejects when the service does not answer for half a minute, as JobRunner.cs does. */
  complete(conclusion: 'success' | 'failure' | 'cancelled'): Promise<void>;
}

export interface ReportOptions {
  jobId: string;
  planId: string;
  runServiceUrl: string;
  call: CallService;
  clock: Clock;
  trace: Trace;
}

const sendEveryMs = 500;
const retryMs = 1000;
const triesAtTheEnd = 5;
const completionRetryMs = 5000;
const chunkCharacters = 1024 * 1024;

/** `ROOT/_runner/results` for the run service's `ROOT/_runner/run`. */
function resultsUrl(runServiceUrl: string): string {
  return runServiceUrl.replace(/\/run\/?$/, '/results');
}

export function createReports({ jobId, planId, runServiceUrl, call, clock, trace }: ReportOptions): Reports {
  const results = resultsUrl(runServiceUrl);
  const steps = new Map<number, StepState>();
  let text = '';
  let sending: Promise<void> = Promise.resolve();
  let isDue = false;

  const post = async (url: string, body: unknown): Promise<void> => {
    const headers = typeof body === 'string' ? { 'Content-Type': 'text/plain' } : undefined;
    const answer: Answer = await call(url, { method: 'POST', body, headers });
    // A job that the service does not give to this runner any more wants no reports.
    if (answer.status >= 300 && answer.status !== 404) throw new Error(statusError(answer.status));
  };

  const sendOnce = async (): Promise<void> => {
    if (steps.size > 0) {
      const states = [...steps.values()];
      await post(`${results}/steps`, { jobId, steps: states });
      for (const state of states) if (steps.get(state.number) === state) steps.delete(state.number);
    }
    while (text !== '') {
      const end = text.length <= chunkCharacters ? text.length : text.lastIndexOf('\n', chunkCharacters) + 1;
      const chunk = text.slice(0, end || chunkCharacters);
      await post(`${results}/logs/${jobId}`, chunk);
      text = text.slice(chunk.length);
    }
  };

  const send = (tries: number): Promise<void> => {
    sending = sending.then(async () => {
      for (let attempt = 1; ; attempt += 1) {
        try {
          return await sendOnce();
        } catch (error) {
          trace.error('JobServerQueue', error);
          if (attempt >= tries) return;
        }
        await clock.sleep(retryMs);
      }
    });
    return sending;
  };

  const arm = (delayMs: number): void => {
    if (isDue) return;
    isDue = true;
    clock.after(delayMs, async () => {
      isDue = false;
      await send(1);
      if (text !== '' || steps.size > 0) arm(retryMs);
    });
  };

  return {
    step(state) {
      steps.set(state.number, { ...state });
      void send(1).then(() => steps.size > 0 && arm(retryMs));
    },
    line(line) {
      text += `${line}\n`;
      arm(sendEveryMs);
    },
    flush: () => send(triesAtTheEnd),
    async complete(conclusion) {
      const errors: unknown[] = [];
      while (errors.length < triesAtTheEnd) {
        try {
          return await post(`${runServiceUrl}/completejob`, { planId, jobId, conclusion });
        } catch (error) {
          trace.info('JobRunner', `Catch exception while attempting to complete job ${jobId}.`);
          trace.error('JobRunner', error);
          errors.push(error);
        }
        await clock.sleep(completionRetryMs);
      }
      throw new AggregateError(errors, 'The job could not be completed.');
    },
  };
}
