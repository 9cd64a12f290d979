/** Starts runs, brings their jobs into being as their needs are met, concludes, cancels and repeats them. */
import { randomUUID } from 'node:crypto';
import type { Clock } from '../../../platform/clock.ts';
import { ApiError } from '../http.ts';
import type { Conclusion, JobRecord, PlannedJob, RunRecord } from '../model.ts';
import type { Workflow } from '../repositories.ts';
import type { Store } from '../store.ts';
import { githubContext, lastAttempt, planOf } from './contexts.ts';
import { asText, evaluate, interpolate, isTruthy, namesStatus } from './expressions.ts';
import { acceptInputs } from './inputs.ts';
import { planJobs } from './plan.ts';
import { parseWorkflow } from './workflow-file.ts';

/** How long a runner has to end a cancelled job before the service does. */
const cancelGraceMs = 300_000;

export interface Runs {
  /** Starts a run. Throws ApiError 422 with GitHub's sentences. */
  dispatch(workflow: Workflow, request: { ref: string; inputs: Record<string, unknown>; actor: string }): RunRecord;
  /** Ends a job and moves its run on. Does nothing when the job has ended already. */
  finishJob(job: JobRecord, conclusion: Conclusion): void;
  /** Asks for the run's end; jobs on runners are told. Throws ApiError 409 when it has ended. */
  cancel(run: RunRecord, options?: { force?: boolean }): void;
  /** Starts another attempt with these jobs anew. Throws ApiError 403 while it still runs. */
  rerun(run: RunRecord, which: 'all' | 'failed' | JobRecord, actor: string): void;
  /** Removes an ended run. Throws ApiError 403 while it still runs. */
  remove(run: RunRecord): void;
}

type Result = 'success' | 'failure' | 'cancelled' | 'skipped';

function resultOf(records: JobRecord[], plan: PlannedJob): Result {
  const conclusions = records.map((job) => job.conclusion);
  if (conclusions.some((one) => one === 'failure' || one === 'timed_out')) {
    return plan.continueOnError ? 'success' : 'failure';
  }
  if (conclusions.includes('cancelled')) return 'cancelled';
  return conclusions.every((one) => one === 'skipped') ? 'skipped' : 'success';
}

function conclude(results: Result[]): Conclusion {
  if (results.includes('failure')) return 'failure';
  if (results.includes('cancelled')) return 'cancelled';
  return results.every((result) => result === 'skipped') ? 'skipped' : 'success';
}

function acceptedRef(workflow: Workflow, ref: string): string {
  const branch = ref.replace(/^refs\/heads\//, '');
  if (branch !== workflow.repository.defaultBranch) throw new ApiError(422, `No ref found for: ${ref}`);
  return branch;
}

/** Whether the planned job is to run now that its needs have ended. */
function isWanted(run: RunRecord, plan: PlannedJob, results: Map<string, Result>): boolean {
  const needs = plan.needs.map((key) => results.get(key) ?? 'skipped');
  const attempt = lastAttempt(run);
  const cancelled = attempt.cancelRequestedAtMs !== null;
  const status = {
    success: !cancelled && needs.every((result) => result === 'success'),
    failure: needs.includes('failure'),
    cancelled,
  };
  if (plan.condition === null) return status.success;
  const contexts = {
    github: githubContext(run, attempt.number),
    inputs: run.inputs,
    needs: Object.fromEntries(plan.needs.map((key) => [key, { result: results.get(key) }])),
  };
  const wanted = isTruthy(evaluate(plan.condition, contexts, status));
  return namesStatus(plan.condition) ? wanted : wanted && status.success;
}

/** Creates the engine that moves runs. */
export function createRuns({ store, clock }: { store: Store; clock: Clock }): Runs {
  const addJob = (run: RunRecord, planIndex: number, plan: PlannedJob): JobRecord => {
    const now = clock.now();
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
      createdAtMs: now,
      startedAtMs: null,
      completedAtMs: null,
      runnerId: null,
      runnerName: null,
      offer: null,
      lockedUntilMs: null,
      cancelRequestedAtMs: null,
      steps: [],
      annotations: [],
    };
    store.data.jobs.push(job);
    return job;
  };

  const end = (job: JobRecord, conclusion: Conclusion) => {
    const now = clock.now();
    for (const step of job.steps) {
      if (step.status === 'completed') continue;
      step.conclusion = step.status === 'queued' ? 'skipped' : conclusion;
      step.status = 'completed';
      step.completedAt ??= new Date(now).toISOString();
    }
    Object.assign(job, { status: 'completed', conclusion, completedAtMs: now, offer: null, lockedUntilMs: null });
    job.startedAtMs ??= now;
  };

  const resultsOf = (run: RunRecord): Map<string, Result> => {
    const jobs = store.jobsOf(run);
    const results = new Map<string, Result>();
    for (const key of new Set(run.plan.map((plan) => plan.key))) {
      const plans = run.plan.filter((plan) => plan.key === key);
      const records = jobs.filter((job) => planOf(run, job).key === key);
      const [plan] = plans;
      const done = records.length === plans.length && records.every((job) => job.status === 'completed');
      if (plan && done) results.set(key, resultOf(records, plan));
    }
    return results;
  };

  const advance = (run: RunRecord) => {
    for (let moved = true; moved; ) {
      moved = false;
      const results = resultsOf(run);
      const known = new Set(store.jobsOf(run).map((job) => job.planIndex));
      for (const [index, plan] of run.plan.entries()) {
        if (known.has(index) || !plan.needs.every((key) => results.has(key))) continue;
        const job = addJob(run, index, plan);
        if (!isWanted(run, plan, results)) end(job, 'skipped');
        moved = true;
      }
    }
    const attempt = lastAttempt(run);
    run.updatedAtMs = clock.now();
    const results = resultsOf(run);
    if (results.size < new Set(run.plan.map((plan) => plan.key)).size || attempt.conclusion) return;
    attempt.conclusion = conclude([...results.values()]);
    attempt.completedAtMs = clock.now();
  };

  const tellRunner = (job: JobRecord) => {
    const session = store.data.sessions.find((candidate) => candidate.runnerId === job.runnerId);
    session?.messages.push({
      messageId: store.nextId('message'),
      messageType: 'JobCancellation',
      body: JSON.stringify({ jobId: job.guid, timeout: '00:05:00' }),
    });
  };

  const cancelJob = (job: JobRecord, force: boolean) => {
    if (job.status === 'completed') return;
    if (job.status === 'queued' || force) return end(job, 'cancelled');
    if (job.cancelRequestedAtMs !== null) return;
    job.cancelRequestedAtMs = clock.now();
    tellRunner(job);
  };

  const finishJob: Runs['finishJob'] = (job, conclusion) => {
    const run = store.run(job.runId);
    if (!run || job.status === 'completed') return;
    end(job, conclusion);
    const plan = planOf(run, job);
    if (conclusion === 'failure' && plan.failFast && !plan.continueOnError) {
      const siblings = store.jobsOf(run).filter((other) => planOf(run, other).key === plan.key);
      for (const sibling of siblings) cancelJob(sibling, false);
    }
    advance(run);
    store.changed();
  };

  const cancel: Runs['cancel'] = (run, { force = false } = {}) => {
    const attempt = lastAttempt(run);
    if (attempt.conclusion) throw new ApiError(409, 'Cannot cancel a workflow run that is completed.');
    attempt.cancelRequestedAtMs ??= clock.now();
    for (const job of store.jobsOf(run)) cancelJob(job, force);
    advance(run);
    store.changed();
  };

  return {
    dispatch: (workflow, request) => {
      const run = createRun(store, workflow, request, clock.now());
      advance(run);
      store.changed();
      return run;
    },
    finishJob,
    cancel,
    rerun(run, which, actor) {
      if (!lastAttempt(run).conclusion) throw new ApiError(403, 'This workflow is already running');
      const previous = store.jobsOf(run);
      const again = jobsToRepeat(run, previous, which);
      run.attempts.push(newAttempt(run.attempts.length + 1, actor, clock.now()));
      for (const job of previous.filter((candidate) => !again.has(candidate.planIndex))) {
        const kept = { ...job, id: store.nextId('job'), attempt: run.attempts.length };
        store.data.jobs.push(kept);
        store.data.logs[kept.id] = store.data.logs[job.id] ?? '';
      }
      advance(run);
      store.changed();
    },
    remove(run) {
      if (!lastAttempt(run).conclusion) throw new ApiError(403, 'Cannot delete a workflow run that is not completed.');
      for (const job of store.jobsOf(run, 'all')) delete store.data.logs[job.id];
      store.data.jobs = store.data.jobs.filter((job) => job.runId !== run.id);
      store.data.runs = store.data.runs.filter((other) => other.id !== run.id);
      store.changed();
    },
  };
}

/** Whether a job that was asked to stop has had its time. */
export function isCancelOverdue(job: JobRecord, nowMs: number): boolean {
  return job.cancelRequestedAtMs !== null && job.cancelRequestedAtMs + cancelGraceMs <= nowMs;
}

function newAttempt(number: number, actor: string, nowMs: number): RunRecord['attempts'][number] {
  return { number, startedAtMs: nowMs, completedAtMs: null, conclusion: null, cancelRequestedAtMs: null, actor };
}

/** Plan places of the jobs that a rerun starts anew: those asked for and all that need them. */
function jobsToRepeat(run: RunRecord, previous: JobRecord[], which: 'all' | 'failed' | JobRecord): Set<number> {
  if (which === 'all') return new Set(run.plan.keys());
  const chosen =
    which === 'failed'
      ? previous.filter((job) => job.conclusion !== 'success' && job.conclusion !== 'skipped')
      : previous.filter((job) => job.planIndex === which.planIndex);
  const indices = new Set(chosen.map((job) => job.planIndex));
  for (let size = -1; size !== indices.size; ) {
    size = indices.size;
    const keys = new Set(run.plan.filter((_, index) => indices.has(index)).map((plan) => plan.key));
    for (const [index, plan] of run.plan.entries()) if (plan.needs.some((key) => keys.has(key))) indices.add(index);
  }
  return indices;
}

function createRun(
  store: Store,
  workflow: Workflow,
  { ref, inputs, actor }: { ref: string; inputs: Record<string, unknown>; actor: string },
  nowMs: number,
): RunRecord {
  let file: ReturnType<typeof parseWorkflow>;
  try {
    file = parseWorkflow(workflow.text, workflow.path);
  } catch (error) {
    throw new ApiError(422, `failed to parse workflow: ${error instanceof Error ? error.message : String(error)}`);
  }
  if (!file.inputs) throw new ApiError(422, "Workflow does not have 'workflow_dispatch' trigger");
  const run: RunRecord = {
    id: 0,
    number: 0,
    repository: workflow.repository.fullName,
    workflowId: workflow.id,
    workflowPath: workflow.path,
    workflowName: file.name,
    displayTitle: file.name,
    event: 'workflow_dispatch',
    branch: acceptedRef(workflow, ref),
    headSha: workflow.repository.head.sha,
    actor,
    inputs: acceptInputs(file.inputs, inputs),
    env: file.env,
    plan: [],
    createdAtMs: nowMs,
    updatedAtMs: nowMs,
    attempts: [newAttempt(1, actor, nowMs)],
  };
  run.id = store.nextId('run');
  run.number = store.nextId(`run-number:${workflow.id}`);
  const contexts = { github: githubContext(run, 1), inputs: run.inputs };
  try {
    run.plan = planJobs(file, contexts);
    if (file.runName) run.displayTitle = asText(interpolate(file.runName, contexts));
  } catch (error) {
    throw new ApiError(422, `Invalid workflow file: ${error instanceof Error ? error.message : String(error)}`);
  }
  store.data.runs.push(run);
  return run;
}
