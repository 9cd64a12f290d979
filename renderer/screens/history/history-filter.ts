/** Which events are asked for, as an address keeps it and as a row is matched. */
import type { HistoryQuery } from '../../../shared/contract.ts';
import type { HistoryEvent } from '../../../shared/model.ts';

export type EventKind = HistoryEvent['kind'];

export type HistoryFilter = Pick<HistoryQuery, 'runnerId' | 'poolId' | 'repositoryId' | 'kinds' | 'search'>;

/** In the order in which they are offered. */
export const kindTitles: Record<EventKind, string> = {
  runner: 'Runners',
  job: 'Jobs',
  pool: 'Pools',
  person: 'People',
  forge: 'GitHub',
  host: 'This machine',
  engine: 'Trackside',
};
export const eventKinds = Object.keys(kindTitles) as EventKind[];

export const everything: HistoryFilter = {
  runnerId: null,
  poolId: null,
  repositoryId: null,
  kinds: [],
  search: '',
};

/** Reads `runner=arm-1&kinds=job,runner&search=lost`; what it does not know it leaves out. */
export function filterFrom(address: string): HistoryFilter {
  const asked = new URLSearchParams(address);
  const named = (asked.get('kinds') ?? '').split(',');
  return {
    runnerId: asked.get('runner'),
    poolId: asked.get('pool'),
    repositoryId: asked.get('repository'),
    kinds: eventKinds.filter((kind) => named.includes(kind)),
    search: asked.get('search') ?? '',
  };
}

/** The path of the screen with this filter: `/history?runner=arm-1`. */
export function historyPath(filter: Partial<HistoryFilter>): string {
  const { runnerId, poolId, repositoryId, kinds, search } = { ...everything, ...filter };
  const parts: [string, string | null][] = [
    ['runner', runnerId],
    ['pool', poolId],
    ['repository', repositoryId],
    ['kinds', kinds.join(',')],
    ['search', search],
  ];
  const query = parts.flatMap(([name, value]) => (value ? `${name}=${encodeURIComponent(value)}` : []));
  return query.length === 0 ? '/history' : `/history?${query.join('&')}`;
}

/** Whether an event that was just heard belongs among those asked for, as the engine would decide it. */
export function matchesFilter(event: HistoryEvent, filter: HistoryFilter): boolean {
  const { runnerId, poolId, repositoryId, kinds, search } = filter;
  if (runnerId !== null && event.runnerId !== runnerId) return false;
  if (poolId !== null && event.poolId !== poolId) return false;
  if (repositoryId !== null && event.repositoryId !== repositoryId) return false;
  if (kinds.length > 0 && !kinds.includes(event.kind)) return false;
  const words = search.trim().toLowerCase();
  return [event.subject, event.cause].some((text) => text.toLowerCase().includes(words));
}

/** Whether anything narrows the list. */
export function isNarrowed(filter: HistoryFilter): boolean {
  return historyPath(filter) !== '/history';
}
