/** The log of an ended job as the forge keeps it: fetched once, shown while it comes. */
import { TracksideError } from '../../shared/errors.ts';
import type { ForgeDownload } from '../forges/forge.ts';
import type { Clock } from '../platform/clock.ts';
import { type FeedTools, type Sight, whenAborted } from './feed.ts';
import type { LogCache } from './log-cache.ts';
import type { LogFile } from './log-file.ts';
import type { Shelf } from './shelf.ts';

/** How often what has come is shown. */
const showMs = 50;

interface Place {
  shelf: Shelf;
  cache: LogCache;
  clock: Clock;
  path: string;
}

/** Shows the log that was fetched before, until `signal` aborts. @returns false, at once, when it was not */
export async function showKept({ shelf, cache, path }: Place, { tell, signal }: FeedTools): Promise<boolean> {
  const endUse = cache.use(path);
  const log = await shelf.open(path);
  try {
    if (!log) return false;
    await log.grow(signal, () => tell({ log, complete: false, fetched: null, empty: null }));
    tell(wholeSight(log));
    await whenAborted(signal);
    return true;
  } finally {
    endUse();
    await log?.close();
  }
}

/**
 * Writes what the forge sends into the cache and shows it meanwhile, and afterwards until `signal` aborts.
 * @throws DiskFullError, or TracksideError FORGE_UNREACHABLE when it breaks off; nothing of it is left then
 */
export async function showFetched(
  { shelf, cache, clock, path }: Place,
  { stream, sizeBytes }: ForgeDownload,
  { tell, signal }: FeedTools,
): Promise<void> {
  const endUse = cache.use(path);
  let log: LogFile | null = null;
  try {
    const written = await cache.write('the log of a job', sizeBytes);
    try {
      log = await shelf.open(written.path);
      let shownAt = clock.now();
      for await (const bytes of chunksOf(stream, signal)) {
        await written.append(bytes);
        if (clock.now() - shownAt < showMs) continue;
        await log?.grow(signal);
        const fetched = sizeBytes ? Math.min(1, (log?.bytes() ?? 0) / sizeBytes) : null;
        tell({ log, complete: false, fetched, empty: null });
        shownAt = clock.now();
      }
      signal.throwIfAborted();
      await cache.keep(written, path);
    } finally {
      await written.close();
      await cache.discard(written.path);
    }
    await log?.grow(signal);
    tell(wholeSight(log));
    await whenAborted(signal);
  } finally {
    stream.destroy();
    endUse();
    await log?.close();
  }
}

function wholeSight(log: LogFile | null): Sight {
  const empty = log && log.bytes() > 0 ? null : 'The log of this job is empty.';
  return { log, complete: true, fetched: null, empty };
}

async function* chunksOf(stream: ForgeDownload['stream'], signal: AbortSignal): AsyncGenerator<Uint8Array> {
  try {
    for await (const bytes of stream) {
      if (signal.aborted) return;
      yield bytes;
    }
  } catch (error) {
    if (error instanceof TracksideError) throw error;
    throw new TracksideError('FORGE_UNREACHABLE', 'The log of this job broke off while it was fetched.', {
      remedy: 'Open it again.',
      cause: error,
    });
  }
}
