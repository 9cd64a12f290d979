/** What can be done about what holds a pool back. */
import type { Hold, Pool, PoolState } from '../../../shared/model.ts';
import { maxRunnersPerDeploy } from '../../../shared/sizes.ts';
import { poolPath } from './pool-path.ts';

export type HoldRepair =
  | { kind: 'raise'; label: string; maximum: number }
  | { kind: 'resume'; label: string }
  | { kind: 'cancel-quit'; label: string }
  | { kind: 'place'; label: string; href: string };

/** More than this many are not offered at once: each of them takes cores and memory. */
const mostMore = 4;

/** The button beside the reason; null where waiting is the answer. */
export function repairOfHold(
  hold: Hold,
  pool: Pick<Pool, 'id' | 'scaling'>,
  state: Pick<PoolState, 'demand'>,
): HoldRepair | null {
  const edit = `#${poolPath(pool.id)}`;
  switch (hold.kind) {
    case 'pool-maximum': {
      const more = Math.min(mostMore, Math.max(1, state.demand));
      const maximum = Math.min(maxRunnersPerDeploy, pool.scaling.maxRunners + more);
      if (maximum === pool.scaling.maxRunners) return null;
      return { kind: 'raise', label: `Raise the maximum to ${maximum}`, maximum };
    }
    case 'paused':
      return { kind: 'resume', label: 'Resume' };
    case 'battery':
    case 'metered':
    case 'user-load':
    case 'hours':
      return { kind: 'place', label: 'Change when it pauses', href: edit };
    case 'cores':
    case 'memory':
      return { kind: 'place', label: 'Choose a smaller size', href: edit };
    case 'failing':
      return { kind: 'place', label: 'See what failed', href: '#/runners?state=failed' };
    case 'forge':
      return { kind: 'place', label: 'See the connection', href: '#/settings' };
    case 'quitting':
      return { kind: 'cancel-quit', label: 'Stay' };
    default:
      return null;
  }
}
