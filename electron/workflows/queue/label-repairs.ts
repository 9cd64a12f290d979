/** What gives a job a runner with its labels: a new pool, or a label more on one that is there. */
import type { Repair } from '../../../shared/model.ts';
import { lackedLabels } from './labels.ts';
import { quoteAll } from './wording.ts';
import type { WaitingJob, World, WorldPool } from './world.ts';

/** Labels that tell of the machine itself: a runner of another one cannot have them truthfully. */
const platformLabels = ['linux', 'macos', 'windows', 'x64', 'x86', 'arm', 'arm64'];
/** Longest label GitHub takes (actions/runner, CommandSettings). */
const longestLabel = 256;

function isGivable(label: string, { defaultLabels }: World): boolean {
  const folded = label.trim().toLowerCase();
  if (folded === '' || label.includes(',') || label.length > longestLabel || /\p{Cc}/u.test(label))
    return false;
  return !platformLabels.includes(folded) || lackedLabels([label], defaultLabels, true).length === 0;
}

/** Whether a runner of this machine could have them all. */
export function areGivable(labels: readonly string[], world: World): boolean {
  return labels.every((label) => isGivable(label, world));
}

/** The wizard with these labels; none where this machine cannot have such a runner. */
export function deployRepair({ labels }: Pick<WaitingJob, 'labels'>, world: World): Repair[] {
  const { repository, defaultLabels, canDeploy, labelsIgnoreCase } = world;
  if (!canDeploy || labels.length === 0 || !areGivable(labels, world)) return [];
  return [
    {
      kind: 'deploy',
      title: 'Deploy a matching pool',
      repositoryId: repository.id,
      labels: lackedLabels(labels, defaultLabels, labelsIgnoreCase),
    },
  ];
}

/**
 * The pool that needs least to take the job: one that has the label that was meant, then the one with the fewest labels
 * beyond. None where all of them lack other labels as well.
 * @param missing the labels that may be added
 */
export function addLabelRepair(
  { labels }: Pick<WaitingJob, 'labels'>,
  missing: readonly string[],
  nearest: string | null,
  world: World,
): Repair[] {
  const { labelsIgnoreCase } = world;
  if (missing.length === 0 || !areGivable(missing, world)) return [];
  const lacks = (pool: WorldPool): string[] => lackedLabels(labels, pool.labels, labelsIgnoreCase);
  const hasMeant = (pool: WorldPool): boolean =>
    nearest !== null && lackedLabels([nearest], pool.labels, labelsIgnoreCase).length === 0;
  const [pool] = world.pools
    .filter((candidate) => lackedLabels(lacks(candidate), missing, labelsIgnoreCase).length === 0)
    .toSorted(
      (one, other) =>
        Number(hasMeant(other)) - Number(hasMeant(one)) ||
        lacks(one).length - lacks(other).length ||
        one.labels.length - other.labels.length ||
        one.name.localeCompare(other.name),
    );
  if (!pool) return [];
  const added = lacks(pool);
  if (added.length === 0) return [];
  return [
    { kind: 'add-label', title: `Add ${quoteAll(added)} to ${pool.name}`, poolId: pool.id, labels: added },
  ];
}
