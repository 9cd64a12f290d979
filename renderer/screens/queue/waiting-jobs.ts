/** Jobs that wait, gathered by what they wait for. */
import type { Board } from '../../../shared/board.ts';
import type { Job, Wait } from '../../../shared/model.ts';

/** All jobs that wait for the same thing, the longest first; never empty. */
export interface Cause {
  key: string;
  /** Null for jobs that were seen a moment ago, before it was found out why they wait. */
  wait: Wait | null;
  jobs: readonly [Job, ...Job[]];
}

export const isWaiting = ({ status }: Pick<Job, 'status'>): boolean => status !== 'in_progress';

/** Jobs that wait, the longest first. */
export function waitingJobs(jobs: Readonly<Record<string, Job>>): Job[] {
  return Object.values(jobs).filter(isWaiting).sort(byWait);
}

/** The longest wait first; the place in the line decides between jobs of one moment. */
export function byWait(a: Job, b: Job): number {
  return a.queuedAt - b.queuedAt || (a.position ?? 0) - (b.position ?? 0) || (a.id < b.id ? -1 : 1);
}

/**
 * Gathers jobs by cause. First what fails soon, then what needs somebody, then what passes by itself; among equals the one
 * that has gone on longest, so that nothing jumps while jobs come and go.
 * @param jobs that wait, the longest first
 */
export function causesOf(jobs: readonly Job[], waits: Board['waits']): Cause[] {
  const causes = new Map<string, { key: string; wait: Wait | null; jobs: [Job, ...Job[]] }>();
  for (const job of jobs) {
    const wait = waits[job.waitId ?? ''] ?? null;
    const key = wait === null ? unexplained : wait.id;
    const known = causes.get(key);
    if (known) known.jobs.push(job);
    else causes.set(key, { key, wait, jobs: [job] });
  }
  return [...causes.values()].sort(byUrgency);
}

const unexplained = 'unexplained';

function byUrgency(a: Cause, b: Cause): number {
  const soon = (cause: Cause): number => cause.wait?.failsAt ?? Number.POSITIVE_INFINITY;
  const [one, other] = [soon(a), soon(b)];
  if (one !== other) return one - other;
  return rank(a) - rank(b) || a.jobs[0].queuedAt - b.jobs[0].queuedAt || (a.key < b.key ? -1 : 1);
}

function rank({ wait }: Cause): number {
  if (wait === null) return 2;
  return wait.passes ? 1 : 0;
}

/** Causes that somebody has to do something about. */
export function needsPerson({ wait }: Cause): boolean {
  return wait !== null && !wait.passes;
}

/** The labels that all jobs of a cause ask for; null when they differ. */
export function sharedLabels({ jobs }: Cause): readonly string[] | null {
  const [{ labels }] = jobs;
  const same = jobs.every(
    (job) => job.labels.length === labels.length && job.labels.every((label, at) => label === labels[at]),
  );
  return same ? labels : null;
}
