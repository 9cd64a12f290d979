/** What can be done about what holds a pool back. */
import type { Hold, Pool, Repair } from './model.ts';
import { maxRunnersPerDeploy } from './sizes.ts';

type HeldPool = Pick<Pool, 'id' | 'name' | 'scaling'>;

/** More than this many are not offered at once: each of them takes cores and memory. */
const mostMore = 4;

/** How many more runners are worth starting for so many waiting jobs. */
export function worthAdding(jobs: number): number {
  return Math.min(mostMore, Math.max(1, jobs));
}

function poolPage(title: string, { id }: HeldPool): Repair {
  return { kind: 'open-screen', title, path: `/pools/${encodeURIComponent(id)}` };
}

/** The higher ceiling; none where it is as high as can be. */
export function raiseMaximum(pool: HeldPool, jobs: number): Repair[] {
  const { maxRunners } = pool.scaling;
  const raised = Math.min(maxRunnersPerDeploy, maxRunners + worthAdding(jobs));
  if (raised <= maxRunners) return [];
  const title = `Raise the maximum of ${pool.name} to ${raised}`;
  return [{ kind: 'raise-maximum', title, poolId: pool.id, maxRunners: raised }];
}

/**
 * The button beside the reason; none where waiting, or making room on this machine, is the answer.
 * @param jobs that wait for the pool
 */
export function repairsOfHold(hold: Hold, pool: HeldPool, jobs: number): Repair[] {
  switch (hold.kind) {
    case 'pool-maximum':
      return raiseMaximum(pool, jobs);
    case 'paused':
      return [{ kind: 'resume-pool', title: `Resume ${pool.name}`, poolId: pool.id }];
    case 'battery':
    case 'metered':
    case 'user-load':
    case 'hours':
      return [poolPage('Change when it pauses', pool)];
    case 'cores':
    case 'memory':
      return [poolPage('Choose a smaller size', pool)];
    case 'failing':
      return [{ kind: 'open-screen', title: 'See what failed', path: '/runners?state=failed' }];
    case 'forge':
      return [{ kind: 'open-screen', title: 'See the connection', path: '/settings' }];
    case 'quitting':
      return [{ kind: 'cancel-quit', title: 'Stay' }];
    case 'disk':
      return [];
  }
}
