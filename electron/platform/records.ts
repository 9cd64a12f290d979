/**
 * Small records on disk, one JSON file each: written to a temporary file, flushed, then renamed, so that a crash leaves
 * the old record or the new one and never half of one.
 */
import { randomUUID } from 'node:crypto';
import { lstatSync, renameSync, statSync } from 'node:fs';
import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { z } from 'zod';
import { TracksideError } from '../../shared/errors.ts';
import { explainDiskFull, hasCode, isDiskFull } from './disk.ts';

/**
 * Writes a file so that it is either the old or the new one after a crash; readable by this user only.
 * @throws DiskFullError, or the system's error
 */
export async function writeFileAtomically(path: string, content: string): Promise<void> {
  const temporary = `${path}.${randomUUID()}.tmp`;
  try {
    const file = await open(temporary, 'wx', 0o600);
    try {
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw explainDiskFull(error, dirname(path), 'a record of Trackside', Buffer.byteLength(content));
  }
}

export interface Records<T extends { id: string }> {
  all(): T[];
  get(id: string): T | undefined;
  /**
   * Resolves once the record is safely on disk. Writes of one id happen in the order they were asked for. A record that
   * found the disk full is written together with the next one that finds room.
   * @throws DiskFullError
   */
  put(record: T): Promise<void>;
  delete(id: string): Promise<void>;
  /** Files (or whatever else had their names) that could not be read and were set aside, by their new paths. */
  readonly setAside: readonly string[];
}

const suffix = '.json';

/**
 * Opens the records in `folder` (made when missing). A file that does not fit the schema, cannot be read or is none is
 * renamed to `<name>.unreadable-<time>` and named in `setAside`, never deleted; so is a file in the folder's place.
 * @throws DiskFullError; TracksideError HOST_FAILED when the folder cannot be used
 */
export async function openRecords<T extends { id: string }>(options: {
  folder: string;
  schema: z.ZodType<T>;
  now: () => number;
}): Promise<Records<T>> {
  const { folder, schema, now } = options;
  const setAside: string[] = [];
  const putAside = (path: string): void => {
    setAside.push(renameUnreadable(path, now()));
  };
  const rows = new Map<string, T>();
  for (const name of await listRecords(folder, putAside)) {
    const path = join(folder, name);
    if (name.endsWith('.tmp')) await rm(path, { force: true, recursive: true });
    if (!name.endsWith(suffix)) continue;
    const row = await readRecord(path, schema);
    if (row && `${encodeURIComponent(row.id)}${suffix}` === name) rows.set(row.id, row);
    else putAside(path);
  }
  const writes = new Map<string, Promise<void>>();
  const inOrder = (id: string, work: () => Promise<void>): Promise<void> => {
    const next = (writes.get(id) ?? Promise.resolve()).catch(() => {}).then(work);
    writes.set(id, next);
    return next;
  };
  const pathOf = (id: string): string => join(folder, `${encodeURIComponent(id)}${suffix}`);
  const unwritten = new Set<string>();
  const write = async (id: string): Promise<void> => {
    const row = rows.get(id);
    if (!row) return;
    try {
      await writeFileAtomically(pathOf(id), JSON.stringify(row));
    } catch (error) {
      if (isDiskFull(error)) unwritten.add(id);
      throw error;
    }
    unwritten.delete(id);
  };
  const writeOthers = (): void => {
    const others = [...unwritten];
    unwritten.clear();
    for (const id of others) inOrder(id, () => write(id)).catch(() => {});
  };
  return {
    setAside,
    all: () => [...rows.values()],
    get: (id) => rows.get(id),
    put(record) {
      rows.set(record.id, record);
      return inOrder(record.id, async () => {
        await write(record.id);
        writeOthers();
      });
    },
    delete(id) {
      rows.delete(id);
      return inOrder(id, () => rm(pathOf(id), { force: true }));
    },
  };
}

/** Renames what cannot be read so that its name is free. @returns its new path */
export function renameUnreadable(path: string, now: number): string {
  const aside = `${path}.unreadable-${now}`;
  renameSync(path, aside);
  return aside;
}

/** The names in the folder, which is made when missing. @param putAside called with what is in a folder's place */
async function listRecords(folder: string, putAside: (path: string) => void): Promise<string[]> {
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    return await readdir(folder);
  } catch (error) {
    // Synchronous until it is renamed: stores that are opened at once share the folder above.
    const blocking = fileOnTheWayTo(folder);
    if (blocking !== null) {
      putAside(blocking);
      return listRecords(folder, putAside);
    }
    if (hasCode(error, 'EEXIST') || hasCode(error, 'ENOTDIR')) return listRecords(folder, putAside);
    const explained = explainDiskFull(error, dirname(folder), 'the records of Trackside', null);
    if (explained !== error) throw explained;
    throw new TracksideError('HOST_FAILED', `Trackside cannot use its folder ${folder}.`, {
      remedy: 'Check the permissions of that folder and of those above it, then start again.',
      cause: error,
    });
  }
}

/** What is not a folder although it has the folder's name, or that of the one above it; null when nothing is. */
function fileOnTheWayTo(folder: string): string | null {
  const isBlocking = (path: string): boolean => {
    const isThere = lstatSync(path, { throwIfNoEntry: false }) !== undefined;
    return isThere && !statSync(path, { throwIfNoEntry: false })?.isDirectory();
  };
  return [dirname(folder), folder].find(isBlocking) ?? null;
}

/** What of reading a file says that this one cannot be read, and not that the host is in trouble. */
const unreadableCodes = ['EACCES', 'EPERM', 'EISDIR', 'ELOOP', 'ENOENT', 'ENXIO'];

/** @throws TracksideError HOST_FAILED when nothing can be said of the file: it is left where it is */
async function readRecord<T>(path: string, schema: z.ZodType<T>): Promise<T | null> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (unreadableCodes.some((code) => hasCode(error, code))) return null;
    throw new TracksideError('HOST_FAILED', `The record ${path} could not be read.`, {
      remedy: 'Check the disk it lies on, then start again.',
      cause: error,
    });
  }
  try {
    const parsed = schema.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}
