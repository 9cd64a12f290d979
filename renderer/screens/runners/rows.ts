/** Which rows the list of runners shows, in which order. */
import type { Board } from '../../../shared/board.ts';
import { formatCount } from '../../../shared/format.ts';
import type { ForeignRunner, Pool, Runner, RunnerState } from '../../../shared/model.ts';
import { byName } from '../overview/track-model.ts';

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

const groupOf: Record<RunnerState, Exclude<StateGroup, 'all'>> = {
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

/** The rows in order: pools by name with their runners, then runners that are not managed here. */
export function listRows(tables: Tables, filter: Filter): ListRow[] {
  const runners = byName(Object.values(tables.runners)).filter((runner) => matches(runner, filter));
  const byPool = Map.groupBy(runners, ({ poolId }) => poolId);
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
  if (group !== 'all' && groupOf[runner.state] !== group) return false;
  const text = [runner.name, ...runner.labels, runner.job?.name ?? '', runner.state].join(' ').toLowerCase();
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
  for (const { state } of Object.values(runners)) {
    counts.all += 1;
    counts[groupOf[state]] += 1;
  }
  return counts;
}

/** "4 runners: 3 busy, 1 idle." */
export function listHeadline(runners: Tables['runners']): string {
  const counts = countGroups(runners);
  if (counts.all === 0) return 'No runners yet';
  const words: Record<Exclude<StateGroup, 'all'>, string> = {
    busy: 'busy',
    idle: 'idle',
    coming: 'being deployed',
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
