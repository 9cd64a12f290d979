/** Starts runs, ends their jobs, cancels, approves and repeats them. */
import type { Clock } from '../../../platform/clock.ts';
import { ApiError } from '../http.ts';
import type { Conclusion, EnvironmentRecord, JobRecord, RunRecord } from '../model.ts';
import type { Workflow } from '../repositories.ts';
import type { Store } from '../store.ts';
import { lastAttempt, planOf } from './contexts.ts';
import { annotate, cancelJob, endJob } from './job-records.ts';
import { addRun, newAttempt, type RunRequest } from './new-run.ts';
import { createProgress } from './progress.ts';
import { placesToRepeat } from './results.ts';

/** What somebody says about environments that hold jobs of a run. */
export interface Review {
  environments: EnvironmentRecord[];
  state: 'approved' | 'rejected';
  comment: string;
  /** Login. */
  by: string;
}

export interface Runs {
  /** Starts a run. Throws ApiError 422 with GitHub's sentences. */
  start(workflow: Workflow, request: RunRequest): RunRecord;
  /** Ends a job and moves its run on. Does nothing when the job has ended already. */
  finishJob(job: JobRecord, conclusion: Conclusion): void;
  /** Asks for the run's end; jobs on runners are told. Throws ApiError 409 when it has ended. */
  cancel(run: RunRecord, options?: { force?: boolean }): void;
  /** Lets the jobs that these environments hold go, or fails them. */
  review(run: RunRecord, review: Review): void;
  /** Lets jobs of a run go that wait for an environment whose rules are met by now. */
  letGo(run: RunRecord): void;
  /** Starts another attempt with these jobs anew. Throws ApiError 403 while it still runs. */
  rerun(run: RunRecord, which: 'all' | 'failed' | JobRecord, actor: string): void;
  /** Removes an ended run. Throws ApiError 403 while it still runs. */
  remove(run: RunRecord): void;
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
  store.addJob(kept);
  store.logs.copy(job.id, kept.id);
}

/** Creates the engine that moves runs. */
export function createRuns({ store, clock }: { store: Store; clock: Clock }): Runs {
  const progress = createProgress({ store, now: () => clock.now() });
  const moveOn = (run: RunRecord) => {
    progress.moveOn(run);
    store.changed();
  };
  const finishJob: Runs['finishJob'] = (job, conclusion) => {
    const run = store.run(job.runId);
    if (!run || job.status === 'completed') return;
    endJob(job, conclusion, clock.now());
    failFast(store, run, job, clock.now());
    moveOn(run);
  };
  return {
    start(workflow, request) {
      const run = addRun(store, workflow, request, clock.now());
      progress.begin(run);
      store.changed();
      return run;
    },
    finishJob,
    cancel(run, { force = false } = {}) {
      const attempt = lastAttempt(run);
      if (attempt.conclusion) throw new ApiError(409, 'Cannot cancel a workflow run that is completed.');
      attempt.cancelRequestedAtMs ??= clock.now();
      for (const job of store.jobsOf(run)) cancelJob(store, job, { force, nowMs: clock.now() });
      moveOn(run);
    },
    review(run, { environments, state, comment, by }) {
      const environmentIds = environments.map(({ id }) => id);
      run.approvals.push({ environmentIds, state, comment, by });
      const held = store
        .jobsOf(run)
        .filter((job) => job.status === 'waiting' && environmentIds.includes(job.gate?.environmentId ?? 0));
      for (const job of held) {
        if (state === 'approved' && job.gate) job.gate.isApproved = true;
        if (state === 'approved') continue;
        annotate(job, `The deployment was rejected by ${by}.`);
        finishJob(job, 'failure');
      }
      progress.letGo(run);
      store.changed();
    },
    letGo(run) {
      if (progress.letGo(run)) store.changed();
    },
    rerun(run, which, actor) {
      if (!lastAttempt(run).conclusion) throw new ApiError(403, 'This workflow is already running');
      const previous = store.jobsOf(run);
      const repeated = placesToRepeat(run, previous, which);
      const attempt = newAttempt(run.attempts.length + 1, actor, clock.now());
      run.attempts.push(attempt);
      store.reopenRun(run);
      for (const job of previous) if (!repeated.has(job.planIndex)) keepJob(store, job, attempt.number);
      progress.begin(run);
      store.changed();
    },
    remove(run) {
      if (!lastAttempt(run).conclusion)
        throw new ApiError(403, 'Cannot delete a workflow run that is not completed.');
      store.removeRuns([run]);
      store.changed();
    },
  };
}
