/** Brings jobs into being as their needs are met, past concurrency group and environment, and concludes runs. */
import type { JobRecord, PlannedJob, RunRecord } from '../model.ts';
import type { Store } from '../store.ts';
import { deadlockMessage, displacedMessage, enterGroup, type Member, nextRelease } from './concurrency.ts';
import { lastAttempt, planOf } from './contexts.ts';
import { arriveAtGate, isLetGo } from './environments.ts';
import { addJob, annotate, cancelJob, endJob } from './job-records.ts';
import { conclusionOf, isWanted, type Result, resultsOf } from './results.ts';

export interface Progress {
  /** Begins the latest attempt of a run: its first jobs come, or it waits for its concurrency group. */
  begin(run: RunRecord): void;
  /** Moves a run on after something of it has changed, and what waited for that. */
  moveOn(run: RunRecord): void;
  /** Lets the run's jobs go that their environments do not hold any more. @returns whether there were any */
  letGo(run: RunRecord): boolean;
}

export function createProgress({ store, now }: { store: Store; now: () => number }): Progress {
  const toQueue = (job: JobRecord): void => {
    job.status = 'queued';
    job.queuedAtMs = now();
  };

  const pastGroup = (run: RunRecord, job: JobRecord): void => {
    arriveAtGate(store, run, job, now());
    if (job.gate && !isLetGo(store, run, job, now())) job.status = 'waiting';
    else toQueue(job);
  };

  const displace = (member: Member, group: string): void => {
    const { run, job } = member;
    if (!job) lastAttempt(run).cancelRequestedAtMs ??= now();
    for (const one of job ? [job] : store.jobsOf(run)) {
      if (one.status === 'completed') continue;
      annotate(one, displacedMessage(group));
      cancelJob(store, one, { force: false, nowMs: now() });
    }
    settle(run);
  };

  const admit = (run: RunRecord, job: JobRecord): void => {
    const { concurrency } = planOf(run, job);
    if (!concurrency) {
      pastGroup(run, job);
      return;
    }
    const { group } = concurrency;
    const { mustWait, displaced, isDeadlock } = enterGroup(store, { run, job }, concurrency);
    if (isDeadlock) {
      annotate(job, deadlockMessage(group, job.name));
      endJob(job, 'cancelled', now());
    } else if (mustWait) job.status = 'pending';
    else pastGroup(run, job);
    for (const member of displaced) displace(member, group);
  };

  /** Admits a planned job whose needs have ended, or skips it. */
  const start = (run: RunRecord, index: number, plan: PlannedJob, results: Map<string, Result>): void => {
    const job = addJob(store, run, index, plan, now());
    try {
      if (isWanted(run, plan, results)) admit(run, job);
      else endJob(job, 'skipped', now());
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      annotate(job, `The condition is not valid. ${message}`);
      endJob(job, 'failure', now());
    }
  };

  /** Starts every job whose turn has come, and concludes the run when there is none left. */
  function settle(run: RunRecord): void {
    const attempt = lastAttempt(run);
    run.updatedAtMs = now();
    if (attempt.isPending) {
      if (attempt.cancelRequestedAtMs === null) return;
      Object.assign(attempt, { isPending: false, conclusion: 'cancelled', completedAtMs: now() });
      return;
    }
    for (;;) {
      const jobs = store.jobsOf(run);
      const results = resultsOf(run, jobs);
      const known = new Set(jobs.map((job) => job.planIndex));
      const ready = [...run.plan.entries()].filter(
        ([index, plan]) => !known.has(index) && plan.needs.every((key) => results.has(key)),
      );
      for (const [index, plan] of ready) start(run, index, plan, results);
      if (ready.length > 0) continue;
      attempt.conclusion ??= conclusionOf(run, results);
      if (attempt.conclusion) attempt.completedAtMs ??= now();
      return;
    }
  }

  /** Lets on what waits for groups that have become free. */
  const release = (repository: string): void => {
    for (
      let next = nextRelease(store, repository);
      next !== undefined;
      next = nextRelease(store, repository)
    ) {
      if (next.job) pastGroup(next.run, next.job);
      else lastAttempt(next.run).isPending = false;
      settle(next.run);
    }
  };

  const moveOn = (run: RunRecord): void => {
    settle(run);
    release(run.repository);
  };

  return {
    begin(run) {
      const { concurrency } = run;
      if (concurrency) {
        const { mustWait, displaced } = enterGroup(store, { run, job: null }, concurrency);
        lastAttempt(run).isPending = mustWait;
        for (const member of displaced) displace(member, concurrency.group);
      }
      moveOn(run);
    },
    moveOn,
    letGo(run) {
      const waiting = store.jobsOf(run).filter((job) => job.status === 'waiting');
      const free = waiting.filter((job) => isLetGo(store, run, job, now()));
      for (const job of free) toQueue(job);
      if (free.length > 0) run.updatedAtMs = now();
      return free.length > 0;
    },
  };
}
