/**
 * One engine per data folder. The lock is SQLite's own file lock, which the operating system releases when its holder
 * dies, however it dies: there is no stale lock to clean up.
 */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { TracksideError } from '../../shared/errors.ts';

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
    throw new TracksideError('HOST_FAILED', `The data folder ${folder} cannot be written.`, {
      remedy: 'Check its permissions and that the disk is not full, or choose another with --data-folder.',
      cause: error,
    });
  }
  try {
    database.exec('PRAGMA busy_timeout = 0; PRAGMA journal_mode = DELETE; BEGIN EXCLUSIVE;');
  } catch (error) {
    database.close();
    const holder = readHolder(holderFile);
    throw new TracksideError(
      'CONFLICT',
      `Trackside already runs with the data folder ${folder}${holder ? ` (process ${holder})` : ''}.`,
      { remedy: 'Use that one, stop it first, or choose another folder with --data-folder.', cause: error },
    );
  }
  writeFileSync(holderFile, `${process.pid}\n`, { mode: 0o600 });
  return {
    release() {
      rmSync(holderFile, { force: true });
      database.close();
    },
  };
}

function readHolder(path: string): string | null {
  try {
    return readFileSync(path, 'utf8').trim() || null;
  } catch {
    return null;
  }
}
