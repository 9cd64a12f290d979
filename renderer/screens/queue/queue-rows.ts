/** Which rows the queue shows, in which order. */
import type { Board } from '../../../shared/board.ts';
import type { Job, Wait, WaitKind } from '../../../shared/model.ts';
import type { QueueFilter, SortKey } from './queue-filter.ts';
import type { RunningJob } from './running-jobs.ts';
import { waitKinds } from './wait-words.ts';
import { byWait, type Cause, causesOf } from './waiting-jobs.ts';

export type QueueRow =
  | { kind: 'cause'; key: string; cause: Cause; marked: boolean }
  | { kind: 'job'; key: string; job: Job; wait: Wait | null; last: boolean; marked: boolean }
  /** Jobs of a cause that are not drawn until somebody asks for them. */
  | { kind: 'more'; key: string; cause: Cause; hidden: number; marked: boolean }
  | { kind: 'heading'; key: string; title: string; count: number }
  | { kind: 'running'; key: string; running: RunningJob; last: boolean };

/** Jobs of a cause that are shown at first; one more than this is not worth hiding. */
const firstShown = 5;

type Names = Board['repositories'];

/** Jobs that pass the filter, in the order they came. */
export function filterJobs(
  jobs: readonly Job[],
  filter: QueueFilter,
  tables: Pick<Board, 'waits' | 'repositories'>,
): Job[] {
  const words = wordsOf(filter.search);
  const { repositoryId, reason, label } = filter;
  return jobs.filter((job) => {
    if (repositoryId !== null && job.repositoryId !== repositoryId) return false;
    if (reason !== null && kindOf(job, tables.waits) !== reason) return false;
    if (label !== null && !job.labels.includes(label)) return false;
    return words.length === 0 || hasWords(textOf(job, tables.repositories), words);
  });
}

/** Running jobs that pass; whoever asks for a reason to wait sees none. */
export function filterRunning(
  running: readonly RunningJob[],
  filter: QueueFilter,
  repositories: Names,
): RunningJob[] {
  const words = wordsOf(filter.search);
  const { repositoryId, reason, label } = filter;
  if (reason !== null) return [];
  return running.filter(({ job, name, runnerName, repositoryId: its }) => {
    if (repositoryId !== null && its !== repositoryId) return false;
    if (label !== null && !job?.labels.includes(label)) return false;
    const text = job === null ? `${name} ${repositories[its]?.fullName ?? ''}` : textOf(job, repositories);
    return words.length === 0 || hasWords(`${text} ${runnerName}`, words);
  });
}

const wordsOf = (search: string): string[] => search.toLowerCase().split(/\s+/).filter(Boolean);

function hasWords(text: string, words: readonly string[]): boolean {
  const lower = text.toLowerCase();
  return words.every((word) => lower.includes(word));
}

function textOf(job: Job, repositories: Names): string {
  const { name, workflow, branch, event, actor, labels, repositoryId } = job;
  const whole = [name, workflow, branch, event, actor, ...labels, repositories[repositoryId]?.fullName];
  return whole.filter(Boolean).join(' ');
}

const kindOf = (job: Job, waits: Board['waits']): WaitKind => waits[job.waitId ?? '']?.kind ?? 'unknown';

/** Rows of the waiting jobs: under their causes, or one line each. */
export function queueRows(
  jobs: readonly Job[],
  filter: QueueFilter,
  waits: Board['waits'],
  opened: ReadonlySet<string>,
): QueueRow[] {
  if (filter.view === 'jobs') {
    return sortJobs(jobs, filter.sort, filter.reversed).map((job, index) => ({
      kind: 'job',
      key: job.id,
      job,
      wait: waits[job.waitId ?? ''] ?? null,
      last: index === jobs.length - 1,
      marked: false,
    }));
  }
  return causesOf(jobs, waits).flatMap((cause) => causeRows(cause, filter.waitId, opened));
}

function causeRows(cause: Cause, waitId: string | null, opened: ReadonlySet<string>): QueueRow[] {
  const { key, jobs, wait } = cause;
  const marked = wait !== null && wait.id === waitId;
  const most = jobs.length <= firstShown + 1 || opened.has(key) ? jobs.length : firstShown;
  const hidden = jobs.length - most;
  const rows: QueueRow[] = [{ kind: 'cause', key: `cause-${key}`, cause, marked }];
  for (let index = 0; index < most; index += 1) {
    const job = jobs[index];
    if (job === undefined) continue;
    rows.push({ kind: 'job', key: job.id, job, wait, last: index === jobs.length - 1, marked });
  }
  if (hidden > 0) rows.push({ kind: 'more', key: `more-${key}`, cause, hidden, marked });
  return rows;
}

const collator = new Intl.Collator('en', { numeric: true });
const startOf = ({ estimate }: Job): number => estimate?.startsAt ?? Number.POSITIVE_INFINITY;
const orders: Record<SortKey, (a: Job, b: Job) => number> = {
  waited: byWait,
  name: (a, b) => collator.compare(a.name, b.name) || byWait(a, b),
  start: (a, b) => (startOf(a) === startOf(b) ? byWait(a, b) : startOf(a) - startOf(b)),
};

/** Jobs by one key; those of which nobody knows when they start come last in that order. */
export function sortJobs(jobs: readonly Job[], key: SortKey, reversed: boolean): Job[] {
  const sorted = [...jobs].sort(orders[key]);
  return reversed ? sorted.reverse() : sorted;
}

/** Rows of the running jobs. */
export function runningRows(running: readonly RunningJob[]): QueueRow[] {
  if (running.length === 0) return [];
  return [
    { kind: 'heading', key: 'running', title: 'Running', count: running.length },
    ...running.map<QueueRow>((job, index) => ({
      kind: 'running',
      key: `running-${job.key}`,
      running: job,
      last: index === running.length - 1,
    })),
  ];
}

export interface Facet<T> {
  value: T;
  count: number;
}

/** What the waiting jobs can be narrowed to, with how many there are of each. */
export function facetsOf(
  jobs: readonly Job[],
  waits: Board['waits'],
): { reasons: Facet<WaitKind>[]; labels: Facet<string>[]; repositories: Facet<string>[] } {
  const reasons = new Map<WaitKind, number>();
  const labels = new Map<string, number>();
  const repositories = new Map<string, number>();
  const count = <T>(of: Map<T, number>, value: T): unknown => of.set(value, (of.get(value) ?? 0) + 1);
  for (const job of jobs) {
    count(reasons, kindOf(job, waits));
    count(repositories, job.repositoryId);
    for (const label of new Set(job.labels)) count(labels, label);
  }
  const facets = <T>(of: Map<T, number>): Facet<T>[] =>
    [...of].map(([value, many]) => ({ value, count: many }));
  return {
    reasons: facets(reasons).sort((a, b) => waitKinds.indexOf(a.value) - waitKinds.indexOf(b.value)),
    labels: facets(labels).sort((a, b) => collator.compare(a.value, b.value)),
    repositories: facets(repositories),
  };
}
