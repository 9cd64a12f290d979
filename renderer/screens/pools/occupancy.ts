/** How full a pool is: its runners by what they do, against the most it may have. */
import { formatCount } from '../../../shared/format.ts';
import type { Pool, PoolState, Runner } from '../../../shared/model.ts';

export interface Occupancy {
  busy: number;
  idle: number;
  /** Being deployed, started, or out of the forge's reach for the moment. */
  coming: number;
  leaving: number;
  /** Stopped or failed: it keeps a place, but no job comes to it. */
  stopped: number;
  failed: number;
  maximum: number;
}

const kinds: Record<Runner['state'], Exclude<keyof Occupancy, 'maximum'>> = {
  deploying: 'coming',
  starting: 'coming',
  reconnecting: 'coming',
  idle: 'idle',
  busy: 'busy',
  stopping: 'leaving',
  removing: 'leaving',
  stopped: 'stopped',
  failed: 'failed',
};

/** Counts a pool's runners. One that does not manage itself has as many places as runners: a person decides. */
export function occupancyOf(
  pool: Pick<Pool, 'scaling' | 'lifecycle'>,
  runners: readonly Pick<Runner, 'state'>[],
): Occupancy {
  const counts: Occupancy = {
    busy: 0,
    idle: 0,
    coming: 0,
    leaving: 0,
    stopped: 0,
    failed: 0,
    maximum: pool.lifecycle.mode === 'manual' ? 0 : pool.scaling.maxRunners,
  };
  for (const { state } of runners) {
    counts[kinds[state]] += 1;
  }
  if (pool.lifecycle.mode === 'manual') counts.maximum = takenPlaces(counts);
  return counts;
}

/** Runners that work, wait for work, or are about to. */
export function presentRunners({ busy, idle, coming }: Occupancy): number {
  return busy + idle + coming;
}

/** Places that are taken: those that leave give theirs free. */
export function takenPlaces(occupancy: Occupancy): number {
  return presentRunners(occupancy) + occupancy.stopped + occupancy.failed;
}

/** "2 of at most 4 runners; 3 jobs wait" */
export function occupancySentence(
  pool: Pick<Pool, 'lifecycle'>,
  occupancy: Occupancy,
  state: Pick<PoolState, 'demand'> | undefined,
): string {
  const present = presentRunners(occupancy);
  const most = formatCount(occupancy.maximum, 'runner');
  const demand = state?.demand ?? 0;
  const waits = demand === 0 ? 'nothing waits' : formatCount(demand, 'job waits', 'jobs wait');
  const here =
    pool.lifecycle.mode === 'manual' ? formatCount(present, 'runner') : `${present} of at most ${most}`;
  return `${here}; ${waits}`;
}

/** The picture in words, for those who do not see it. */
export function describeOccupancy(occupancy: Occupancy): string {
  const { busy, idle, coming, leaving, stopped, failed, maximum } = occupancy;
  const parts = [
    [busy, 'busy'],
    [idle, 'idle'],
    [coming, 'coming'],
    [leaving, 'leaving'],
    [stopped, 'stopped'],
    [failed, 'failed'],
    [Math.max(0, maximum - takenPlaces(occupancy)), 'free'],
  ] as const;
  const told = parts.flatMap(([count, word]) => (count > 0 ? `${count.toLocaleString('en')} ${word}` : []));
  return `${formatCount(maximum, 'place')}: ${told.join(', ')}`;
}
