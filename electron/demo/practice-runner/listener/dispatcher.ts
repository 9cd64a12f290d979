/** Takes jobs, has them done by a worker and watches over it (JobDispatcher.cs). */
import type { Clock } from '../../../platform/clock.ts';
import type { JobMessage } from '../../github/workflow/job-message.ts';
import type { Settings } from '../common/configuration.ts';
import type { Release } from '../common/release.ts';
import { type Result, resultOfExitCode } from '../common/results.ts';
import type { CallService } from '../common/service.ts';
import { listenerTime } from '../common/text.ts';
import type { Trace } from '../common/trace.ts';
import { renewJob } from './renewal.ts';
import type { Terminal } from './terminal.ts';
import { startWorker, type WorkerProcess } from './worker-process.ts';

export interface DispatchContext {
  root: string;
  settings: Settings;
  release: Release;
  environment: NodeJS.ProcessEnv;
  call: CallService;
  terminal: Terminal;
  trace: Trace;
  clock: Clock;
  random: () => number;
  /** Aborts when the listener is being stopped. */
  shutdown: AbortSignal;
}

export interface Dispatcher {
  /** Starts a job that was acquired; one at a time. */
  run(job: JobMessage, runServiceUrl: string): void;
  /** Cancels the job if it is the one that runs. @param timeoutMs after which its worker is killed */
  cancel(jobId: string, timeoutMs: number): void;
  /** The running job's result; undefined when none runs. */
  current(): Promise<Result> | undefined;
  /** Cancels what runs and waits for its end. */
  shutDown(): Promise<void>;
}

const leastCancelMs = 60_000;
/** A worker is killed this long before the service gives the job up. */
const killMarginMs = 15_000;

type Cancelled = 'cancelled' | 'lost';

/** @param onStatus told when a job begins and ends */
export function createDispatcher(
  context: DispatchContext,
  onStatus: (status: 'Online' | 'Busy') => void,
): Dispatcher {
  const { terminal, trace, clock } = context;
  let running: {
    jobId: string;
    cancelled: AbortController;
    killed: AbortController;
    result: Promise<Result>;
  } | null = null;

  const work = async (
    job: JobMessage,
    runServiceUrl: string,
    cancelled: AbortSignal,
    killed: AbortSignal,
  ) => {
    onStatus('Busy');
    terminal.writeLine(`${listenerTime(Date.now())}: Running job: ${job.jobDisplayName}`);
    const result = await runInWorker(context, job, runServiceUrl, cancelled, killed).catch(
      (error: unknown) => {
        trace.error('JobDispatcher', error);
        return 'Failed' as const;
      },
    );
    terminal.writeLine(
      `${listenerTime(Date.now())}: Job ${job.jobDisplayName} completed with result: ${result}`,
    );
    running = null;
    onStatus('Online');
    return result;
  };

  return {
    run(job, runServiceUrl) {
      const cancelled = new AbortController();
      const killed = new AbortController();
      const { jobId } = job;
      running = { jobId, cancelled, killed, result: Promise.resolve('Succeeded') };
      running.result = work(job, runServiceUrl, cancelled.signal, killed.signal);
    },
    cancel(jobId, timeoutMs) {
      if (running?.jobId !== jobId) return trace.info('JobDispatcher', `Job ${jobId} is not running here.`);
      const { cancelled, killed } = running;
      cancelled.abort();
      clock.after(Math.max(timeoutMs, leastCancelMs) - killMarginMs, () => killed.abort());
    },
    current: () => running?.result,
    async shutDown() {
      running?.cancelled.abort();
      await running?.result;
    },
  };
}

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });

async function runInWorker(
  context: DispatchContext,
  job: JobMessage,
  runServiceUrl: string,
  cancelled: AbortSignal,
  killed: AbortSignal,
): Promise<Result> {
  const { root, settings, release, environment, call, trace } = context;
  const { planId, jobId } = job;
  const complete = (conclusion: string) =>
    call(`${runServiceUrl}/completejob`, { method: 'POST', body: { planId, jobId, conclusion } }).catch(
      (error: unknown) => trace.error('JobDispatcher', error),
    );
  const renewal = renewJob(context, runServiceUrl, { planId, jobId });
  try {
    const isOurs = await Promise.race([renewal.first, aborted(cancelled)]);
    if (cancelled.aborted) {
      await complete('cancelled');
      return 'Canceled';
    }
    if (!isOurs) return 'Abandoned';
    const worker = await startWorker(root, environment);
    trace.info('ProcessInvoker', `Process started with process id ${worker.pid}, waiting for process exit.`);
    worker.send({ type: 'NewJobRequest', assignment: { job, runServiceUrl, settings, release } });
    const outcome = await Promise.race([
      worker.ended,
      renewal.ended.then((): Cancelled => 'lost'),
      aborted(cancelled).then((): Cancelled => 'cancelled'),
    ]);
    if (typeof outcome === 'string') {
      return await cancelWorker(context, jobId, worker, outcome, killed, complete);
    }
    const { code, output } = outcome;
    const result = resultOfExitCode(code);
    trace.info('JobDispatcher', `Worker finished for job ${jobId}. Code: ${code}`);
    if (result) return result;
    const crash = `Return code ${code} indicate worker encounter an unhandled exception or app crash, attach worker stdout/stderr to JobRequest result.`;
    trace.info('JobDispatcher', crash);
    trace.error('JobDispatcher', output);
    await complete('failure');
    return 'Failed';
  } finally {
    renewal.stop();
    await renewal.ended;
  }
}

/** Asks the worker to end its job; kills it when it takes too long. */
async function cancelWorker(
  { shutdown, trace }: DispatchContext,
  jobId: string,
  worker: WorkerProcess,
  reason: Cancelled,
  killed: AbortSignal,
  complete: (conclusion: string) => Promise<unknown>,
): Promise<Result> {
  trace.info('JobDispatcher', `Send job cancellation message to worker for job ${jobId}.`);
  worker.send({ type: shutdown.aborted ? 'RunnerShutdown' : 'CancelRequest' });
  const outcome = await Promise.race([worker.ended, aborted(killed)]);
  if (!outcome) {
    trace.info('JobDispatcher', 'The worker has not ended within the cancellation timeout: it is killed.');
    worker.kill();
    await worker.ended;
    await complete('cancelled');
  } else if (resultOfExitCode(outcome.code) === undefined) {
    await complete('cancelled');
  }
  if (reason !== 'lost') return 'Canceled';
  // A job that its worker has just completed is no longer valid either; the worker itself tells which of both it was.
  const result = outcome && resultOfExitCode(outcome.code);
  return result && result !== 'Canceled' ? result : 'Abandoned';
}
