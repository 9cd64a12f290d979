/** Runs, jobs, steps and artifacts as GitHub tells them, in the words of the forges' interface. */
import type { components } from '@octokit/openapi-types';
import {
  type Artifact,
  type Conclusion,
  conclusionSchema,
  type RunStatus,
  type RunStep,
  runStatusSchema,
  runStepSchema,
} from '../../../shared/model.ts';
import type { ForgeJob, ForgeRun, ForgeRunJob } from '../forge.ts';
import type { Job, Run } from './runs.ts';

function timeOf(text: string | null | undefined): number | null {
  const time = Date.parse(text ?? '');
  return Number.isNaN(time) ? null : time;
}

/** Null for what has not ended, and for a word that is not known here. */
function conclusionOf(word: string | null): Conclusion | null {
  return conclusionSchema.options.find((known) => known === word) ?? null;
}

/** Without the ref that GitHub adds for some: `.github/workflows/build.yml@main`. */
function workflowPathOf({ path }: Pick<Run, 'path'>): string {
  return path.replace(/(\.ya?ml)@.*$/, '$1');
}

function runStatusOf({ status }: Pick<Run, 'status'>): RunStatus {
  return runStatusSchema.options.find((known) => known === status) ?? 'queued';
}

export function forgeRun(run: Run): ForgeRun {
  return {
    id: Number(run.id),
    number: run.run_number,
    attempt: run.run_attempt ?? 1,
    title: run.display_title,
    workflowId: run.workflow_id,
    workflow: run.name ?? workflowPathOf(run),
    path: workflowPathOf(run),
    event: run.event,
    branch: run.head_branch,
    headSha: run.head_sha,
    actor: run.actor?.login ?? null,
    status: runStatusOf(run),
    conclusion: conclusionOf(run.conclusion),
    createdAt: Date.parse(run.created_at),
    startedAt: timeOf(run.run_started_at),
    updatedAt: Date.parse(run.updated_at),
    url: run.html_url,
  };
}

/** Of a job that has not ended; null of one that has. `requested`: something is still to allow it. */
function activeStatusOf({ status }: Pick<Job, 'status'>): ForgeJob['status'] | null {
  if (status === 'completed') return null;
  return status === 'requested' ? 'waiting' : status;
}

/** The latest status of a step that is known here; a step that is to come is queued. */
function stepOf(step: NonNullable<Job['steps']>[number]): RunStep {
  const { status } = runStepSchema.shape;
  return {
    number: step.number,
    name: step.name,
    status: status.options.find((known) => known === step.status) ?? 'queued',
    conclusion: conclusionOf(step.conclusion),
    startedAt: timeOf(step.started_at),
    endedAt: timeOf(step.completed_at),
  };
}

export function runJob(job: Job): ForgeRunJob {
  const status = activeStatusOf(job) ?? 'completed';
  const hasBegun = status === 'in_progress' || status === 'completed';
  return {
    id: Number(job.id),
    runId: Number(job.run_id),
    runAttempt: job.run_attempt ?? 1,
    name: job.name,
    labels: job.labels,
    status,
    url: job.html_url,
    queuedAt: Date.parse(job.created_at),
    steps: (job.steps ?? []).map(stepOf),
    ended: status === 'completed',
    conclusion: job.conclusion,
    runnerName: job.runner_name || null,
    // For a job that has not begun GitHub gives the time of its creation here.
    startedAt: hasBegun ? timeOf(job.started_at) : null,
    endedAt: timeOf(job.completed_at),
  };
}

/** A job of the queue; null when it has ended. */
export function forgeJob(job: Job, run: Run): ForgeJob | null {
  const status = activeStatusOf(job);
  if (!status) return null;
  const running = status === 'in_progress';
  return {
    ...runFactsOf(run),
    id: Number(job.id),
    runAttempt: job.run_attempt ?? 1,
    name: job.name,
    workflow: job.workflow_name ?? run.name ?? run.path,
    labels: job.labels,
    status,
    queuedAt: Date.parse(job.created_at),
    startedAt: running ? timeOf(job.started_at) : null,
    runnerName: running ? job.runner_name || null : null,
    runnerId: running ? job.runner_id || null : null,
    url: job.html_url,
  };
}

/** A run that has no job yet, as one. */
export function jobOfHeldRun(run: Run): ForgeJob {
  return {
    ...runFactsOf(run),
    id: -Number(run.id),
    runAttempt: run.run_attempt ?? 1,
    name: run.display_title,
    workflow: run.name ?? run.path,
    labels: [],
    status: run.status === 'pending' ? 'pending' : 'waiting',
    queuedAt: timeOf(run.run_started_at) ?? Date.parse(run.created_at),
    startedAt: null,
    runnerName: null,
    runnerId: null,
    url: run.html_url,
  };
}

function runFactsOf(
  run: Run,
): Pick<ForgeJob, 'runId' | 'workflowPath' | 'branch' | 'headSha' | 'event' | 'actor'> {
  return {
    runId: Number(run.id),
    workflowPath: workflowPathOf(run),
    branch: run.head_branch,
    headSha: run.head_sha,
    event: run.event,
    actor: run.actor?.login ?? null,
  };
}

export function artifactRow(artifact: components['schemas']['artifact']): Artifact {
  return {
    id: artifact.id,
    name: artifact.name,
    sizeBytes: artifact.size_in_bytes,
    digest: artifact.digest ?? null,
    createdAt: timeOf(artifact.created_at),
    expiresAt: timeOf(artifact.expires_at),
    expired: artifact.expired,
  };
}
