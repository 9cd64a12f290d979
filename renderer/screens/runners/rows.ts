/** Which rows the list of runners shows, in which order. */
import type { Board } from '../../../shared/board.ts';
import { formatCount } from '../../../shared/format.ts';
import type { ForeignRunner, Pool, Runner, RunnerState } from '../../../shared/model.ts';
import { waitsForRetry } from '../../components/runner-state.ts';
import { byName } from '../overview/track-model.ts';
import { managesItself } from './stay.ts';

/** What the list can be narrowed to. */
export const stateGroups = ['all', 'busy', 'idle', 'coming', 'off', 'failed'] as const;
export type StateGroup = (typeof stateGroups)[number];

export const groupTitles: Record<StateGroup, string> = {
  all: 'All',
  busy: 'Busy',
  idle: 'Idle',
  coming: 'Coming',
  off: 'Not running',
  failed: 'Failed',
};

const groups: Record<RunnerState, Exclude<StateGroup, 'all'>> = {
  deploying: 'coming',
  starting: 'coming',
  idle: 'idle',
  busy: 'busy',
  reconnecting: 'idle',
  stopping: 'off',
  stopped: 'off',
  removing: 'off',
  failed: 'failed',
};

/** One that is started again by itself is not for a person to mend. */
function groupOf(runner: Pick<Runner, 'state' | 'retryAt'>): Exclude<StateGroup, 'all'> {
  return waitsForRetry(runner) ? 'coming' : groups[runner.state];
}

export type ListRow =
  | { kind: 'pool'; key: string; pool: Pool | null; count: number }
  | { kind: 'runner'; key: string; runner: Runner }
  | { kind: 'foreign-head'; key: string; count: number }
  | { kind: 'foreign'; key: string; runner: ForeignRunner };

export interface Filter {
  /** Words that must all occur in a runner's name, labels, job or state. */
  query: string;
  group: StateGroup;
}

type Tables = Pick<Board, 'runners' | 'pools' | 'foreignRunners'>;

/**
 * The rows in order: pools by name with their runners, then runners that are not managed here. A pool that manages
 * itself is shown without runners as well: that none is needed is its ordinary state.
 */
export function listRows(tables: Tables, filter: Filter): ListRow[] {
  const runners = byName(Object.values(tables.runners)).filter((runner) => matches(runner, filter));
  const byPool = Map.groupBy(runners, ({ poolId }) => poolId);
  for (const pool of Object.values(tables.pools)) {
    if (!byPool.has(pool.id) && matchesEmptyPool(pool, filter)) byPool.set(pool.id, []);
  }
  const pools = [...byPool.entries()]
    .map(([id, members]) => ({
      id,
      members,
      pool: tables.pools[id] ?? null,
      name: tables.pools[id]?.name ?? '',
    }))
    .sort((a, b) => a.name.localeCompare(b.name));
  const foreign = byName(Object.values(tables.foreignRunners)).filter((runner) =>
    matchesForeign(runner, filter),
  );
  const rows = pools.flatMap<ListRow>(({ id, members, pool }) => [
    { kind: 'pool', key: `pool-${id}`, pool, count: members.length },
    ...members.map((runner) => ({ kind: 'runner' as const, key: runner.id, runner })),
  ]);
  if (foreign.length === 0) return rows;
  return [
    ...rows,
    { kind: 'foreign-head', key: 'foreign', count: foreign.length },
    ...foreign.map((runner) => ({ kind: 'foreign' as const, key: `foreign-${runner.id}`, runner })),
  ];
}

function wordsOf(query: string): string[] {
  return query.toLowerCase().split(/\s+/).filter(Boolean);
}

function matches(runner: Runner, { query, group }: Filter): boolean {
  if (group !== 'all' && groupOf(runner) !== group) return false;
  const text = [runner.name, ...runner.labels, runner.job?.name ?? '', runner.state].join(' ').toLowerCase();
  return wordsOf(query).every((word) => text.includes(word));
}

function matchesEmptyPool(pool: Pool, { query, group }: Filter): boolean {
  if (group !== 'all' || !managesItself(pool)) return false;
  const text = [pool.name, ...pool.labels].join(' ').toLowerCase();
  return wordsOf(query).every((word) => text.includes(word));
}

function matchesForeign(runner: ForeignRunner, { query, group }: Filter): boolean {
  if (group !== 'all') return false;
  const text = [runner.name, ...runner.labels, runner.status].join(' ').toLowerCase();
  return wordsOf(query).every((word) => text.includes(word));
}

/** How many runners each group has. */
export function countGroups(runners: Tables['runners']): Record<StateGroup, number> {
  const counts: Record<StateGroup, number> = { all: 0, busy: 0, idle: 0, coming: 0, off: 0, failed: 0 };
  for (const runner of Object.values(runners)) {
    counts.all += 1;
    counts[groupOf(runner)] += 1;
  }
  return counts;
}

/** "4 runners: 3 busy, 1 idle." */
export function listHeadline(runners: Tables['runners'], pools: Tables['pools'] = {}): string {
  const counts = countGroups(runners);
  if (counts.all === 0)
    return Object.values(pools).some(managesItself) ? 'No runner is needed now' : 'No runners yet';
  const words: Record<Exclude<StateGroup, 'all'>, string> = {
    busy: 'busy',
    idle: 'idle',
    coming: 'coming',
    off: 'not running',
    failed: 'failed',
  };
  const parts = Object.entries(words).flatMap(([group, word]) => {
    const count = counts[group as Exclude<StateGroup, 'all'>];
    return count === 0
      ? []
      : count === counts.all
        ? [`all ${word}`]
        : [`${count.toLocaleString('en')} ${word}`];
  });
  if (counts.all === 1) return `1 runner, ${parts[0]?.replace('all ', '') ?? ''}`;
  return `${formatCount(counts.all, 'runner')}: ${parts.join(', ')}`;
}

/** A group from an address such as `?state=failed`; everything else shows all. */
export function groupFrom(search: string): StateGroup {
  const asked = new URLSearchParams(search).get('state');
  return stateGroups.find((group) => group === asked) ?? 'all';
}
