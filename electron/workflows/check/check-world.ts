/** What jobs of workflow files are held against: the runners in sight, and the pools of this machine. */

import type { Repository } from '../../../shared/model.ts';
import type { BoardPublisher } from '../../board.ts';
import type { RunnerGroup } from '../../forges/forge.ts';
import type { Clock } from '../../platform/clock.ts';
import { forgeFacts } from '../queue/look-around.ts';
import type { WorldPool, WorldRunner } from '../queue/world.ts';
import type { CheckWorld } from './check-job.ts';

export interface CheckWorldOptions {
  board: Pick<BoardPublisher, 'current'>;
  clock: Pick<Clock, 'now'>;
  /** Labels that a runner of this machine gets by itself. */
  defaultLabels: readonly string[];
}

/** A runner as far as its labels go. */
export type SeenRunner = Pick<WorldRunner, 'name' | 'labels' | 'forge' | 'group' | 'excluded'>;

const unknown = { busyOnForge: false, hasConnected: null, own: null, job: null, since: null };

function poolsOf(repositoryId: string, { board, defaultLabels }: CheckWorldOptions): WorldPool[] {
  const { pools, poolStates, runners } = board.current();
  return Object.values(pools)
    .filter((pool) => pool.repositoryId === repositoryId)
    .map((pool) => ({
      ...pool,
      labels: [...defaultLabels, ...pool.labels],
      count: Object.values(runners).filter(({ poolId }) => poolId === pool.id).length,
      hold: poolStates[pool.id]?.hold ?? null,
      demand: poolStates[pool.id]?.demand ?? 0,
    }));
}

/** @param groups those that the token can see; null where it can see none */
export function checkWorld(
  repository: Repository,
  runners: readonly SeenRunner[],
  groups: readonly RunnerGroup[] | null,
  options: CheckWorldOptions,
): CheckWorld {
  const now = options.clock.now();
  const connection = options.board.current().connections[repository.connectionId];
  return {
    now,
    seenAt: now,
    runnersReadAt: now,
    repository,
    runners: runners.map((runner) => ({ ...unknown, ...runner })),
    pools: poolsOf(repository.id, options),
    departed: [],
    status: null,
    trouble: null,
    wokeAt: null,
    ...(connection ? forgeFacts(connection) : { labelsIgnoreCase: true, offersHosted: true }),
    defaultLabels: options.defaultLabels,
    canDeploy: true,
    groups:
      groups?.map(({ name, excluded, runners: members }) => ({
        name,
        excluded,
        runners: members.map((runner) => runner.name),
      })) ?? null,
  };
}

/** The runners that the last look at the forge showed, without asking it again. */
export function runnersOnBoard(repositoryId: string, { board }: CheckWorldOptions): SeenRunner[] {
  const { runners, foreignRunners } = board.current();
  const isOf = (row: { repositoryId: string }): boolean => row.repositoryId === repositoryId;
  return [
    ...Object.values(runners)
      .filter(isOf)
      .map(({ name, labels, forgeStatus }): SeenRunner => {
        const forge = forgeStatus === 'online' ? 'online' : 'offline';
        return { name, labels, forge, group: null, excluded: null };
      }),
    ...Object.values(foreignRunners)
      .filter(isOf)
      .map(({ name, labels, status, group, excluded }) => ({ name, labels, forge: status, group, excluded })),
  ];
}
