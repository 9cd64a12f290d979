/** How long each runner was up, and how long down while it was meant to run: by runner and local day, over 30 days. */
import type { Health, Runner } from '../../../shared/model.ts';
import type { HistoryDatabase } from '../../history/database.ts';
import type { Clock } from '../../platform/clock.ts';
import { isDiskFull } from '../../platform/disk.ts';
import type { RunnerRecord } from '../record.ts';
import { reconnectGraceMs } from './checks.ts';
import { cutIntoDays, localDay, localDayBefore } from './local-days.ts';

/** `off`: not meant to run, so that the time counts neither way. */
export type Phase = 'up' | 'down' | 'off';
const phases: readonly Phase[] = ['up', 'down', 'off'];

const keptDays = 30;
/** A longer silence between two counts is this machine's sleep, and counts neither way. */
const longestStepMs = 3 * 60_000;
/** What has not changed is written down this often: a dead engine's last minutes are told by the process itself. */
const writePeriodMs = 5 * 60_000;

export interface ObservedRunner {
  runner: Runner;
  record: Pick<RunnerRecord, 'wanted' | 'held'>;
  /** Epoch milliseconds; null while it has no process. */
  processStartedAt: number | null;
}

export interface Availability {
  /** Takes in what a runner is now. To be called at each change, and at least every two minutes. */
  observe(observed: ObservedRunner): void;
  /** Up to 30 days, the latest last, counted to this moment. */
  of(runnerId: string): Health['availability'];
  /** Forgets a runner that is gone. */
  forget(runnerId: string): void;
  /** Writes down what is new; a full disk is left alone until the next time. @throws SQLite's error */
  write(): void;
  dispose(): void;
}

interface Count {
  phase: Phase;
  /** Counted up to here, epoch milliseconds. */
  countedTo: number;
  /** When `up` becomes `down` by itself; null = it does not. */
  downFrom: number | null;
  days: Map<string, { upMs: number; downMs: number }>;
  /** Days that were counted in since the last write. */
  unwritten: Set<string>;
  /** Null: its phase is new and was not written yet. */
  writtenAt: number | null;
}

/** What the engine before this one knew last. */
interface Earlier {
  phase: Phase;
  at: number;
  /** When the listener ended meanwhile, as its shim recorded it; null when it did not, or nobody knows. */
  endedAt: number | null;
}

/**
 * What a runner is, given what it was. A start or deploy goes on being what led to it: the first one, or one after a
 * stop that was asked for, is not held against the runner; one after a failure is.
 */
export function phaseOf({ runner, record }: Omit<ObservedRunner, 'processStartedAt'>, before: Phase): Phase {
  const { state, steps } = runner;
  if (record.wanted !== 'running' || record.held) return 'off';
  if (state === 'idle' || state === 'busy' || state === 'reconnecting') return 'up';
  if (state === 'stopping' || state === 'stopped' || state === 'removing') return 'off';
  const hasRun = state === 'failed' && steps.every(({ status }) => status === 'done');
  return before === 'off' && !hasRun ? 'off' : 'down';
}

/**
 * Reads what was counted before.
 * @param listenerEndedAt when the runner's shim recorded its listener's end, epoch milliseconds; null when it has not.
 * Asked before anything is started again
 */
export function createAvailability(options: {
  database: HistoryDatabase;
  clock: Clock;
  listenerEndedAt(runnerId: string): number | null;
}): Availability {
  const { database, clock, listenerEndedAt } = options;
  const counts = new Map<string, Count>();
  const kept = readKept(database, clock.now());
  const earlier = readEarlier(database, listenerEndedAt);
  const forgotten = new Set<string>();
  let cleanedOn = localDay(clock.now());

  const begin = ({ runner, record, processStartedAt }: ObservedRunner): Count => {
    const now = clock.now();
    const before = earlier.get(runner.id);
    const count: Count = {
      phase: before?.phase ?? 'off',
      ...{ countedTo: now, downFrom: null },
      days: kept.get(runner.id) ?? new Map(),
      unwritten: new Set(),
      writtenAt: null,
    };
    earlier.delete(runner.id);
    kept.delete(runner.id);
    counts.set(runner.id, count);
    if (before?.phase !== 'up') return count;
    const { at, endedAt } = before;
    if (processStartedAt !== null && processStartedAt <= at) addSpan(count, 'up', at, now);
    else if (endedAt !== null && endedAt >= at && endedAt <= now) {
      addSpan(count, 'up', at, endedAt);
      if (record.wanted === 'running' && !record.held) addSpan(count, 'down', endedAt, now);
    }
    return count;
  };

  const clean = (now: number): void => {
    const today = localDay(now);
    if (today === cleanedOn) return;
    const oldest = localDayBefore(now, keptDays - 1);
    for (const { days } of counts.values()) {
      for (const day of days.keys()) if (day < oldest) days.delete(day);
    }
    dropOld(database, now);
    cleanedOn = today;
  };

  const write = (): void => {
    const now = clock.now();
    const due = [...counts].filter(([, count]) => isDue(count, now));
    try {
      clean(now);
      if (due.length + forgotten.size > 0) {
        database.together(() => {
          for (const runnerId of forgotten) deleteCount(database, runnerId);
          for (const [runnerId, count] of due) writeCount(database, runnerId, count, now);
        });
      }
    } catch (error) {
      if (isDiskFull(error)) return;
      throw error;
    }
    forgotten.clear();
    for (const [, count] of due) {
      count.unwritten.clear();
      count.writtenAt = now;
    }
  };

  return {
    observe(observed) {
      const { runner } = observed;
      const count = counts.get(runner.id) ?? begin(observed);
      countTo(count, clock.now());
      const phase = phaseOf(observed, count.phase);
      if (phase !== count.phase) count.writtenAt = null;
      count.phase = phase;
      count.downFrom = runner.state === 'reconnecting' ? runner.stateSince + reconnectGraceMs : null;
    },
    of(runnerId) {
      const count = counts.get(runnerId);
      if (!count) return [];
      countTo(count, clock.now());
      return [...count.days]
        .map(([day, time]) => ({ day, ...time }))
        .sort((a, b) => (a.day < b.day ? -1 : 1));
    },
    forget(runnerId) {
      counts.delete(runnerId);
      forgotten.add(runnerId);
    },
    write,
    dispose() {
      for (const count of counts.values()) {
        countTo(count, clock.now());
        count.writtenAt = null;
      }
      write();
    },
  };
}

/** Counts the time since the last count as what the runner was meanwhile. */
function countTo(count: Count, now: number): void {
  const { phase, countedTo, downFrom } = count;
  count.countedTo = now;
  if (phase === 'off' || now <= countedTo || now - countedTo > longestStepMs) return;
  const turn = phase === 'up' ? Math.min(now, Math.max(countedTo, downFrom ?? now)) : countedTo;
  addSpan(count, 'up', countedTo, turn);
  addSpan(count, 'down', turn, now);
}

function addSpan({ days, unwritten }: Count, phase: 'up' | 'down', from: number, to: number): void {
  for (const { day, durationMs } of cutIntoDays(from, to)) {
    const { upMs, downMs } = days.get(day) ?? { upMs: 0, downMs: 0 };
    days.set(
      day,
      phase === 'up' ? { upMs: upMs + durationMs, downMs } : { upMs, downMs: downMs + durationMs },
    );
    unwritten.add(day);
  }
}

/** A phase that is new is written at once; time that only went on, seldom. */
function isDue(count: Count, now: number): boolean {
  const { writtenAt, unwritten } = count;
  return writtenAt === null || (unwritten.size > 0 && now - writtenAt >= writePeriodMs);
}

function writeCount(database: HistoryDatabase, runnerId: string, count: Count, now: number): void {
  const { days, unwritten, downFrom } = count;
  const phase = count.phase === 'up' && downFrom !== null && downFrom <= now ? 'down' : count.phase;
  database.run(
    'INSERT OR REPLACE INTO availabilityPhases (runnerId, phase, at) VALUES (?, ?, ?)',
    ...[runnerId, phase, now],
  );
  for (const day of unwritten) {
    const { upMs, downMs } = days.get(day) ?? { upMs: 0, downMs: 0 };
    database.run(
      'INSERT OR REPLACE INTO availability (runnerId, day, upMs, downMs) VALUES (?, ?, ?, ?)',
      ...[runnerId, day, Math.round(upMs), Math.round(downMs)],
    );
  }
}

function deleteCount(database: HistoryDatabase, runnerId: string): void {
  database.run('DELETE FROM availability WHERE runnerId = ?', runnerId);
  database.run('DELETE FROM availabilityPhases WHERE runnerId = ?', runnerId);
}

function dropOld(database: HistoryDatabase, now: number): void {
  database.run('DELETE FROM availability WHERE day < ?', localDayBefore(now, keptDays - 1));
  database.run('DELETE FROM availabilityPhases WHERE at < ?', now - keptDays * 24 * 3_600_000);
}

function readKept(database: HistoryDatabase, now: number): Map<string, Count['days']> {
  dropOld(database, now);
  const kept = new Map<string, Count['days']>();
  for (const row of database.all('SELECT runnerId, day, upMs, downMs FROM availability ORDER BY day')) {
    const runnerId = String(row.runnerId);
    const days = kept.get(runnerId) ?? new Map();
    days.set(String(row.day), { upMs: Number(row.upMs), downMs: Number(row.downMs) });
    kept.set(runnerId, days);
  }
  return kept;
}

function readEarlier(
  database: HistoryDatabase,
  listenerEndedAt: (runnerId: string) => number | null,
): Map<string, Earlier> {
  const rows = database.all('SELECT runnerId, phase, at FROM availabilityPhases');
  return new Map(
    rows.map((row) => {
      const runnerId = String(row.runnerId);
      const phase = phases.find((one) => one === row.phase) ?? 'off';
      const endedAt = phase === 'up' ? listenerEndedAt(runnerId) : null;
      return [runnerId, { phase, at: Number(row.at), endedAt }];
    }),
  );
}
