/** Gives runners that are there the labels that their pool has got: on the forge, in their records, on the board. */
import { TracksideError } from '../../shared/errors.ts';
import type { Pool } from '../../shared/model.ts';
import type { Forge } from '../forges/forge.ts';
import type { LiveRunner } from './live-runner.ts';

export interface PoolLabels {
  /**
   * Gives the runners of a pool its labels. One for a single job that waits for it is registered anew, one that has its
   * job keeps what it has.
   * @throws TracksideError naming a runner that could not be given them; it is tried again with the next look
   */
  apply(pool: Pool): Promise<void>;
  /** Tries again what could not be done before: the repository was looked at. */
  retry(repositoryId: string): Promise<void>;
}

export function createPoolLabels(options: {
  runners(): LiveRunner[];
  /** Labels the forge gives without being asked. */
  defaultLabels: readonly string[];
  forgeOf(repositoryId: string): { forge: Forge; fullName: string };
}): PoolLabels {
  /** Runners whose registration has other labels than their record, by id. */
  const owed = new Set<string>();

  const note = async ({ entry }: LiveRunner, pool: Pool): Promise<void> => {
    const before = entry.record();
    const custom = before.customLabels.map((label) => label.toLowerCase());
    const own = entry.runner().labels.filter((label) => !custom.includes(label.toLowerCase()));
    const given = own.length > 0 ? own : [...options.defaultLabels];
    await entry.note({ customLabels: pool.labels }, { labels: [...given, ...pool.labels] });
  };
  const giveTo = async ({ entry }: LiveRunner): Promise<void> => {
    const { repositoryId, forgeRunnerId } = entry.runner();
    if (forgeRunnerId === null) return;
    const { forge, fullName } = options.forgeOf(repositoryId);
    const labels = await forge.setLabels(fullName, forgeRunnerId, entry.record().customLabels);
    owed.delete(entry.id);
    entry.show({ labels });
  };
  const give = async (live: LiveRunner): Promise<void> => {
    try {
      await giveTo(live);
    } catch (error) {
      const isGone = error instanceof TracksideError && error.code === 'UNKNOWN';
      if (isGone) owed.delete(live.entry.id);
      else throw error;
    }
  };

  return {
    async apply(pool) {
      const runners = options.runners().filter(({ entry }) => entry.runner().poolId === pool.id);
      for (const live of runners) {
        const { ephemeral, registration } = live.entry.record();
        if (ephemeral && live.entry.runner().job !== null) continue;
        await note(live, pool);
        if (ephemeral && registration !== 'none')
          live.redeploy('Its pool has other labels: it is registered anew.');
        else if (!ephemeral) owed.add(live.entry.id);
      }
      const outcomes = await Promise.allSettled(
        runners.filter(({ entry }) => owed.has(entry.id)).map((live) => give(live)),
      );
      const failed = outcomes.find((outcome) => outcome.status === 'rejected');
      if (!failed) return;
      const reason = failed.reason instanceof Error ? failed.reason.message : String(failed.reason);
      throw new TracksideError(
        failed.reason instanceof TracksideError ? failed.reason.code : 'HOST_FAILED',
        `${pool.name} has its labels, and not all of its runners could be given them: ${reason}`,
        { remedy: 'It is tried again with the next look at the repository.', cause: failed.reason },
      );
    },
    async retry(repositoryId) {
      const runners = options
        .runners()
        .filter(({ entry }) => owed.has(entry.id) && entry.runner().repositoryId === repositoryId);
      await Promise.allSettled(runners.map((live) => give(live)));
      const present = new Set(options.runners().map(({ entry }) => entry.id));
      for (const id of owed) if (!present.has(id)) owed.delete(id);
    },
  };
}
