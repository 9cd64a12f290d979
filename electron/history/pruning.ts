/** Keeps the history of events within its age and size. */
import type { Settings } from '../../shared/model.ts';
import type { Clock } from '../platform/clock.ts';
import type { HistoryDatabase } from './database.ts';

interface Pruning {
  /** Deletes what is too old, then the oldest of what is too much; resolves when that is done. */
  prune(): Promise<void>;
  dispose(): void;
}

const periodMs = 3_600_000;
/** An engine that never lives for an hour prunes as well. */
const firstAfterMs = 60_000;
/** Events deleted, and pages given back, before others may run. */
const sliceEvents = 2000;
const slicePages = 500;
/** How far below its bound a history that is too large is brought. */
const roomShare = 0.9;

const deleteOlder = `DELETE FROM events WHERE id IN
  (SELECT id FROM (SELECT id, at FROM events ORDER BY id LIMIT ${sliceEvents}) WHERE at < ?)`;
const deleteOldest = `DELETE FROM events WHERE id IN (SELECT id FROM events ORDER BY id LIMIT ${sliceEvents})`;

/** @param options `settings`: as they are at the moment of asking */
export function createPruning(options: {
  database: HistoryDatabase;
  clock: Clock;
  settings(): Pick<Settings, 'historyMaxAgeMs' | 'historyMaxBytes'>;
}): Pruning {
  const { database, clock, settings } = options;
  let isDisposed = false;
  let current: Promise<void> | null = null;

  /** Repeats `step` until it has nothing to do, letting others run in between. */
  const inSlices = async (step: () => boolean): Promise<void> => {
    while (!isDisposed && step()) await new Promise((resolve) => setImmediate(resolve));
  };
  const usedBytes = (): number => {
    const { bytes, freeBytes } = database.size();
    return bytes - freeBytes;
  };
  const work = async (): Promise<void> => {
    const { historyMaxAgeMs, historyMaxBytes } = settings();
    const oldest = clock.now() - historyMaxAgeMs;
    await inSlices(() => database.run(deleteOlder, oldest) > 0);
    if (usedBytes() > historyMaxBytes) {
      await inSlices(() => usedBytes() > historyMaxBytes * roomShare && database.run(deleteOldest) > 0);
    }
    await inSlices(() => {
      const { freeBytes } = database.size();
      if (freeBytes > 0) database.all(`PRAGMA incremental_vacuum(${slicePages})`);
      return database.size().freeBytes < freeBytes;
    });
    if (!isDisposed) database.all('PRAGMA wal_checkpoint(TRUNCATE)');
  };
  const prune = (): Promise<void> => {
    current ??= work().finally(() => {
      current = null;
    });
    return current;
  };
  /** What fails, on a full disk for one, is tried again in an hour. */
  const pruneByItself = (): void => void prune().catch(() => {});

  const stops = [clock.after(firstAfterMs, pruneByItself), clock.every(periodMs, pruneByItself)];
  return {
    prune,
    dispose() {
      isDisposed = true;
      for (const stop of stops) stop();
    },
  };
}
