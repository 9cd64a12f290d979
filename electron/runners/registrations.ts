/** The ledger of registrations: every one this installation made, so that it can say of a runner on a forge "ours". */
import type { Repository, Runner } from '../../shared/model.ts';
import type { HistoryDatabase, StoredRow } from '../history/database.ts';
import type { Clock } from '../platform/clock.ts';
import { isDiskFull } from '../platform/disk.ts';

export interface LedgerEntry {
  /** The repository's page: the same wherever and however often it is connected. */
  repositoryUrl: string;
  fullName: string;
  /** As it was connected then. */
  repositoryId: string;
  forgeRunnerId: number;
  name: string;
  runnerId: string;
  poolId: string;
  registeredAt: number;
  /** Since when it was seen offline without a runner here; null while it is not. */
  ghostSince: number | null;
  /** When it was known to be gone from the forge. */
  removedAt: number | null;
}

export interface RegistrationLedger {
  /** Writes a registration down. */
  add(runner: Runner, repository: Pick<Repository, 'id' | 'fullName' | 'webUrl'>): void;
  /** Those of a repository that are not known to be gone. */
  present(repositoryUrl: string): LedgerEntry[];
  /** The latest registration of a runner of ours, while it is not known to be gone. */
  ofRunner(runnerId: string): LedgerEntry | null;
  /** Our id of the repository with this page when a runner was last registered there; null when none was. */
  repositoryIdOf(repositoryUrl: string): string | null;
  markRemoved(entry: LedgerEntry): void;
  /** @param since null: it is no ghost (any more) */
  markGhost(entry: LedgerEntry, since: number | null): void;
}

/** How long what is gone is remembered. */
const keptMs = 30 * 24 * 3_600_000;

const insert = `INSERT OR REPLACE INTO registrations
  (repositoryUrl, forgeRunnerId, name, fullName, repositoryId, poolId, runnerId, registeredAt, ghostSince, removedAt)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, NULL, NULL)`;
const selectPresent = 'SELECT * FROM registrations WHERE repositoryUrl = ? AND removedAt IS NULL';
const selectOfRunner = `SELECT * FROM registrations WHERE runnerId = ? AND removedAt IS NULL
  ORDER BY registeredAt DESC LIMIT 1`;
const selectLatest = `SELECT repositoryId FROM registrations WHERE repositoryUrl = ?
  ORDER BY registeredAt DESC LIMIT 1`;

/** Opens the ledger. A full disk loses nothing of it: what could not be written is written with what comes next. */
export function createRegistrationLedger(options: {
  database: HistoryDatabase;
  clock: Clock;
}): RegistrationLedger {
  const { database, clock } = options;
  const unwritten: (() => void)[] = [];
  const write = (...work: (() => void)[]): void => {
    unwritten.push(...work);
    try {
      while (unwritten[0]) {
        unwritten[0]();
        unwritten.shift();
      }
    } catch (error) {
      if (!isDiskFull(error)) throw error;
    }
  };
  const mark = (column: 'removedAt' | 'ghostSince', value: number | null, entry: LedgerEntry): void =>
    write(() => {
      const sql = `UPDATE registrations SET ${column} = ? WHERE repositoryUrl = ? AND forgeRunnerId = ?`;
      database.run(sql, value, entry.repositoryUrl, entry.forgeRunnerId);
    });
  write(() => database.run('DELETE FROM registrations WHERE removedAt < ?', clock.now() - keptMs));

  return {
    add(runner, { id, fullName, webUrl }) {
      if (runner.forgeRunnerId === null) return;
      const what = [webUrl, runner.forgeRunnerId, runner.name, fullName, id, runner.poolId, runner.id];
      const now = clock.now();
      write(() => database.run(insert, ...what, now));
    },
    present(repositoryUrl) {
      write();
      return database.all(selectPresent, repositoryUrl).map(entryOf);
    },
    ofRunner(runnerId) {
      const row = database.get(selectOfRunner, runnerId);
      return row ? entryOf(row) : null;
    },
    repositoryIdOf(repositoryUrl) {
      const row = database.get(selectLatest, repositoryUrl);
      return row ? String(row.repositoryId) : null;
    },
    markRemoved: (entry) => mark('removedAt', clock.now(), entry),
    markGhost: (entry, since) => mark('ghostSince', since, entry),
  };
}

function entryOf(row: StoredRow): LedgerEntry {
  return {
    repositoryUrl: String(row.repositoryUrl),
    fullName: String(row.fullName),
    repositoryId: String(row.repositoryId),
    forgeRunnerId: Number(row.forgeRunnerId),
    name: String(row.name),
    runnerId: String(row.runnerId),
    poolId: String(row.poolId),
    registeredAt: Number(row.registeredAt),
    ghostSince: row.ghostSince === null ? null : Number(row.ghostSince),
    removedAt: row.removedAt === null ? null : Number(row.removedAt),
  };
}
