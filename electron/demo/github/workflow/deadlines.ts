/** Watches what ends by itself: offers, locks, cancellations, long queues and forgotten runners. */
import type { Clock } from '../../../platform/clock.ts';
import type { JobRecord, RunnerRecord } from '../model.ts';
import type { Store } from '../store.ts';
import { approvalMs } from './environments.ts';
import { annotate, isCancelOverdue } from './job-records.ts';
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
  if (job.status === 'queued' && (job.queuedAtMs ?? job.createdAtMs) + queuedMs <= nowMs) {
    annotate(job, 'The job was not started within 24 hours because no runner took it.');
    runs.finishJob(job, 'failure');
  }
  if (job.status === 'waiting' && (job.gate?.sinceMs ?? nowMs) + approvalMs <= nowMs) {
    annotate(job, 'The job was not approved within 30 days.');
    runs.finishJob(job, 'failure');
  }
  if (job.status !== 'in_progress') return;
  if (isCancelOverdue(job, nowMs)) runs.finishJob(job, 'cancelled');
  else if (job.lockedUntilMs !== null && job.lockedUntilMs <= nowMs) queue.lose(job);
}

function isForgotten(runner: RunnerRecord, nowMs: number): boolean {
  if (runner.pose) return false;
  return runner.lastSeenAtMs + (runner.ephemeral ? forgetEphemeralRunnerMs : forgetRunnerMs) <= nowMs;
}

function checkJobs(parts: Parts, nowMs: number): void {
  const { store, runs } = parts;
  const open = store.openJobs();
  if (open.length === 0) return;
  for (const job of open) checkJob(parts, job, nowMs);
  const waiting = open.filter(({ status }) => status === 'waiting');
  for (const runId of new Set(waiting.map((job) => job.runId))) {
    const run = store.run(runId);
    if (run) runs.letGo(run);
  }
}

/** Looks at all deadlines every second of the clock; the returned function ends it. */
export function watchDeadlines(parts: Parts): () => void {
  const { store, clock, queue } = parts;
  return clock.every(lookEveryMs, () => {
    const now = clock.now();
    checkJobs(parts, now);
    for (const runner of store.data.runners.filter((one) => isForgotten(one, now)))
      queue.removeRunner(runner);
  });
}
