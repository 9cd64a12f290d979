/** Environments of repositories, and the jobs that their rules hold. */
import type { EnvironmentRecord, JobRecord, RunRecord } from '../model.ts';
import type { Repository } from '../repositories.ts';
import type { Store } from '../store.ts';
import { lastAttempt, planOf } from './contexts.ts';

/** GitHub fails a job that nobody has approved within so long. */
export const approvalMs = 30 * 86_400_000;
const minuteMs = 60_000;

/** Looks names up as GitHub does, whatever their case. */
export function findEnvironment(
  store: Store,
  repository: string,
  name: string,
): EnvironmentRecord | undefined {
  return store.data.environments[repository]?.find(
    (environment) => environment.name.toLowerCase() === name.toLowerCase(),
  );
}

/** Adds an environment without rules. */
export function addEnvironment(
  store: Store,
  repository: string,
  name: string,
  nowMs: number,
): EnvironmentRecord {
  const environment: EnvironmentRecord = {
    id: store.nextId('environment'),
    name,
    waitTimerMinutes: 0,
    reviewers: [],
    preventSelfReview: false,
    createdAtMs: nowMs,
    updatedAtMs: nowMs,
  };
  store.data.environments[repository] ??= [];
  store.data.environments[repository].push(environment);
  return environment;
}

/** Gives a repository the environments that it has from the beginning, once. */
export function addInitialEnvironments(store: Store, repository: Repository, nowMs: number): void {
  const { fullName, environments } = repository;
  if (store.data.environments[fullName]) return;
  for (const { name, ...rules } of environments) {
    Object.assign(addEnvironment(store, fullName, name, nowMs), rules);
  }
}

/** The environment that holds or held a job. */
export function gateOf(store: Store, run: RunRecord, job: JobRecord): EnvironmentRecord | undefined {
  return store.data.environments[run.repository]?.find(({ id }) => id === job.gate?.environmentId);
}

/** When a wait timer lets the job go. */
export function timerEndsAtMs(environment: EnvironmentRecord, job: JobRecord): number {
  return (job.gate?.sinceMs ?? 0) + environment.waitTimerMinutes * minuteMs;
}

/** Whether the rules of its environment let a job go. An environment that is gone has no rules. */
export function isLetGo(store: Store, run: RunRecord, job: JobRecord, nowMs: number): boolean {
  const environment = gateOf(store, run, job);
  if (!environment) return true;
  const isReviewed = environment.reviewers.length === 0 || job.gate?.isApproved === true;
  return isReviewed && timerEndsAtMs(environment, job) <= nowMs;
}

/** Brings a job to its environment, which is made when there is none of that name. */
export function arriveAtGate(store: Store, run: RunRecord, job: JobRecord, nowMs: number): void {
  const name = planOf(run, job).environment;
  if (name === null) return;
  const environment =
    findEnvironment(store, run.repository, name) ?? addEnvironment(store, run.repository, name, nowMs);
  job.gate = { environmentId: environment.id, sinceMs: nowMs, isApproved: false };
}

/** Whether this login may approve what the environment holds of the run. */
export function mayReview(environment: EnvironmentRecord, run: RunRecord, login: string): boolean {
  if (environment.preventSelfReview && lastAttempt(run).actor === login) return false;
  return environment.reviewers.includes(login);
}
