/** The pools: kept on disk, shown on the board, changed by people. What follows from a change is the keeper's. */
import { z } from 'zod';
import type { PoolChange } from '../../shared/contract.ts';
import { TracksideError } from '../../shared/errors.ts';
import { type Pool, poolSchema } from '../../shared/model.ts';
import type { BoardPublisher } from '../board.ts';
import type { Records } from '../platform/records.ts';
import { checkLabels } from './deploy-request.ts';
import { checkPoolFields } from './pool-request.ts';

export const poolRecordSchema = poolSchema.extend({
  /** It is gone as soon as its last runner is; nothing is started for it any more. */
  leaving: z.boolean().default(false),
});
export type PoolRecord = z.infer<typeof poolRecordSchema>;

export interface Pools {
  /** Those that are meant to be there, the oldest first. */
  all(): Pool[];
  /** @throws TracksideError UNKNOWN */
  get(poolId: string): Pool;
  isLeaving(poolId: string): boolean;
  /** @throws DiskFullError; nothing of it is kept then */
  create(pool: Pool): Promise<void>;
  /** @throws TracksideError UNKNOWN, or INVALID_REQUEST naming the field */
  update(poolId: string, change: PoolChange): Promise<Pool>;
  /** Marks it as leaving: what is to be done before it can be deleted survives the engine. */
  markLeaving(poolId: string): Promise<void>;
  delete(poolId: string): Promise<void>;
}

/** Shows the pools of earlier on the board. */
export function createPools(options: { board: BoardPublisher; records: Records<PoolRecord> }): Pools {
  const { board, records } = options;
  const show = ({ leaving: _kept, ...pool }: PoolRecord): Pool => {
    board.set('pools', pool.id, pool);
    return pool;
  };
  const record = (poolId: string): PoolRecord => {
    const found = records.get(poolId);
    if (found) return found;
    throw new TracksideError('UNKNOWN', 'This pool is not there any more.', {
      remedy: 'Choose one of those there are.',
    });
  };
  for (const pool of records.all()) show(pool);

  return {
    all: () =>
      records
        .all()
        .filter(({ leaving }) => !leaving)
        .sort((a, b) => a.createdAt - b.createdAt || a.id.localeCompare(b.id)),
    get: record,
    isLeaving: (poolId) => records.get(poolId)?.leaving ?? true,
    async create(pool) {
      const created = { ...pool, leaving: false };
      try {
        await records.put(created);
      } catch (error) {
        await records.delete(pool.id);
        throw error;
      }
      show(created);
    },
    async update(poolId, change) {
      const before = record(poolId);
      const given = Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined));
      const labels = checkLabels(change.labels ?? before.labels);
      const after: PoolRecord = { ...before, ...given, labels };
      checkPoolFields(after);
      await records.put(after);
      return show(after);
    },
    async markLeaving(poolId) {
      await records.put({ ...record(poolId), leaving: true });
    },
    async delete(poolId) {
      await records.delete(poolId);
      board.delete('pools', poolId);
      board.delete('poolStates', poolId);
    },
  };
}
