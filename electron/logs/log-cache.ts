/** The folder of the logs that are fetched or taken down: bounded, and empty of what nobody needs any more. */
import { mkdir, open, readdir, rename, rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../platform/clock.ts';
import { explainDiskFull, requireSpace } from '../platform/disk.ts';

export interface LogCacheLimits {
  /** Of all logs that are kept together. */
  bytes: number;
  /** Since one was last opened. */
  ageMs: number;
}

/** A file that is being written. */
export interface WrittenLog {
  readonly path: string;
  /** @throws DiskFullError */
  append(bytes: string | Uint8Array): Promise<void>;
  close(): Promise<void>;
}

export interface LogCache {
  /** Where the whole log of a job lies or will lie. @param job unique among all connected repositories, fit for a file's name */
  pathOf(job: string): string;
  /**
   * Begins a file; an own one each time.
   * @param neededBytes how large it will be; null where that is not known
   * @throws DiskFullError
   */
  write(purpose: string, neededBytes: number | null): Promise<WrittenLog>;
  /** Makes a written file the whole log of a job. */
  keep(written: WrittenLog, path: string): Promise<void>;
  /** Notes that a log is used again; what is in use is never taken away. @returns ends the use */
  use(path: string): () => void;
  /** Removes a file that was written for the time being. */
  discard(path: string): Promise<void>;
}

const ending = { whole: '.log', halfMade: '.partial-log' } as const;

/**
 * Opens the cache: what an earlier engine left half-made goes, and so does what is old.
 * @param folder made when the first log is written
 */
export async function openLogCache(options: {
  folder: string;
  clock: Pick<Clock, 'now'>;
  limits: LogCacheLimits;
}): Promise<LogCache> {
  const { folder, clock, limits } = options;
  const uses = new Map<string, number>();
  let written = 0;
  for (const name of await namesIn(folder)) {
    if (name.endsWith(ending.halfMade)) await rm(join(folder, name), { force: true });
  }

  const trim = async (): Promise<void> => {
    const kept = (await filesIn(folder)).sort((a, b) => b.usedAt - a.usedAt);
    let bytes = 0;
    for (const file of kept) {
      bytes += file.bytes;
      if (uses.has(file.path)) continue;
      if (bytes <= limits.bytes && clock.now() - file.usedAt <= limits.ageMs) continue;
      await rm(file.path, { force: true });
      bytes -= file.bytes;
    }
  };
  await trim();

  return {
    pathOf: (job) => join(folder, `${job}${ending.whole}`),
    async write(purpose, neededBytes) {
      written += 1;
      const path = join(folder, `${clock.now()}-${written}${ending.halfMade}`);
      if (neededBytes !== null) await requireSpace(folder, neededBytes, purpose);
      const explain = (error: unknown): never => {
        throw explainDiskFull(error, folder, purpose, neededBytes);
      };
      await mkdir(folder, { recursive: true, mode: 0o700 }).catch(explain);
      const file = await open(path, 'ax', 0o600).catch(explain);
      return {
        path,
        append: (bytes) => file.appendFile(bytes).catch(explain),
        close: () => file.close(),
      };
    },
    async keep(log, path) {
      await rename(log.path, path);
      await trim();
    },
    use(path) {
      uses.set(path, (uses.get(path) ?? 0) + 1);
      const now = new Date(clock.now());
      utimes(path, now, now).catch(() => {
        // It is not there yet, or not ours to stamp: then it counts as old as it is.
      });
      return () => {
        const left = (uses.get(path) ?? 1) - 1;
        if (left > 0) uses.set(path, left);
        else uses.delete(path);
      };
    },
    discard: (path) => rm(path, { force: true }),
  };
}

async function namesIn(folder: string): Promise<string[]> {
  return readdir(folder).catch(() => []);
}

async function filesIn(folder: string) {
  const files: { path: string; bytes: number; usedAt: number }[] = [];
  for (const name of await namesIn(folder)) {
    const path = join(folder, name);
    const found = name.endsWith(ending.whole) ? await stat(path).catch(() => null) : null;
    if (found) files.push({ path, bytes: found.size, usedAt: found.mtimeMs });
  }
  return files;
}
