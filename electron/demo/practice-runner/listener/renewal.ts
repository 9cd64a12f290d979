/** Keeps a job's lock while it runs (JobDispatcher.cs). */

import type { Clock } from '../../../platform/clock.ts';
import { member, statusError } from '../common/http.ts';
import type { CallService } from '../common/service.ts';
import type { Trace } from '../common/trace.ts';

export interface Renewal {
  /** Resolves with the first success, or false when there was none. */
  first: Promise<boolean>;
  /** Resolves when the job is no longer this runner's, or after `stop`. */
  ended: Promise<void>;
  stop(): void;
}

const periodMs = 60_000;
const firstTries = 6;
const graceMs = 5 * 60_000;

export interface RenewalContext {
  call: CallService;
  trace: Trace;
  clock: Clock;
  /** 0 ≤ n < 1 */
  random: () => number;
}

/** @param job as the service names it */
export function renewJob(
  context: RenewalContext,
  runServiceUrl: string,
  job: { planId: string; jobId: string },
): Renewal {
  const { call, clock, trace, random } = context;
  const stopped = new AbortController();
  const { signal } = stopped;
  let succeeded = (_: boolean): void => {};
  const first = new Promise<boolean>((resolve) => {
    succeeded = resolve;
  });

  const run = async (): Promise<void> => {
    let lockedUntilMs: number | null = null;
    for (let failures = 0; !signal.aborted; ) {
      try {
        const answer = await call(`${runServiceUrl}/renewjob`, { method: 'POST', body: job, signal });
        if (answer.status === 404) return trace.info('JobDispatcher', `Job ${job.jobId} is no longer valid.`);
        if (answer.status !== 200) throw new Error(statusError(answer.status));
        lockedUntilMs = Date.parse(member(answer.body, 'lockedUntil'));
        trace.info('JobDispatcher', `Successfully renew job ${job.jobId}`);
        failures = 0;
        succeeded(true);
        await clock.sleep(periodMs, signal);
      } catch (error) {
        if (signal.aborted) return;
        trace.error('JobDispatcher', error);
        failures += 1;
        const isOver = lockedUntilMs === null ? failures >= firstTries : lockedUntilMs + graceMs < Date.now();
        if (isOver) return;
        const [least, most] = lockedUntilMs === null ? [1, 10] : failures > 5 ? [15, 30] : [5, 15];
        await clock.sleep((least + random() * (most - least)) * 1000, signal).catch(() => {});
      }
    }
  };

  const ended = run().finally(() => succeeded(false));
  return { first, ended, stop: () => stopped.abort() };
}
