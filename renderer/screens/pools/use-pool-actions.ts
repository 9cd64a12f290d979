/** What can be done with a pool at once, from its row, its page and the command palette. */
import type { Pool } from '../../../shared/model.ts';
import { maxRunnersPerDeploy } from '../../../shared/sizes.ts';
import type { TracksideClient } from '../../client/client.ts';
import { runAction } from '../../store/run-action.ts';
import { useClient } from '../../store/session.ts';
import { type Occupancy, takenPlaces } from './occupancy.ts';

export interface PoolActions {
  pause(pool: Pool): Promise<boolean>;
  resume(pool: Pool): Promise<boolean>;
  raise(pool: Pool, maximum: number): Promise<boolean>;
  /** One more runner now. */
  startOne(pool: Pool): Promise<boolean>;
}

/** Actions on `client`; each tells its outcome and resolves with whether it was done. */
export function createPoolActions({
  pools,
  engine,
}: Pick<TracksideClient, 'pools' | 'engine'>): PoolActions & {
  stay(): Promise<boolean>;
} {
  const setPaused = (pool: Pool, paused: boolean): Promise<unknown> =>
    pools.update({ poolId: pool.id, change: { paused } });
  const setMaximum = (pool: Pool, maxRunners: number): Promise<unknown> =>
    pools.update({ poolId: pool.id, change: { scaling: { ...pool.scaling, maxRunners } } });
  const resume = (pool: Pool): Promise<boolean> =>
    runAction(() => setPaused(pool, false), `${pool.name} takes jobs again.`);
  return {
    resume,
    pause: (pool) =>
      runAction(
        () => setPaused(pool, true),
        `${pool.name} takes no new jobs; those that run go on to their end.`,
        {
          label: 'Resume',
          run: () => void resume(pool),
        },
      ),
    raise: (pool, maximum) =>
      runAction(() => setMaximum(pool, maximum), `${pool.name} may have ${maximum} runners at once.`, {
        label: 'Undo',
        run: () => {
          const before = pool.scaling.maxRunners;
          void runAction(() => setMaximum(pool, before), `${pool.name} may have ${before} runners at once.`);
        },
      }),
    startOne: (pool) =>
      runAction(() => pools.add({ poolId: pool.id, count: 1 }), `One more runner of ${pool.name} starts.`),
    stay: () => runAction(() => engine.cancelQuit({}), 'Trackside stays.'),
  };
}

export function usePoolActions(): ReturnType<typeof createPoolActions> {
  return createPoolActions(useClient());
}

/** Why no runner can be added just now, in a sentence; null where one can. */
export function whyNotOneMore(pool: Pool, occupancy: Occupancy): string | null {
  if (pool.paused) return 'The pool is paused: resume it first.';
  const taken = takenPlaces(occupancy) + occupancy.leaving;
  if (taken >= maxRunnersPerDeploy)
    return `A pool can have ${maxRunnersPerDeploy} runners, and these are as many.`;
  if (pool.lifecycle.mode === 'manual' || taken < pool.scaling.maxRunners) return null;
  return `All ${pool.scaling.maxRunners} places are taken: raise the maximum first.`;
}
