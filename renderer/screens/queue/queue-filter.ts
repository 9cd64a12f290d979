/** What of the queue is shown and in which order, as the address keeps it. */
import type { WaitKind } from '../../../shared/model.ts';
import { waitKinds } from './wait-words.ts';

/** `causes`: gathered by what they wait for; `jobs`: one line each, to be sorted. */
export type QueueView = 'causes' | 'jobs';

export const sortKeys = ['waited', 'name', 'start'] as const;
export type SortKey = (typeof sortKeys)[number];

export interface QueueFilter {
  view: QueueView;
  sort: SortKey;
  /** Against the order that the key has by itself: the longest wait, the first name, the first start. */
  reversed: boolean;
  repositoryId: string | null;
  reason: WaitKind | null;
  label: string | null;
  /** Words that must all occur in a job's name, workflow, branch, event, actor, labels or repository. */
  search: string;
  /** A cause to show and mark. */
  waitId: string | null;
}

export const wholeQueue: QueueFilter = {
  view: 'causes',
  sort: 'waited',
  reversed: false,
  repositoryId: null,
  reason: null,
  label: null,
  search: '',
  waitId: null,
};

/** Reads `reason=label-missing&search=nightly`; what it does not know it leaves out. */
export function queueFilterFrom(address: string): QueueFilter {
  const asked = new URLSearchParams(address);
  return {
    view: asked.get('view') === 'jobs' ? 'jobs' : 'causes',
    sort: sortKeys.find((key) => key === asked.get('sort')) ?? 'waited',
    reversed: asked.get('reversed') === 'yes',
    repositoryId: asked.get('repository') || null,
    reason: waitKinds.find((kind) => kind === asked.get('reason')) ?? null,
    label: asked.get('label') || null,
    search: asked.get('search') ?? '',
    waitId: asked.get('wait') || null,
  };
}

/** The path of the screen with this filter: `/queue?reason=offline`. */
export function queuePath(filter: Partial<QueueFilter>): string {
  const { view, sort, reversed, repositoryId, reason, label, search, waitId } = { ...wholeQueue, ...filter };
  const parts: [string, string | null][] = [
    ['view', view === 'causes' ? null : view],
    ['sort', sort === 'waited' ? null : sort],
    ['reversed', reversed ? 'yes' : null],
    ['repository', repositoryId],
    ['reason', reason],
    ['label', label],
    ['search', search],
    ['wait', waitId],
  ];
  const query = parts.flatMap(([name, value]) => (value ? `${name}=${encodeURIComponent(value)}` : []));
  return query.length === 0 ? '/queue' : `/queue?${query.join('&')}`;
}

/** Whether anything is left out. */
export function leavesOut({ repositoryId, reason, label, search }: QueueFilter): boolean {
  return repositoryId !== null || reason !== null || label !== null || search.trim() !== '';
}
