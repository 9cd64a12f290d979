/** The extracted packages in the cache: what is complete, what is damaged, what a dead engine left half-made. */
import { randomUUID } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { TracksideError } from '../../shared/errors.ts';
import { hasCode } from '../platform/disk.ts';
import { lockDataFolder } from '../platform/lock.ts';
import { writeFileAtomically } from '../platform/records.ts';
import { removeTree } from '../platform/remove-tree.ts';
import { countFiles } from './extract.ts';

/** A runner package, unpacked once and shared by all runners. Its files are read-only. */
export interface ExtractedTree {
  folder: string;
  /** Of the runner, e.g. 2.336.0. */
  version: string;
  /** Bytes in its files. */
  bytes: number;
  files: number;
  /** False when this call had to extract it. */
  fromCache: boolean;
}

const markerSchema = z.object({
  version: z.string(),
  files: z.number(),
  bytes: z.number(),
  /** Of the archive; null when it was not known. */
  sha256: z.string().nullable(),
});
type Marker = z.infer<typeof markerSchema>;

/**
 * Says who is writing in a cache folder. Each process has a session whose lock the system releases when the process
 * dies, however it dies; half-made things carry their session's id in their name.
 */
export interface CacheSessions {
  /** A name in `folder` for something half-made by this process. */
  partial(folder: string, name: string): string;
  /** Whether a name was given out by a process that is dead now. */
  isAbandoned(name: string): boolean;
  release(): Promise<void>;
}

const damagedName = /\.damaged-[0-9a-z-]+$/;
const partialName = /\.partial-([0-9a-f-]{36})-[0-9a-f]{8}$/;

/** @throws TracksideError HOST_FAILED when the folder cannot be written */
export function openCacheSession(sessionsFolder: string): CacheSessions {
  const id = randomUUID();
  const own = lockDataFolder(join(sessionsFolder, id));
  return {
    partial: (folder, name) => join(folder, `${name}.partial-${id}-${randomUUID().slice(0, 8)}`),
    isAbandoned(name) {
      const owner = partialName.exec(name)?.[1];
      if (owner === undefined || owner === id) return false;
      try {
        lockDataFolder(join(sessionsFolder, owner)).release();
        return true;
      } catch (error) {
        if (error instanceof TracksideError && error.code === 'CONFLICT') return false;
        throw error;
      }
    },
    async release() {
      own.release();
      await rm(join(sessionsFolder, id), { recursive: true, force: true });
    },
  };
}

/** Removes what dead engines left half-made in a cache folder, and their sessions. @returns the names removed */
export async function sweepCache(
  folders: string[],
  sessionsFolder: string,
  sessions: CacheSessions,
): Promise<string[]> {
  const removed: string[] = [];
  for (const folder of folders) {
    for (const name of await namesIn(folder)) {
      const fromEarlierBoot = damagedName.test(name) && !name.includes(await bootId());
      if (!fromEarlierBoot && !sessions.isAbandoned(name)) continue;
      await removeTree(join(folder, name));
      removed.push(name);
    }
  }
  for (const id of await namesIn(sessionsFolder)) {
    const dead = sessions.isAbandoned(`.partial-${id}-00000000`);
    if (dead) await rm(join(sessionsFolder, id), { recursive: true, force: true });
  }
  return removed;
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return [];
    throw error;
  }
}

export interface Trees {
  /** The complete tree of this name; null when there is none, or when files of it are missing or cut short. */
  find(name: string, signal: AbortSignal): Promise<ExtractedTree | null>;
  /**
   * Makes a tree: `fill` extracts into the folder it is given, which then becomes the tree in one step. When another
   * engine was faster, its tree is returned.
   */
  make(
    name: string,
    facts: Pick<Marker, 'version' | 'sha256'>,
    fill: (folder: string) => Promise<{ files: number; bytes: number }>,
    signal: AbortSignal,
  ): Promise<ExtractedTree>;
}

export function createTrees(folder: string, sessions: CacheSessions): Trees {
  const placeOf = (name: string): string => join(folder, name);
  const markerOf = (name: string): string => join(folder, `${name}.json`);

  const find = async (name: string, signal: AbortSignal): Promise<ExtractedTree | null> => {
    const marker = await readMarker(markerOf(name));
    if (!marker) return null;
    try {
      const { files, bytes } = await countFiles(placeOf(name), signal);
      const complete = files === marker.files && bytes === marker.bytes;
      return complete
        ? { folder: placeOf(name), version: marker.version, files, bytes, fromCache: true }
        : null;
    } catch (error) {
      if (hasCode(error, 'ENOENT')) return null;
      throw error;
    }
  };

  /** Runners may stand on a damaged tree: what is left of it stays, out of the way, until the machine restarts. */
  const setAside = async (name: string): Promise<void> => {
    try {
      await rename(
        placeOf(name),
        join(folder, `${name}.damaged-${await bootId()}-${randomUUID().slice(0, 8)}`),
      );
    } catch (error) {
      if (!hasCode(error, 'ENOENT')) throw error;
    }
  };

  return {
    find,
    async make(name, facts, fill, signal) {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      const partial = sessions.partial(folder, name);
      const { files, bytes } = await fill(partial);
      try {
        signal.throwIfAborted();
        const fasterOne = await find(name, signal);
        if (fasterOne) {
          await removeTree(partial);
          return fasterOne;
        }
        await setAside(name);
        // The marker first: the tree counts as complete from the moment it has its name.
        await writeFileAtomically(
          markerOf(name),
          JSON.stringify({ ...facts, files, bytes } satisfies Marker),
        );
        await rename(partial, placeOf(name));
        await flushFolder(folder);
      } catch (error) {
        await removeTree(partial);
        throw error;
      }
      return { folder: placeOf(name), version: facts.version, files, bytes, fromCache: false };
    },
  };
}

async function readMarker(path: string): Promise<Marker | null> {
  try {
    const parsed = markerSchema.safeParse(JSON.parse(await readFile(path, 'utf8')));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}

/** Differs after each start of the machine. Where it cannot be told nothing is mounted by us, and any time will do. */
async function bootId(): Promise<string> {
  try {
    return (await readFile('/proc/sys/kernel/random/boot_id', 'utf8')).trim();
  } catch {
    return randomUUID();
  }
}

/** Makes renames in a folder last over a crash of the machine. */
export async function flushFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
