/** Which pool will take a waiting job, as far as the panel can tell from labels: for the words and the repair beside it. */
import type { Board } from '../../../shared/board.ts';
import type { Job, Pool, PoolState } from '../../../shared/model.ts';
import { managesItself } from '../runners/stay.ts';

/** Labels that the forge gives to every runner by itself, or that say what a machine is: deploying cannot add them. */
export const ownLabels = /^(self-hosted|linux|macos|windows|x64|x86|arm|arm64)$/i;

export interface ServingPool {
  pool: Pool;
  state: PoolState;
}

/**
 * The pool that manages itself and counts this job among its demand; null where none does. The engine has matched them
 * already: of the pools that have something to do, the one whose labels cover the job's is meant.
 */
export function servingPool(job: Job, tables: Pick<Board, 'pools' | 'poolStates'>): ServingPool | null {
  if (job.wait?.missing.some((label) => ownLabels.test(label))) return null;
  const wanted = job.labels.filter((label) => !ownLabels.test(label)).map((label) => label.toLowerCase());
  const found = Object.values(tables.pools).flatMap((pool) => {
    const state = tables.poolStates[pool.id];
    const serves =
      managesItself(pool) &&
      pool.repositoryId === job.repositoryId &&
      wanted.every((label) => pool.labels.some((own) => own.toLowerCase() === label));
    return serves && state !== undefined && state.demand > 0 ? [{ pool, state }] : [];
  });
  return found.find(({ state }) => state.hold === null) ?? found[0] ?? null;
}

const heldWords: Record<NonNullable<PoolState['hold']>['kind'], (pool: string) => string> = {
  'pool-maximum': (pool) => `${pool} has as many runners as it may`,
  cores: () => 'no cores are free for another runner',
  memory: () => 'no memory is free for another runner',
  disk: () => 'the disk has no room for another runner',
  paused: (pool) => `${pool} is paused`,
  battery: (pool) => `${pool} pauses on battery`,
  metered: (pool) => `${pool} pauses on this network`,
  'user-load': (pool) => `${pool} pauses while this machine is busy`,
  hours: (pool) => `${pool} pauses outside its hours`,
  failing: (pool) => `runners of ${pool} keep failing`,
  forge: () => 'GitHub holds new runners back',
  quitting: () => 'Trackside is about to quit',
};

/** Why a pool starts no more runners, as the end of a sentence; null when nothing holds it back. */
export function heldPhrase({ pool, state }: ServingPool): string | null {
  return state.hold === null ? null : heldWords[state.hold.kind](pool.name);
}
