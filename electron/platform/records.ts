/**
 * Small records on disk, one JSON file each: written to a temporary file, flushed, then renamed, so that a crash leaves
 * the old record or the new one and never half of one.
 */
import { randomUUID } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { z } from 'zod';
import { explainDiskFull, isDiskFull } from './disk.ts';

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
  /** Files that could not be read and were set aside, by their new names. */
  readonly setAside: readonly string[];
}

const suffix = '.json';

/**
 * Opens the records in `folder` (made when missing). A file that does not fit the schema is renamed to
 * `<name>.unreadable-<time>` and named in `setAside`, never deleted.
 */
export async function openRecords<T extends { id: string }>(options: {
  folder: string;
  schema: z.ZodType<T>;
  now: () => number;
}): Promise<Records<T>> {
  const { folder, schema, now } = options;
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const rows = new Map<string, T>();
  const setAside: string[] = [];
  for (const name of await readdir(folder)) {
    const path = join(folder, name);
    if (name.endsWith('.tmp')) await rm(path, { force: true });
    if (!name.endsWith(suffix)) continue;
    const row = await readRecord(path, schema);
    if (row && `${encodeURIComponent(row.id)}${suffix}` === name) rows.set(row.id, row);
    else {
      const aside = `${path}.unreadable-${now()}`;
      await rename(path, aside);
      setAside.push(aside);
    }
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

async function readRecord<T>(path: string, schema: z.ZodType<T>): Promise<T | null> {
  try {
    const parsed = schema.safeParse(JSON.parse(await readFile(path, 'utf8')));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}
