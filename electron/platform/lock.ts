/**
 * One engine per data folder. The lock is SQLite's own file lock, which the operating system releases when its holder
 * dies, however it dies: there is no stale lock to clean up.
 */
import {
  copyFileSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { TracksideError } from '../../shared/errors.ts';
import { explainDiskFull } from './disk.ts';

export interface DataFolderLock {
  /** Where a copy of what was in the lock file lies, when that was damaged; null when it was not. */
  readonly setAside: string | null;
  release(): void;
}

/**
 * Takes the data folder for this process, making the folder when it is missing.
 * @param now epoch milliseconds, for the name of a damaged lock file's copy
 * @throws TracksideError CONFLICT when another engine has it, HOST_FAILED when the folder cannot be written.
 */
export function lockDataFolder(folder: string, now: number = Date.now()): DataFolderLock {
  const holderFile = join(folder, 'engine.pid');
  const lockFile = join(folder, 'engine.lock');
  let database: DatabaseSync;
  let setAside: string | null = null;
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    try {
      database = openLocked(lockFile);
    } catch (error) {
      if (!hasErrcode(error, ...damageCodes)) throw error;
      setAside = emptyDamaged(lockFile, now);
      database = openLocked(lockFile);
    }
  } catch (error) {
    if (!hasErrcode(error, busyCode)) throw explainUnwritable(error, folder);
    const holder = readHolder(holderFile);
    throw new TracksideError(
      'CONFLICT',
      `Trackside already runs with the data folder ${folder}${holder ? ` (process ${holder})` : ''}.`,
      { remedy: 'Use that one, stop it first, or choose another folder with --data-folder.', cause: error },
    );
  }
  writeHolder(holderFile);
  return {
    setAside,
    release() {
      rmSync(holderFile, { force: true });
      database.close();
    },
  };
}

/** SQLITE_BUSY: somebody else has the lock. */
const busyCode = 5;
/** SQLITE_CORRUPT and SQLITE_NOTADB. */
const damageCodes = [11, 26];

function hasErrcode(error: unknown, ...codes: number[]): boolean {
  return error instanceof Error && 'errcode' in error && codes.some((code) => code === error.errcode);
}

function openLocked(lockFile: string): DatabaseSync {
  const database = new DatabaseSync(lockFile);
  try {
    database.exec('PRAGMA busy_timeout = 0; PRAGMA journal_mode = DELETE; BEGIN EXCLUSIVE;');
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

/**
 * Copies the content of a damaged lock file and empties it. The file itself stays: an engine that started at the same
 * moment may hold its lock on it already, and a file renamed under it would let two of them in.
 * @returns the copy's path
 */
function emptyDamaged(lockFile: string, now: number): string {
  const copy = `${lockFile}.damaged-${now}`;
  copyFileSync(lockFile, copy);
  truncateSync(lockFile);
  return copy;
}

function explainUnwritable(error: unknown, folder: string): unknown {
  const explained = explainDiskFull(error, folder, 'the lock of the data folder', null);
  if (explained !== error) return explained;
  const lockFile = join(folder, 'engine.lock');
  if (statSync(lockFile, { throwIfNoEntry: false })?.isFile() === false) {
    return new TracksideError(
      'HOST_FAILED',
      `${lockFile} is not a file, so that the folder cannot be locked.`,
      {
        remedy: 'Move it elsewhere, then start again.',
        cause: error,
      },
    );
  }
  return new TracksideError('HOST_FAILED', `The data folder ${folder} cannot be written.`, {
    remedy: 'Check its permissions and that the disk is not full, or choose another with --data-folder.',
    cause: error,
  });
}

/** For the other engine's message only: without it the lock holds all the same. */
function writeHolder(path: string): void {
  try {
    writeFileSync(path, `${process.pid}\n`, { mode: 0o600 });
  } catch {
    rmSync(path, { force: true });
  }
}

function readHolder(path: string): string | null {
  try {
    return readFileSync(path, 'utf8').trim() || null;
  } catch {
    return null;
  }
}
