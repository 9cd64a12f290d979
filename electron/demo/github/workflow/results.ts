/** What has come of a run's jobs, and which jobs that lets start. */
import type { Conclusion, JobRecord, PlannedJob, RunRecord } from '../model.ts';
import { githubContext, lastAttempt, planOf } from './contexts.ts';
import { evaluate, isTruthy, namesStatus } from './expressions.ts';

/** The result of all jobs of one key, as `needs.KEY.result` gives it. */
export type Result = 'success' | 'failure' | 'cancelled' | 'skipped';

function resultOf(jobs: JobRecord[], plan: PlannedJob): Result {
  const conclusions = jobs.map((job) => job.conclusion);
  if (conclusions.some((one) => one === 'failure' || one === 'timed_out')) {
    return plan.continueOnError ? 'success' : 'failure';
  }
  if (conclusions.includes('cancelled')) return 'cancelled';
  return conclusions.every((one) => one === 'skipped') ? 'skipped' : 'success';
}

/** Results by key, of those keys whose jobs have all ended. */
export function resultsOf(run: RunRecord, jobs: JobRecord[]): Map<string, Result> {
  const results = new Map<string, Result>();
  for (const key of new Set(run.plan.map((plan) => plan.key))) {
    const plans = run.plan.filter((plan) => plan.key === key);
    const records = jobs.filter((job) => planOf(run, job).key === key);
    const [plan] = plans;
    const isDone = records.length === plans.length && records.every((job) => job.status === 'completed');
    if (plan && isDone) results.set(key, resultOf(records, plan));
  }
  return results;
}

/** The run's conclusion, once all its jobs have ended; else `null`. */
export function conclusionOf(run: RunRecord, results: Map<string, Result>): Conclusion | null {
  if (run.plan.some((plan) => !results.has(plan.key))) return null;
  const all = [...results.values()];
  if (all.includes('failure')) return 'failure';
  if (all.includes('cancelled')) return 'cancelled';
  return all.every((result) => result === 'skipped') ? 'skipped' : 'success';
}

/**
 * Whether a planned job is to run, now that its needs have ended.
 * @throws SyntaxError when its condition is not an expression
 */
export function isWanted(run: RunRecord, plan: PlannedJob, results: Map<string, Result>): boolean {
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

/** Plan places of the jobs that a rerun starts anew: those asked for and all that need them. */
export function placesToRepeat(
  run: RunRecord,
  previous: JobRecord[],
  which: 'all' | 'failed' | JobRecord,
): Set<number> {
  if (which === 'all') return new Set(run.plan.keys());
  const isChosen = (job: JobRecord) =>
    which === 'failed'
      ? job.conclusion !== 'success' && job.conclusion !== 'skipped'
      : job.planIndex === which.planIndex;
  const places = new Set(previous.filter(isChosen).map((job) => job.planIndex));
  for (let size = -1; size !== places.size; ) {
    size = places.size;
    const keys = new Set(run.plan.filter((_, index) => places.has(index)).map((plan) => plan.key));
    for (const [index, plan] of run.plan.entries())
      if (plan.needs.some((key) => keys.has(key))) places.add(index);
  }
  return places;
}
