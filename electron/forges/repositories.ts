/** The repositories that are connected, and their watch. */
import { randomUUID } from 'node:crypto';
import type { z } from 'zod';
import { TracksideError } from '../../shared/errors.ts';
import { type Repository, type RepositoryChoice, repositorySchema } from '../../shared/model.ts';
import type { Records } from '../platform/records.ts';
import type { Connections } from './connections.ts';
import type { Forge } from './forge.ts';
import { parseRepository } from './github/addresses.ts';
import type { WatchBudget } from './watch-budget.ts';
import { createWatches, type WatchesOptions } from './watches.ts';

export const repositoryRecordSchema = repositorySchema.omit({ checkedAt: true, problem: true, watch: true });
export type RepositoryRecord = z.infer<typeof repositoryRecordSchema>;

export interface Repositories {
  choices(input: { connectionId: string; search: string }): Promise<RepositoryChoice[]>;
  /**
   * Connects a repository and begins to watch it; the same one again when it is connected already.
   * @throws TracksideError PERMISSION_MISSING when runners may not be managed with this connection
   */
  connect(input: { connectionId: string; fullName: string }): Promise<Repository>;
  /** Whether runners still depend on it is for the caller to ask. */
  disconnect(repositoryId: string): Promise<void>;
  /** Looks at the forge now; resolves when it has been looked at. Its failure is shown as the repository's problem. */
  refresh(repositoryId: string): Promise<void>;
  /**
   * Something is likely to have changed there: looks soon. Cheap to call often, many calls make one look; nothing
   * happens when the repository is not connected, or when its looks fail and wait for better times.
   */
  hurry(repositoryId: string): void;
  /** @throws TracksideError UNKNOWN */
  get(repositoryId: string): Repository;
  /** @throws TracksideError UNKNOWN, or TOKEN_REFUSED when its connection has no token */
  forgeOf(repositoryId: string): { forge: Forge; fullName: string };
  /** What whatever asks again and again about it keeps to and counts on. @throws TracksideError UNKNOWN */
  budgetOf(repositoryId: string): Pick<WatchBudget, 'meter' | 'admit'>;
  /** Stops watching. */
  dispose(): void;
}

export interface RepositoriesOptions extends Omit<WatchesOptions, 'connections'> {
  store: Records<RepositoryRecord>;
  connections: Connections;
  /** Under which id runners of the repository with this page were registered; null when none were. */
  earlierId?(webUrl: string): string | null;
}

/** Shows the repositories of earlier on the board and begins to watch them. */
export function createRepositories(options: RepositoriesOptions): Repositories {
  const { board, store, connections } = options;
  const watches = createWatches(options);

  const show = (record: RepositoryRecord): Repository => {
    const row: Repository = { ...record, checkedAt: null, problem: null, watch: null };
    board.set('repositories', record.id, row);
    watches.add(row);
    return row;
  };
  const get = (id: string): Repository => {
    const row = board.current().repositories[id];
    if (!row)
      throw new TracksideError('UNKNOWN', 'This repository is not connected any more.', {
        remedy: 'Connect it again.',
      });
    return row;
  };

  /**
   * Whether runners may be managed. What GitHub says of the account's role is the common case; a token whose role it does
   * not tell shows it by getting a registration token, which does nothing by itself and expires within the hour.
   */
  const assertManageable = async (forge: Forge, fullName: string, admin: boolean): Promise<void> => {
    if (!admin) await forge.registrationToken(fullName);
  };

  /** Runners and pools know their repository by its id: it stays theirs when a record was lost and is made again. */
  const knownId = (
    connectionId: string,
    { fullName, webUrl }: Pick<Repository, 'fullName' | 'webUrl'>,
  ): string | null => {
    const isConnected = (id: string): boolean => board.current().connections[id] !== undefined;
    const sameName = store.all().filter((row) => row.fullName === fullName);
    const same =
      sameName.find((row) => row.connectionId === connectionId) ??
      sameName.find((row) => row.webUrl === webUrl && !isConnected(row.connectionId));
    if (same) return same.id;
    const earlier = options.earlierId?.(webUrl) ?? null;
    return earlier !== null && store.get(earlier) === undefined ? earlier : null;
  };

  for (const record of store.all()) show(record);

  return {
    get,
    choices: ({ connectionId, search }) => connections.forge(connectionId).repositoryChoices(search),
    async connect({ connectionId, fullName }) {
      const forge = connections.forge(connectionId);
      const { admin, ...facts } = await forge.repository(parseRepository(fullName).fullName);
      await assertManageable(forge, facts.fullName, admin);
      const id = knownId(connectionId, facts) ?? randomUUID();
      const record: RepositoryRecord = { id, connectionId, ...facts };
      await store.put(record);
      return show(record);
    },
    async disconnect(id) {
      get(id);
      watches.remove(id);
      await store.delete(id);
      board.delete('repositories', id);
    },
    async refresh(id) {
      get(id);
      await watches.refresh(id);
    },
    hurry: (id) => watches.hurry(id),
    forgeOf(id) {
      const { connectionId, fullName } = get(id);
      return { forge: connections.forge(connectionId), fullName };
    },
    budgetOf: (id) => watches.budgetOf(get(id).connectionId),
    dispose: () => watches.dispose(),
  };
}
