/** The life of one job's record: created, ended, asked to stop. */
import { randomUUID } from 'node:crypto';
import type { Conclusion, JobRecord, PlannedJob, RunRecord } from '../model.ts';
import type { Store } from '../store.ts';

/** How long a runner has to end a cancelled job before the service does. */
const cancelGraceMs = 300_000;

/** Adds a job of the run's latest attempt. */
export function addJob(
  store: Store,
  run: RunRecord,
  planIndex: number,
  plan: PlannedJob,
  nowMs: number,
): JobRecord {
  const job: JobRecord = {
    id: store.nextId('job'),
    guid: randomUUID(),
    planId: randomUUID(),
    requestId: randomUUID(),
    runId: run.id,
    attempt: run.attempts.length,
    planIndex,
    name: plan.name,
    labels: plan.labels,
    status: 'queued',
    conclusion: null,
    createdAtMs: nowMs,
    queuedAtMs: nowMs,
    gate: null,
    startedAtMs: null,
    completedAtMs: null,
    runnerId: null,
    runnerName: null,
    runnerGroup: null,
    offer: null,
    lockedUntilMs: null,
    cancelRequestedAtMs: null,
    steps: [],
    annotations: [],
  };
  store.addJob(job);
  return job;
}

/** Adds what GitHub shows as a failure beside a job. */
export function annotate(job: JobRecord, message: string): void {
  job.annotations.push({ level: 'failure', title: job.name, message });
}

/** Ends a job; steps that were under way end with it. */
export function endJob(job: JobRecord, conclusion: Conclusion, nowMs: number): void {
  for (const step of job.steps) {
    if (step.status === 'completed') continue;
    step.conclusion = step.status === 'queued' ? 'skipped' : conclusion;
    step.status = 'completed';
    step.completedAt ??= new Date(nowMs).toISOString();
  }
  Object.assign(job, {
    status: 'completed',
    conclusion,
    completedAtMs: nowMs,
    offer: null,
    lockedUntilMs: null,
  });
  job.startedAtMs ??= nowMs;
}

/** Ends a job that no runner has; asks the runner of one in progress to stop. */
export function cancelJob(
  store: Store,
  job: JobRecord,
  { force, nowMs }: { force: boolean; nowMs: number },
): void {
  if (job.status === 'completed') return;
  if (job.status !== 'in_progress' || force) {
    endJob(job, 'cancelled', nowMs);
    return;
  }
  if (job.cancelRequestedAtMs !== null) return;
  job.cancelRequestedAtMs = nowMs;
  const session = store.data.sessions.find((candidate) => candidate.runnerId === job.runnerId);
  session?.messages.push({
    messageId: store.nextId('message'),
    messageType: 'JobCancellation',
    body: JSON.stringify({ jobId: job.guid, timeout: '00:05:00' }),
  });
}

/** Whether a job that was asked to stop has had its time. */
export function isCancelOverdue(job: JobRecord, nowMs: number): boolean {
  return job.cancelRequestedAtMs !== null && job.cancelRequestedAtMs + cancelGraceMs <= nowMs;
}
