/** The history of jobs on our runners, in SQLite: it outlives the engine and the runners it tells of. */
import { type Shift, shiftSchema } from '../../shared/model.ts';
import type { BoardPublisher } from '../board.ts';
import type { HistoryDatabase, StoredRow } from '../history/database.ts';
import type { Clock } from '../platform/clock.ts';
import { isDiskFull } from '../platform/disk.ts';

/** How much of the history the board shows. */
export const shownMs = 6 * 3_600_000;
/** How long it is kept. */
const keptMs = 30 * 24 * 3_600_000;

export interface ShiftHistory {
  /** Adds a shift or replaces the one with its id. */
  put(shift: Shift): void;
  /** The unfinished shift of a runner; null when it has none. */
  open(runnerId: string): Shift | null;
  get(id: string): Shift | null;
  /** The last shift a runner began; null when it has had none. */
  latest(runnerId: string): Shift | null;
  dispose(): void;
}

const insert = 'INSERT OR REPLACE INTO shifts (id, runnerId, startedAt, endedAt, row) VALUES (?, ?, ?, ?, ?)';
const selectOpen =
  'SELECT row FROM shifts WHERE runnerId = ? AND endedAt IS NULL ORDER BY startedAt DESC LIMIT 1';
const selectLatest = 'SELECT row FROM shifts WHERE runnerId = ? ORDER BY startedAt DESC LIMIT 1';
const selectOne = 'SELECT row FROM shifts WHERE id = ?';
const selectRecent =
  'SELECT row FROM shifts WHERE endedAt IS NULL OR endedAt > ? ORDER BY startedAt DESC LIMIT 10000';

/**
 * Opens the history in `database` and puts its recent part on the board.
 * @throws DiskFullError, or SQLite's error
 */
export function openShiftHistory(options: {
  database: HistoryDatabase;
  board: BoardPublisher;
  clock: Clock;
}): ShiftHistory {
  const { database, board, clock } = options;
  const parse = (row: StoredRow | undefined): Shift | null => {
    const parsed = shiftSchema.safeParse(row ? JSON.parse(String(row.row)) : null);
    return parsed.success ? parsed.data : null;
  };

  database.run('DELETE FROM shifts WHERE endedAt < ?', clock.now() - keptMs);
  for (const row of database.all(selectRecent, clock.now() - shownMs)) {
    const shift = parse(row);
    if (shift) board.set('shifts', shift.id, shift);
  }
  const stopForgetting = clock.every(10 * 60_000, () => {
    const old = clock.now() - shownMs;
    for (const shift of Object.values(board.current().shifts)) {
      if (shift.endedAt !== null && shift.endedAt < old) board.delete('shifts', shift.id);
    }
  });

  /** What found the disk full; it is shown all the same, and written when there is room. */
  const unwritten = new Map<string, Shift>();
  const unwrittenOf = (runnerId: string): Shift[] =>
    [...unwritten.values()].filter((shift) => shift.runnerId === runnerId);
  const write = (): void => {
    for (const [id, shift] of unwritten) {
      try {
        database.run(insert, id, shift.runnerId, shift.startedAt, shift.endedAt, JSON.stringify(shift));
      } catch (error) {
        if (!isDiskFull(error)) throw error;
        return;
      }
      unwritten.delete(id);
    }
  };

  return {
    put(shift) {
      unwritten.set(shift.id, shift);
      write();
      board.set('shifts', shift.id, shift);
    },
    open(runnerId) {
      const fresh = unwrittenOf(runnerId).find(({ endedAt }) => endedAt === null);
      if (fresh) return fresh;
      const row = parse(database.get(selectOpen, runnerId));
      return row && unwritten.has(row.id) ? null : row;
    },
    latest(runnerId) {
      const row = parse(database.get(selectLatest, runnerId));
      const candidates = [...(row && !unwritten.has(row.id) ? [row] : []), ...unwrittenOf(runnerId)];
      return candidates.sort((a, b) => b.startedAt - a.startedAt)[0] ?? null;
    },
    get: (id) => unwritten.get(id) ?? parse(database.get(selectOne, id)),
    dispose() {
      stopForgetting();
      write();
    },
  };
}
