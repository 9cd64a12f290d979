/**
 * One engine per data folder. The lock is SQLite's own file lock, which the operating system releases when its holder
 * dies, however it dies: there is no stale lock to clean up.
 */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { TracksideError } from '../../shared/errors.ts';
import { explainDiskFull } from './disk.ts';

export interface DataFolderLock {
  release(): void;
}

/**
 * Takes the data folder for this process, making the folder when it is missing.
 * @throws TracksideError CONFLICT when another engine has it, HOST_FAILED when the folder cannot be written.
 */
export function lockDataFolder(folder: string): DataFolderLock {
  const holderFile = join(folder, 'engine.pid');
  let database: DatabaseSync;
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    database = new DatabaseSync(join(folder, 'engine.lock'));
  } catch (error) {
    throw explainUnwritable(error, folder);
  }
  try {
    database.exec('PRAGMA busy_timeout = 0; PRAGMA journal_mode = DELETE; BEGIN EXCLUSIVE;');
  } catch (error) {
    database.close();
    if (!isLocked(error)) throw explainUnwritable(error, folder);
    const holder = readHolder(holderFile);
    throw new TracksideError(
      'CONFLICT',
      `Trackside already runs with the data folder ${folder}${holder ? ` (process ${holder})` : ''}.`,
      { remedy: 'Use that one, stop it first, or choose another folder with --data-folder.', cause: error },
    );
  }
  writeHolder(holderFile);
  return {
    release() {
      rmSync(holderFile, { force: true });
      database.close();
    },
  };
}

/** SQLITE_BUSY: somebody else has the lock. */
function isLocked(error: unknown): boolean {
  return error instanceof Error && 'errcode' in error && error.errcode === 5;
}

function explainUnwritable(error: unknown, folder: string): unknown {
  const explained = explainDiskFull(error, folder, 'the lock of the data folder', null);
  if (explained !== error) return explained;
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
