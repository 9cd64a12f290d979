/** The one sentence of the pools' screens: does each have the runners that its jobs need? */
import { formatCount, formatList } from '../../../shared/format.ts';
import type { Pool, PoolState, Runner } from '../../../shared/model.ts';
import { type Occupancy, occupancyOf, presentRunners } from './occupancy.ts';

export interface PoolClause {
  text: string;
  tone: 'plain' | 'wait';
}

const plain = (text: string): PoolClause => ({ text, tone: 'plain' });
const wait = (text: string): PoolClause => ({ text, tone: 'wait' });

/** All pools together: what is, then what holds some of them. */
export function poolsHeadline(
  pools: readonly Pool[],
  states: Readonly<Record<string, PoolState>>,
  runners: readonly Runner[],
): PoolClause[] {
  if (pools.length === 0) return [plain('No pool yet')];
  const paused = pools.filter((pool) => pool.paused);
  const held = pools.filter(({ id, paused: itself }) => !itself && states[id]?.hold);
  return [
    plain(whatIs(pools, runners)),
    ...(held.length === 0 ? [] : [wait(`${named(held)} ${held.length === 1 ? 'is' : 'are'} held back.`)]),
    ...(paused.length === 0 ? [] : [wait(`${named(paused)} ${paused.length === 1 ? 'is' : 'are'} paused.`)]),
  ];
}

const named = (pools: readonly Pool[]): string => formatList(pools.map(({ name }) => name));

function whatIs(pools: readonly Pool[], runners: readonly Runner[]): string {
  const ids = new Set(pools.map(({ id }) => id));
  const own = runners.filter(({ poolId }) => ids.has(poolId));
  const busy = own.filter(({ state }) => state === 'busy').length;
  const idle = own.filter(({ state }) => state === 'idle').length;
  const coming = own.filter(({ state }) => state === 'deploying' || state === 'starting').length;
  const where = formatCount(pools.length, 'pool');
  if (busy > 0) return `${formatCount(busy, 'job runs', 'jobs run')} in ${where}.`;
  if (coming > 0) return `${formatCount(coming, 'runner is', 'runners are')} coming in ${where}.`;
  if (idle > 0) return `${where}: ${formatCount(idle, 'runner waits', 'runners wait')} for jobs.`;
  return `${where}: no runner is there.`;
}

/** One pool, on its own page. */
export function poolHeadline(pool: Pool, state: PoolState | undefined, occupancy: Occupancy): PoolClause[] {
  const demand = state?.demand ?? 0;
  const waiting = demand === 0 ? '' : `${formatCount(demand, 'job waits', 'jobs wait')}.`;
  if (pool.paused) return [plain(pool.name), wait('is paused.'), ...(waiting === '' ? [] : [plain(waiting)])];
  const is = plain(`${pool.name}: ${doing(pool, occupancy, demand)}`);
  if (demand === 0) return [is];
  return [is, state?.hold ? wait(waiting) : plain(waiting)];
}

function doing(pool: Pool, occupancy: Occupancy, demand: number): string {
  const { busy, idle, coming } = occupancy;
  const present = formatCount(presentRunners(occupancy), 'runner');
  if (busy > 0) return `${formatCount(busy, 'job runs', 'jobs run')} on ${present}.`;
  if (coming > 0) return `${formatCount(coming, 'runner is', 'runners are')} coming.`;
  if (idle > 0) return `${formatCount(idle, 'runner waits', 'runners wait')} for jobs.`;
  if (pool.lifecycle.mode === 'manual') return 'no runner is there.';
  return demand > 0 ? 'no runner is there yet.' : 'ready. The first runner starts when a job waits.';
}

/** The occupancy of a pool whose runners are these. */
export function occupancyAmong(pool: Pool, runners: readonly Runner[]): Occupancy {
  return occupancyOf(
    pool,
    runners.filter(({ poolId }) => poolId === pool.id),
  );
}
