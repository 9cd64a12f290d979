/** Deletes folders whose owner made parts of them read-only, as package caches and our own extracted packages are. */
import { chmodSync, lstatSync, readdirSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { TracksideError } from '../../shared/errors.ts';
import { hasCode } from './disk.ts';

/**
 * Deletes a folder with all that is in it, read-only folders included; links are removed, never followed. Nothing happens
 * when there is none.
 * @throws TracksideError HOST_FAILED when files in it belong to another user
 */
export async function removeTree(path: string): Promise<void> {
  const remove = () => rm(path, { recursive: true, force: true, maxRetries: 3, retryDelay: 50 });
  try {
    await remove();
  } catch (error) {
    if (!hasCode(error, 'EACCES') && !hasCode(error, 'EPERM')) throw error;
    try {
      // Caches that jobs fill (Go's modules) are read-only folders.
      makeFoldersWritable(path);
      await remove();
    } catch (cause) {
      throw new TracksideError(
        'HOST_FAILED',
        `${path} cannot be removed: files in it belong to another user.`,
        {
          remedy: `A container of a job has probably written them. Delete the folder as an administrator, then try again.`,
          cause,
        },
      );
    }
  }
}

function makeFoldersWritable(path: string): void {
  if (!lstatSync(path).isDirectory()) return;
  chmodSync(path, 0o700);
  for (const entry of readdirSync(path, { withFileTypes: true })) {
    if (entry.isDirectory()) makeFoldersWritable(join(path, entry.name));
  }
}
