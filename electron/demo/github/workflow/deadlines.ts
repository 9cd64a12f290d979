/** Watches what ends by itself: offers, locks, cancellations, long queues and forgotten runners. */
import type { Clock } from '../../../platform/clock.ts';
import type { JobRecord, RunnerRecord } from '../model.ts';
import type { Store } from '../store.ts';
import { isCancelOverdue } from './job-records.ts';
import type { JobQueue } from './queue.ts';
import type { Runs } from './runs.ts';

const queuedMs = 86_400_000;
const forgetRunnerMs = 14 * 86_400_000;
const forgetEphemeralRunnerMs = 86_400_000;
const lookEveryMs = 1_000;

interface Parts {
  store: Store;
  clock: Clock;
  runs: Runs;
  queue: JobQueue;
}

function checkJob({ store, runs, queue }: Parts, job: JobRecord, nowMs: number): void {
  if (job.offer && job.offer.expiresAtMs <= nowMs) {
    job.offer = null;
    store.changed();
  }
  if (job.status === 'queued' && job.createdAtMs + queuedMs <= nowMs) {
    const message = 'The job was not started within 24 hours because no runner took it.';
    job.annotations.push({ level: 'failure', title: job.name, message });
    runs.finishJob(job, 'failure');
  }
  if (job.status !== 'in_progress') return;
  if (isCancelOverdue(job, nowMs)) runs.finishJob(job, 'cancelled');
  else if (job.lockedUntilMs !== null && job.lockedUntilMs <= nowMs) queue.lose(job);
}

function isForgotten(runner: RunnerRecord, nowMs: number): boolean {
  return runner.lastSeenAtMs + (runner.ephemeral ? forgetEphemeralRunnerMs : forgetRunnerMs) <= nowMs;
}

/** Looks at all deadlines every second of the clock; the returned function ends it. */
export function watchDeadlines(parts: Parts): () => void {
  const { store, clock, queue } = parts;
  return clock.every(lookEveryMs, () => {
    const now = clock.now();
    for (const job of queue.openJobs()) checkJob(parts, job, now);
    for (const runner of store.data.runners.filter((one) => isForgotten(one, now)))
      queue.removeRunner(runner);
  });
}
