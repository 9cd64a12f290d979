/** Where a program of this host lies. */
import { access, constants } from 'node:fs/promises';
import { delimiter, join } from 'node:path';

/**
 * Looks through PATH as a shell does.
 * @param path its folders; null when the program is in none of them
 */
export async function findProgram(name: string, path: string | undefined): Promise<string | null> {
  for (const folder of (path ?? '').split(delimiter).filter(Boolean)) {
    const file = join(folder, name);
    const isThere = await access(file, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (isThere) return file;
  }
  return null;
}
