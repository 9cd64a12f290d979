/** Things provably ours that should not be there any more: found at start, shown by name, removed on request. */
import { randomUUID } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { TracksideError } from '../../shared/errors.ts';
import { leftoverSchema } from '../../shared/model.ts';
import type { BoardPublisher } from '../board.ts';
import type { Clock } from '../platform/clock.ts';
import type { Records } from '../platform/records.ts';
import type { ForgeRepository } from './deploy.ts';
import type { Installer } from './install.ts';
import type { LedgerEntry, RegistrationLedger } from './registrations.ts';

export const leftoverRecordSchema = z.object({
  id: z.string(),
  shown: leftoverSchema,
  /** Of a folder: where it lies. */
  folder: z.string().nullable(),
  /** Of a registration: where it is, and as what. */
  registration: z
    .object({ repositoryId: z.string(), name: z.string(), forgeRunnerId: z.number().nullable() })
    .nullable(),
});
export type LeftoverRecord = z.infer<typeof leftoverRecordSchema>;

export interface Leftovers {
  addRegistration(left: {
    repositoryId: string;
    name: string;
    forgeRunnerId: number | null;
    reason: string;
  }): Promise<void>;
  /** Looks for runner folders that no record knows. With each goes the registration that the ledger has of it. */
  findFolders(knownRunnerIds: ReadonlySet<string>): Promise<void>;
  /** Whether the folder of this runner is among them. */
  hasFolderOf(runnerId: string): boolean;
  /** A registration is known to be gone from the forge: nothing is left of it to clean up. */
  registrationGone(gone: { repositoryId: string; name: string; forgeRunnerId: number }): Promise<void>;
  cleanUp(leftoverId: string): Promise<void>;
}

export function createLeftovers(options: {
  records: Records<LeftoverRecord>;
  board: BoardPublisher;
  installer: Installer;
  /** Where the runners' folders lie. */
  runnersFolder: string;
  forgeOf(repositoryId: string): ForgeRepository;
  ledger: Pick<RegistrationLedger, 'ofRunner'>;
  /** Ends every process that works in the folder. */
  endProcessesIn(folder: string): Promise<void>;
  clock: Clock;
}): Leftovers {
  const { records, board, installer, runnersFolder, forgeOf, ledger, clock } = options;
  for (const record of records.all()) board.set('leftovers', record.id, record.shown);

  const add = async (
    record: Omit<LeftoverRecord, 'id' | 'shown'>,
    shown: { name: string; detail: string },
  ) => {
    const id = randomUUID();
    const kind = record.folder === null ? ('registration' as const) : ('folder' as const);
    const full = { ...record, id, shown: { id, kind, foundAt: clock.now(), ...shown } };
    await records.put(full);
    board.set('leftovers', id, full.shown);
  };

  const forget = async (id: string): Promise<void> => {
    await records.delete(id);
    board.delete('leftovers', id);
  };

  const removeRegistration = async (
    registration: NonNullable<LeftoverRecord['registration']>,
  ): Promise<void> => {
    const { forge, fullName } = forgeOf(registration.repositoryId);
    const listed = await forge.runnerByName(fullName, registration.name);
    const ours = registration.forgeRunnerId === null || listed?.id === registration.forgeRunnerId;
    if (listed && ours) await forge.deleteRunner(fullName, listed.id);
  };

  return {
    addRegistration({ repositoryId, name, forgeRunnerId, reason }) {
      return add(
        { folder: null, registration: { repositoryId, name, forgeRunnerId } },
        { name, detail: `Its registration could not be removed: ${reason}` },
      );
    },
    async findFolders(known) {
      const listed = new Set(records.all().map(({ folder }) => folder));
      for (const name of await readdir(runnersFolder)) {
        const folder = join(runnersFolder, name);
        if (known.has(name) || listed.has(folder) || !(await installer.owns(folder))) continue;
        const registered = ledger.ofRunner(name);
        const number = registered
          ? `, registered in ${registered.fullName} as ${registered.forgeRunnerId}`
          : '';
        await add(
          { folder, registration: registered && pickRegistration(registered) },
          {
            name: registered?.name ?? name,
            detail: `A runner's folder that no runner uses${number}: ${folder}`,
          },
        );
      }
    },
    hasFolderOf: (runnerId) => records.all().some(({ folder }) => folder === join(runnersFolder, runnerId)),
    async registrationGone(gone) {
      for (const { id, folder, registration } of records.all()) {
        const isIt =
          registration?.repositoryId === gone.repositoryId &&
          registration.name === gone.name &&
          (registration.forgeRunnerId ?? gone.forgeRunnerId) === gone.forgeRunnerId;
        if (folder === null && isIt) await forget(id);
      }
    },
    async cleanUp(leftoverId) {
      const record = records.get(leftoverId);
      if (!record)
        throw new TracksideError('UNKNOWN', 'This was cleaned up already.', {
          remedy: 'Nothing is left to do.',
        });
      if (record.folder !== null) {
        await options.endProcessesIn(record.folder);
        await installer.remove(record.folder);
      }
      if (record.registration) await removeRegistration(record.registration);
      await forget(leftoverId);
    },
  };
}

function pickRegistration({
  repositoryId,
  name,
  forgeRunnerId,
}: LedgerEntry): LeftoverRecord['registration'] {
  return { repositoryId, name, forgeRunnerId };
}
