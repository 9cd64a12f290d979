/** Archives in the cache with the proof that they were checked: a stamp beside each, so that it is hashed only once. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile, rm, stat } from 'node:fs/promises';
import { z } from 'zod';
import { hasCode } from '../platform/disk.ts';
import { writeFileAtomically } from '../platform/records.ts';

/** What proves later that an archive is still the file that was checked: any change of it changes one of these. */
const stampSchema = z.object({
  sha256: z.string(),
  size: z.string(),
  inode: z.string(),
  modifiedNs: z.string(),
  changedNs: z.string(),
});

const stampFileOf = (archiveFile: string): string => `${archiveFile}.json`;

/** Deletes an archive and its stamp. */
export async function forgetArchive(archiveFile: string): Promise<void> {
  await rm(archiveFile, { force: true });
  await rm(stampFileOf(archiveFile), { force: true });
}

/** Size of a file in bytes; null when there is none. */
export async function sizeOf(file: string): Promise<number | null> {
  try {
    return (await stat(file)).size;
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return null;
    throw error;
  }
}

async function fingerprint(file: string): Promise<Omit<z.infer<typeof stampSchema>, 'sha256'>> {
  const { size, ino, mtimeNs, ctimeNs } = await stat(file, { bigint: true });
  return { size: `${size}`, inode: `${ino}`, modifiedNs: `${mtimeNs}`, changedNs: `${ctimeNs}` };
}

/** Records that the file with this SHA-256 (hex) is the one that lies there now. */
export async function stampArchive(archiveFile: string, sha256: string): Promise<void> {
  await writeFileAtomically(
    stampFileOf(archiveFile),
    JSON.stringify({ sha256, ...(await fingerprint(archiveFile)) }),
  );
}

/** The SHA-256 that was computed of exactly this file; null when the file may have changed since. */
export async function stampedChecksum(archiveFile: string): Promise<string | null> {
  try {
    const { sha256, ...then } = stampSchema.parse(
      JSON.parse(await readFile(stampFileOf(archiveFile), 'utf8')),
    );
    const now = await fingerprint(archiveFile);
    const unchanged =
      now.size === then.size &&
      now.inode === then.inode &&
      now.modifiedNs === then.modifiedNs &&
      now.changedNs === then.changedNs;
    return unchanged ? sha256 : null;
  } catch {
    return null;
  }
}

/** SHA-256 of a file, in hex. */
export async function hashFile(file: string, signal: AbortSignal): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(file, { highWaterMark: 1024 ** 2, signal })) hash.update(chunk);
  return hash.digest('hex');
}
