/**
 * Ghosts: registrations on a forge that this installation made, are offline there, and belong to no runner here. Each is
 * proven by the ledger of registrations; what is not in it is never touched.
 */
import { TracksideError } from '../../shared/errors.ts';
import { formatDateTime } from '../../shared/format.ts';
import type { Ghost, Repository, Settings } from '../../shared/model.ts';
import type { BoardPublisher } from '../board.ts';
import type { ForgeRunner } from '../forges/forge.ts';
import { createTableSync, type TableSync } from '../forges/table-sync.ts';
import type { EventHistory } from '../history/events.ts';
import type { Clock } from '../platform/clock.ts';
import type { ForgeRepository } from './deploy.ts';
import type { LedgerEntry, RegistrationLedger } from './registrations.ts';

export interface Ghosts {
  /** Takes in the forge's list of a repository's runners; costs no request. */
  seen(repositoryId: string, listed: readonly ForgeRunner[]): void;
  /** Looks at every connected repository now. A dry run: nothing is removed that is not due by itself. */
  scan(): Promise<void>;
  /**
   * Removes those named, each proven once more right before.
   * @returns how many were removed
   * @throws TracksideError CONFLICT that says why, when none could be
   */
  remove(ghostIds: readonly string[]): Promise<number>;
}

interface GhostsOptions {
  ledger: RegistrationLedger;
  board: BoardPublisher;
  clock: Clock;
  history: Pick<EventHistory, 'record'>;
  /** As they are at the moment of asking. */
  settings(): Pick<Settings, 'removeGhostsAfterMs'>;
  /** Whether a runner here, or a folder left over of one, has the registration. */
  isHere(entry: LedgerEntry): boolean;
  forgeOf(repositoryId: string): ForgeRepository;
  /** Looks at a repository now. */
  refresh(repositoryId: string): Promise<void>;
  /** Called when a registration was removed, or turned out to be gone. */
  onGone(entry: LedgerEntry): Promise<void>;
  onFault(error: unknown): void;
}

export function createGhosts(options: GhostsOptions): Ghosts {
  const { ledger, board, clock, settings } = options;
  const tables = new Map<string, TableSync<'ghosts'>>();
  const tableOf = (repositoryId: string): TableSync<'ghosts'> => {
    const table = tables.get(repositoryId) ?? createTableSync(board, 'ghosts');
    tables.set(repositoryId, table);
    return table;
  };
  const removing = new Set<string>();

  /** Judges one registration by the forge's list. @returns its row when it is a ghost */
  const judge = (entry: LedgerEntry, repositoryId: string, listed: readonly ForgeRunner[]): Ghost | null => {
    const found = listed.find(({ id }) => id === entry.forgeRunnerId);
    const here = options.isHere(entry);
    if (!here && found?.name !== entry.name) {
      ledger.markRemoved(entry);
      return null;
    }
    if (here || !found || found.status !== 'offline' || found.busy) {
      if (entry.ghostSince !== null) ledger.markGhost(entry, null);
      return null;
    }
    const since = entry.ghostSince ?? clock.now();
    if (entry.ghostSince === null) ledger.markGhost(entry, since);
    return ghostRow(entry, repositoryId, since, settings().removeGhostsAfterMs);
  };

  const removeOne = async (ghost: Ghost): Promise<string | null> => {
    if (removing.has(ghost.id)) return `${ghost.name} is being removed already.`;
    removing.add(ghost.id);
    try {
      return await removeProven(ghost, options);
    } catch (error) {
      return `${ghost.name} was not removed: ${error instanceof Error ? error.message : String(error)}`;
    } finally {
      removing.delete(ghost.id);
    }
  };
  /** @returns for each of them null, or why it was not removed */
  const removeAll = async (ids: readonly string[]): Promise<(string | null)[]> => {
    const outcomes: (string | null)[] = [];
    for (const id of ids) {
      const ghost = board.current().ghosts[id];
      outcomes.push(ghost ? await removeOne(ghost) : 'It is no ghost any more.');
    }
    return outcomes;
  };

  return {
    seen(repositoryId, listed) {
      const repository = board.current().repositories[repositoryId];
      if (!repository) return;
      const rows = ledger
        .present(repository.webUrl)
        .flatMap((entry) => judge(entry, repositoryId, listed) ?? []);
      tableOf(repositoryId).replace(rows);
      const due = rows.filter(({ removedAt }) => removedAt !== null && removedAt <= clock.now());
      if (due.length > 0) removeAll(due.map(({ id }) => id)).catch(options.onFault);
    },
    async scan() {
      await Promise.all(Object.keys(board.current().repositories).map((id) => options.refresh(id)));
    },
    async remove(ghostIds) {
      const outcomes = await removeAll(ghostIds);
      const [reason] = outcomes.filter((outcome) => outcome !== null);
      const removed = outcomes.filter((outcome) => outcome === null).length;
      if (removed === 0 && reason) {
        throw new TracksideError('CONFLICT', reason, { remedy: 'Look again what is there now.' });
      }
      return removed;
    },
  };
}

function ghostRow(entry: LedgerEntry, repositoryId: string, since: number, afterMs: number | null): Ghost {
  const { forgeRunnerId, name, registeredAt } = entry;
  const when = formatDateTime(registeredAt);
  return {
    id: `${repositoryId}:${forgeRunnerId}`,
    repositoryId,
    forgeRunnerId,
    name,
    registeredAt,
    proof: `Registered by this Trackside on ${when} as number ${forgeRunnerId}; offline, and no runner here has it.`,
    removedAt: afterMs === null ? null : since + afterMs,
  };
}

/** @returns null when it was removed, else why not */
async function removeProven(ghost: Ghost, options: GhostsOptions): Promise<string | null> {
  const { ledger, board, history } = options;
  const { repositoryId, forgeRunnerId, name } = ghost;
  const repository: Repository | undefined = board.current().repositories[repositoryId];
  const entry =
    repository && ledger.present(repository.webUrl).find((one) => one.forgeRunnerId === forgeRunnerId);
  const refuse = (why: string): string => {
    const reason = `${name} was not removed: ${why}`;
    board.delete('ghosts', ghost.id);
    history.record({ kind: 'forge', subject: name, cause: reason, repositoryId });
    return reason;
  };
  if (!entry || entry.name !== name) return refuse('this Trackside has no note of it any more.');
  if (options.isHere(entry)) return refuse('a runner here has its registration.');

  const { forge, fullName } = options.forgeOf(repositoryId);
  const found = await forge.runnerByName(fullName, name);
  if (found?.id !== forgeRunnerId) {
    ledger.markRemoved(entry);
    await options.onGone(entry);
    return refuse(found ? 'another runner has its name now.' : 'it is gone from the forge already.');
  }
  if (found.status !== 'offline') return refuse('it is online again.');
  if (found.busy) return refuse('the forge says that it runs a job.');
  await forge.deleteRunner(fullName, forgeRunnerId);
  ledger.markRemoved(entry);
  board.delete('ghosts', ghost.id);
  await options.onGone(entry);
  history.record({
    kind: 'forge',
    subject: name,
    from: 'ghost',
    to: 'removed',
    cause: `Its registration was removed from ${fullName}. ${ghost.proof}`,
    repositoryId,
    poolId: entry.poolId,
    runnerId: entry.runnerId,
  });
  return null;
}
