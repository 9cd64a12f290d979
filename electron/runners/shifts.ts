/** The history of jobs on our runners, in SQLite: it outlives the engine and the runners it tells of. */
import { DatabaseSync } from 'node:sqlite';
import { type Shift, shiftSchema } from '../../shared/model.ts';
import type { BoardPublisher } from '../board.ts';
import type { Clock } from '../platform/clock.ts';

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

/** Opens the history at `path` and puts its recent part on the board. */
export function openShiftHistory(options: {
  path: string;
  board: BoardPublisher;
  clock: Clock;
}): ShiftHistory {
  const { path, board, clock } = options;
  const database = new DatabaseSync(path);
  database.exec(`
    PRAGMA journal_mode = WAL;
    CREATE TABLE IF NOT EXISTS shifts (id TEXT PRIMARY KEY, runnerId TEXT, startedAt INTEGER, endedAt INTEGER, row TEXT);
    CREATE INDEX IF NOT EXISTS shiftsByStart ON shifts (startedAt);
    CREATE INDEX IF NOT EXISTS shiftsByRunner ON shifts (runnerId, endedAt);
  `);
  const insert = database.prepare(
    'INSERT OR REPLACE INTO shifts (id, runnerId, startedAt, endedAt, row) VALUES (?, ?, ?, ?, ?)',
  );
  const selectOpen = database.prepare(
    'SELECT row FROM shifts WHERE runnerId = ? AND endedAt IS NULL ORDER BY startedAt DESC LIMIT 1',
  );
  const selectLatest = database.prepare(
    'SELECT row FROM shifts WHERE runnerId = ? ORDER BY startedAt DESC LIMIT 1',
  );
  const selectOne = database.prepare('SELECT row FROM shifts WHERE id = ?');
  const selectRecent = database.prepare(
    'SELECT row FROM shifts WHERE endedAt IS NULL OR endedAt > ? ORDER BY startedAt DESC LIMIT 10000',
  );
  const parse = (row: Record<string, unknown> | undefined): Shift | null => {
    const parsed = shiftSchema.safeParse(row ? JSON.parse(String(row.row)) : null);
    return parsed.success ? parsed.data : null;
  };

  database.prepare('DELETE FROM shifts WHERE endedAt < ?').run(clock.now() - keptMs);
  for (const row of selectRecent.all(clock.now() - shownMs)) {
    const shift = parse(row);
    if (shift) board.set('shifts', shift.id, shift);
  }
  const stopForgetting = clock.every(10 * 60_000, () => {
    const old = clock.now() - shownMs;
    for (const shift of Object.values(board.current().shifts)) {
      if (shift.endedAt !== null && shift.endedAt < old) board.delete('shifts', shift.id);
    }
  });

  return {
    put(shift) {
      insert.run(shift.id, shift.runnerId, shift.startedAt, shift.endedAt, JSON.stringify(shift));
      board.set('shifts', shift.id, shift);
    },
    open: (runnerId) => parse(selectOpen.get(runnerId)),
    latest: (runnerId) => parse(selectLatest.get(runnerId)),
    get: (id) => parse(selectOne.get(id)),
    dispose() {
      stopForgetting();
      database.close();
    },
  };
}
