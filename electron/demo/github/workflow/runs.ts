/** Starts runs, brings their jobs into being as their needs are met, concludes, cancels and repeats them. */
import type { Clock } from '../../../platform/clock.ts';
import { ApiError } from '../http.ts';
import type { Conclusion, JobRecord, PlannedJob, RunRecord } from '../model.ts';
import type { Workflow } from '../repositories.ts';
import type { Store } from '../store.ts';
import { lastAttempt, planOf } from './contexts.ts';
import { addJob, cancelJob, endJob } from './job-records.ts';
import { addRun, type DispatchRequest, newAttempt } from './new-run.ts';
import { conclusionOf, isWanted, placesToRepeat, type Result, resultsOf } from './results.ts';

export interface Runs {
  /** Starts a run. Throws ApiError 422 with GitHub's sentences. */
  dispatch(workflow: Workflow, request: DispatchRequest): RunRecord;
  /** Ends a job and moves its run on. Does nothing when the job has ended already. */
  finishJob(job: JobRecord, conclusion: Conclusion): void;
  /** Asks for the run's end; jobs on runners are told. Throws ApiError 409 when it has ended. */
  cancel(run: RunRecord, options?: { force?: boolean }): void;
  /** Starts another attempt with these jobs anew. Throws ApiError 403 while it still runs. */
  rerun(run: RunRecord, which: 'all' | 'failed' | JobRecord, actor: string): void;
  /** Removes an ended run. Throws ApiError 403 while it still runs. */
  remove(run: RunRecord): void;
}

/** Queues a planned job whose needs have ended, or skips it. */
function start(
  store: Store,
  run: RunRecord,
  index: number,
  results: Map<string, Result>,
  nowMs: number,
): void {
  const plan: PlannedJob | undefined = run.plan[index];
  if (!plan) return;
  const job = addJob(store, run, index, plan, nowMs);
  try {
    if (!isWanted(run, plan, results)) endJob(job, 'skipped', nowMs);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    job.annotations.push({
      level: 'failure',
      title: job.name,
      message: `The condition is not valid. ${message}`,
    });
    endJob(job, 'failure', nowMs);
  }
}

/** Queues every job whose turn has come, and concludes the run when there is none left. */
function advance(store: Store, run: RunRecord, nowMs: number): void {
  for (;;) {
    const jobs = store.jobsOf(run);
    const results = resultsOf(run, jobs);
    const known = new Set(jobs.map((job) => job.planIndex));
    const ready = [...run.plan.entries()].filter(
      ([index, plan]) => !known.has(index) && plan.needs.every((key) => results.has(key)),
    );
    for (const [index] of ready) start(store, run, index, results, nowMs);
    if (ready.length > 0) continue;
    const attempt = lastAttempt(run);
    run.updatedAtMs = nowMs;
    attempt.conclusion ??= conclusionOf(run, results);
    if (attempt.conclusion) attempt.completedAtMs ??= nowMs;
    return;
  }
}

/** Cancels the other jobs of a matrix of which one has failed. */
function failFast(store: Store, run: RunRecord, job: JobRecord, nowMs: number): void {
  const plan = planOf(run, job);
  if (job.conclusion !== 'failure' || !plan.failFast || plan.continueOnError) return;
  for (const sibling of store.jobsOf(run)) {
    if (planOf(run, sibling).key === plan.key) cancelJob(store, sibling, { force: false, nowMs });
  }
}

/** Jobs that are not repeated belong to the new attempt as they ended in the last. */
function keepJob(store: Store, job: JobRecord, attempt: number): void {
  const kept = { ...job, id: store.nextId('job'), attempt };
  store.data.jobs.push(kept);
  const log = store.data.logs[job.id];
  if (log !== undefined) store.data.logs[kept.id] = log;
}

/** Creates the engine that moves runs. */
export function createRuns({ store, clock }: { store: Store; clock: Clock }): Runs {
  const { data } = store;
  const moveOn = (run: RunRecord) => {
    advance(store, run, clock.now());
    store.changed();
  };
  return {
    dispatch(workflow, request) {
      const run = addRun(store, workflow, request, clock.now());
      moveOn(run);
      return run;
    },
    finishJob(job, conclusion) {
      const run = store.run(job.runId);
      if (!run || job.status === 'completed') return;
      endJob(job, conclusion, clock.now());
      failFast(store, run, job, clock.now());
      moveOn(run);
    },
    cancel(run, { force = false } = {}) {
      const attempt = lastAttempt(run);
      if (attempt.conclusion) throw new ApiError(409, 'Cannot cancel a workflow run that is completed.');
      attempt.cancelRequestedAtMs ??= clock.now();
      for (const job of store.jobsOf(run)) cancelJob(store, job, { force, nowMs: clock.now() });
      moveOn(run);
    },
    rerun(run, which, actor) {
      if (!lastAttempt(run).conclusion) throw new ApiError(403, 'This workflow is already running');
      const previous = store.jobsOf(run);
      const repeated = placesToRepeat(run, previous, which);
      const attempt = newAttempt(run.attempts.length + 1, actor, clock.now());
      run.attempts.push(attempt);
      for (const job of previous) if (!repeated.has(job.planIndex)) keepJob(store, job, attempt.number);
      moveOn(run);
    },
    remove(run) {
      if (!lastAttempt(run).conclusion)
        throw new ApiError(403, 'Cannot delete a workflow run that is not completed.');
      for (const job of store.jobsOf(run, 'all')) delete data.logs[job.id];
      data.jobs = data.jobs.filter((job) => job.runId !== run.id);
      data.runs = data.runs.filter((other) => other.id !== run.id);
      store.changed();
    },
  };
}
