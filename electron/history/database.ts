/**
 * The database of what has happened here: `history.db`. One that turns out damaged, now or later, is set aside under a
 * name that says so, and a new one takes its place: history is never worth an engine that does not run.
 */
import { existsSync, renameSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import { TracksideError } from '../../shared/errors.ts';
import type { Clock } from '../platform/clock.ts';
import { explainDiskFull, hasCode, isDiskFull } from '../platform/disk.ts';
import { migrations } from './migrations.ts';

export type StoredRow = Record<string, unknown>;

export interface HistoryDatabase {
  /**
   * Runs a statement that changes something; its text is prepared once.
   * @returns how many rows it changed
   * @throws what `isDiskFull` knows, or SQLite's error
   */
  run(sql: string, ...values: SQLInputValue[]): number;
  get(sql: string, ...values: SQLInputValue[]): StoredRow | undefined;
  all(sql: string, ...values: SQLInputValue[]): StoredRow[];
  /** Runs all of `work` or, when it throws, none of it. Not within another one. */
  together(work: () => void): void;
  /** What the database takes on disk, and what of it is free to be used again; in bytes. */
  size(): { bytes: number; freeBytes: number };
  dispose(): void;
}

/** What became of a damaged database. */
export interface DamagedDatabase {
  /** Where it lies now. */
  setAside: string;
  /** What SQLite said. */
  reason: string;
}

/** SQLITE_CORRUPT, SQLITE_NOTADB, SQLITE_IOERR_SHORT_READ; SQLITE_CANTOPEN: something else has its name. */
const damageCodes = [11, 26, 522];
const cannotOpenCode = 14;
/** A larger file is not read from end to end at start: its damage shows when it is met. */
const largestCheckedBytes = 128 * 1024 ** 2;

/** Whether an exception of SQLite says that the file is not, or no longer, a database. */
function isDamage(error: unknown): boolean {
  if (!(error instanceof Error) || !('errcode' in error) || typeof error.errcode !== 'number') return false;
  return damageCodes.includes(error.errcode) || damageCodes.includes(error.errcode & 0xff);
}

/**
 * Opens the database at `path`, made when missing, with all its tables.
 * @param onDamaged told of a database that was set aside, now or at any later statement
 * @throws DiskFullError, which is not damage; TracksideError HOST_FAILED when it cannot be used for another reason
 */
export function openHistoryDatabase(options: {
  path: string;
  clock: Clock;
  onDamaged(damaged: DamagedDatabase): void;
}): HistoryDatabase {
  const { path, clock, onDamaged } = options;
  const statements = new Map<string, StatementSync>();
  let isTogether = false;

  const replace = (error: unknown): DatabaseSync => {
    statements.clear();
    const setAside = setDatabaseAside(path, clock.now());
    const fresh = openFile(path);
    onDamaged({ setAside, reason: error instanceof Error ? error.message : String(error) });
    return fresh;
  };
  const openWhole = (): DatabaseSync => {
    try {
      return openFile(path);
    } catch (error) {
      if (isDamage(error) || isBlocked(error, path)) return replace(error);
      throw isDiskFull(error) ? error : explainUnusable(error, path);
    }
  };
  let database = openWhole();

  /** Does it, and once more in a new database when the present one turns out damaged. */
  const attempt = <T>(work: () => T): T => {
    try {
      return work();
    } catch (error) {
      if (!isDamage(error) || isTogether) throw error;
      close(database);
      database = replace(error);
      return work();
    }
  };
  const prepared = (sql: string): StatementSync => {
    const known = statements.get(sql);
    if (known) return known;
    const statement = database.prepare(sql);
    statements.set(sql, statement);
    return statement;
  };
  const pragma = (name: string): number => {
    const row = attempt(() => prepared(`PRAGMA ${name}`).get());
    return Number(row?.[name] ?? 0);
  };

  return {
    run: (sql, ...values) => attempt(() => Number(prepared(sql).run(...values).changes)),
    get: (sql, ...values) => attempt(() => prepared(sql).get(...values)),
    all: (sql, ...values) => attempt(() => prepared(sql).all(...values)),
    together(work) {
      attempt(() => {
        isTogether = true;
        try {
          inTransaction(database, work);
        } finally {
          isTogether = false;
        }
      });
    },
    size() {
      const pageBytes = pragma('page_size');
      return { bytes: pragma('page_count') * pageBytes, freeBytes: pragma('freelist_count') * pageBytes };
    },
    dispose() {
      statements.clear();
      close(database);
    },
  };
}

/** @throws DiskFullError, or SQLite's error */
function openFile(path: string): DatabaseSync {
  const database = new DatabaseSync(path);
  try {
    // Before the first table: afterwards only VACUUM changes it.
    database.exec(
      'PRAGMA auto_vacuum = INCREMENTAL; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;',
    );
    check(database, path);
    migrate(database);
    return database;
  } catch (error) {
    close(database);
    throw explainDiskFull(error, dirname(path), 'the history', null);
  }
}

/** @throws an error that `isDamage` knows */
function check(database: DatabaseSync, path: string): void {
  if (statSync(path).size > largestCheckedBytes) return;
  const found = String(database.prepare('PRAGMA quick_check(1)').get()?.quick_check);
  if (found !== 'ok') throw Object.assign(new Error(found), { errcode: damageCodes[0] });
}

function migrate(database: DatabaseSync): void {
  const done = Number(database.prepare('PRAGMA user_version').get()?.user_version ?? 0);
  for (const [index, step] of migrations.entries()) {
    if (index < done) continue;
    inTransaction(database, () => database.exec(`${step} PRAGMA user_version = ${index + 1};`));
  }
  // A database of the first version was made without.
  if (database.prepare('PRAGMA auto_vacuum').get()?.auto_vacuum !== 2) database.exec('VACUUM');
}

function inTransaction(database: DatabaseSync, work: () => void): void {
  database.exec('BEGIN IMMEDIATE');
  try {
    work();
    database.exec('COMMIT');
  } catch (error) {
    // SQLite itself takes some failed transactions back, a full disk's for one.
    if (database.isTransaction) database.exec('ROLLBACK');
    throw error;
  }
}

/** Whether something that cannot be opened has the name: a folder, or a file that this user may not read. */
function isBlocked(error: unknown, path: string): boolean {
  const cannotOpen = error instanceof Error && 'errcode' in error && error.errcode === cannotOpenCode;
  return cannotOpen && existsSync(path);
}

function explainUnusable(error: unknown, path: string): TracksideError {
  const reason = error instanceof Error ? error.message : String(error);
  return new TracksideError('HOST_FAILED', `The history ${path} cannot be opened: ${reason}.`, {
    remedy: 'Check the permissions of the file and its folder, then start again.',
    cause: error,
  });
}

/** Renames the database with the files beside it. @returns its new path */
function setDatabaseAside(path: string, now: number): string {
  const aside = freeName(`${path}.damaged-${now}`);
  for (const suffix of ['', '-wal', '-shm']) {
    try {
      renameSync(`${path}${suffix}`, `${aside}${suffix}`);
    } catch (error) {
      if (!hasCode(error, 'ENOENT')) throw error;
    }
  }
  return aside;
}

function freeName(path: string): string {
  let free = path;
  for (let number = 2; existsSync(free); number += 1) free = `${path}-${number}`;
  return free;
}

/** A damaged one may refuse to close as well. */
function close(database: DatabaseSync): void {
  try {
    if (database.isOpen) database.close();
  } catch {
    // Its file handles go with the process.
  }
}
