/** Carrying out what helps a job that waits: a place to go to, a dialog, or a call to the engine. */
import type { Board } from '../../../shared/board.ts';
import { formatCount, formatList } from '../../../shared/format.ts';
import type { Pool, Repair } from '../../../shared/model.ts';
import type { TracksideClient } from '../../client/client.ts';
import { runAction } from '../../store/run-action.ts';
import { createPoolActions } from '../pools/use-pool-actions.ts';

export type PatchRepair = Extract<Repair, { kind: 'patch' }>;
type LinkRepair = Extract<Repair, { kind: 'deploy' | 'open-screen' | 'open-page' }>;
type CallRepair = Exclude<Repair, PatchRepair | LinkRepair>;

/** Where a repair leads: a place in the panel (`#/…`) or a page of the forge; null for one that is done here. */
export function repairHref(repair: Repair): string | null {
  switch (repair.kind) {
    case 'deploy': {
      const labels = repair.labels.map(encodeURIComponent).join(',');
      return `#/deploy?repository=${encodeURIComponent(repair.repositoryId)}${labels && `&labels=${labels}`}`;
    }
    case 'open-screen':
      return `#${repair.path}`;
    case 'open-page':
      return repair.url;
    default:
      return null;
  }
}

/** Whether it is a call to the engine. */
export function isCall(repair: Repair): repair is CallRepair {
  return repair.kind !== 'patch' && repairHref(repair) === null;
}

/** The labels a pool would have with these as well; a label is the same in any case of letters. */
export function labelsWith(labels: readonly string[], added: readonly string[]): string[] {
  const known = new Set(labels.map((label) => label.toLowerCase()));
  return [...labels, ...added.filter((label) => !known.has(label.toLowerCase()))];
}

/**
 * Does what a repair says and tells how it went.
 * @param board as it is now, for names and for the way back
 * @returns whether it was done
 */
export async function doRepair(
  repair: CallRepair,
  client: Pick<TracksideClient, 'pools' | 'runners' | 'engine'>,
  board: Pick<Board, 'pools' | 'runners'>,
): Promise<boolean> {
  const { pools, runners } = client;
  const actions = createPoolActions(client);
  switch (repair.kind) {
    case 'add-label':
      return addLabels(client, board.pools[repair.poolId], repair);
    case 'add-runners': {
      const { poolId, count } = repair;
      const more = formatCount(count, 'more runner starts', 'more runners start');
      return runAction(() => pools.add({ poolId, count }), `${more} in ${nameOf(board.pools[poolId])}.`);
    }
    case 'raise-maximum':
      return onPool(board, repair.poolId, (pool) => actions.raise(pool, repair.maxRunners));
    case 'resume-pool':
      return onPool(board, repair.poolId, actions.resume);
    case 'restart-runner': {
      const { runnerId } = repair;
      return runAction(
        () => runners.restart({ runnerId }),
        `${nameOf(board.runners[runnerId])} starts again.`,
      );
    }
    case 'start-runner': {
      const { runnerId } = repair;
      return runAction(() => runners.start({ runnerId }), `${nameOf(board.runners[runnerId])} starts.`);
    }
    case 'cancel-quit':
      return actions.stay();
  }
}

const nameOf = (row: { name: string } | undefined): string => row?.name ?? 'It';

function onPool(
  board: Pick<Board, 'pools'>,
  poolId: string,
  act: (pool: Pool) => Promise<boolean>,
): Promise<boolean> {
  const pool = board.pools[poolId];
  if (pool === undefined) return gone();
  return act(pool);
}

function gone(): Promise<boolean> {
  return runAction(() => Promise.reject(new Error('The pool is not there any more.')), null);
}

function addLabels(
  { pools }: Pick<TracksideClient, 'pools'>,
  pool: Pool | undefined,
  { poolId, labels }: Extract<Repair, { kind: 'add-label' }>,
): Promise<boolean> {
  if (pool === undefined) return gone();
  const set = (wanted: string[]): Promise<unknown> => pools.update({ poolId, change: { labels: wanted } });
  const named = formatList(labels.map((label) => `“${label}”`));
  const before = [...pool.labels];
  return runAction(
    () => set(labelsWith(before, labels)),
    `${pool.name} and its runners have ${labels.length === 1 ? 'the label' : 'the labels'} ${named} now.`,
    {
      label: 'Undo',
      run: () => void runAction(() => set(before), `${pool.name} has the labels it had before.`),
    },
  );
}
