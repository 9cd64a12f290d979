/** The history of events: what happened, to what, and why. It outlives the engine; its latest part is on the board. */
import type { HistoryQuery } from '../../shared/contract.ts';
import type { HistoryEvent, Settings } from '../../shared/model.ts';
import type { BoardPublisher } from '../board.ts';
import type { Clock } from '../platform/clock.ts';
import { isDiskFull } from '../platform/disk.ts';
import type { HistoryDatabase } from './database.ts';
import { createPruning } from './pruning.ts';
import { eventId, eventOf, idNumber, queryStatement } from './stored-event.ts';

/** An event as it is told; what does not apply is left out. */
export type ToldEvent = Pick<HistoryEvent, 'kind' | 'subject' | 'cause'> &
  Partial<Omit<HistoryEvent, 'id' | 'at' | 'kind' | 'subject' | 'cause'>>;

export interface EventHistory {
  /** Writes an event down and shows it. One that repeats itself within a minute stands once, with how often it was. */
  record(told: ToldEvent): void;
  /** One page, the latest first. `more`: older ones fit as well. */
  query(query: HistoryQuery): { events: HistoryEvent[]; more: boolean };
  /** The latest event of a kind; null when there is none. */
  latest(kind: HistoryEvent['kind']): HistoryEvent | null;
  /** Deletes what is too old or too much; resolves when that is done. Happens every hour by itself. */
  prune(): Promise<void>;
  dispose(): void;
}

/** How many the board shows. */
const shownEvents = 100;
const repeatMs = 60_000;
/** Each of these is worth its own line, however alike. */
const neverRepeats: readonly HistoryEvent['kind'][] = ['job', 'person', 'engine'];
/** What is kept in memory at most while the disk is full. */
const mostUnwritten = 10_000;

const insert = `INSERT OR REPLACE INTO events
  (id, at, kind, subject, fromState, toState, cause, runnerId, poolId, repositoryId)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`;
const selectLatest = 'SELECT * FROM events ORDER BY id DESC LIMIT ?';
const selectLatestOfKind = 'SELECT * FROM events WHERE kind = ? ORDER BY id DESC LIMIT 1';

/**
 * Opens the history of events and puts its latest ones on the board.
 * @param settings as they are at the moment of asking
 * @throws DiskFullError, or SQLite's error
 */
export function createEventHistory(options: {
  database: HistoryDatabase;
  board: BoardPublisher;
  clock: Clock;
  settings(): Pick<Settings, 'historyMaxAgeMs' | 'historyMaxBytes'>;
  /** Told of what keeps events from being written, but for a full disk. */
  onFault(error: unknown): void;
}): EventHistory {
  const { database, board, clock, onFault } = options;
  const shown = database.all(selectLatest, shownEvents).map(eventOf).reverse();
  for (const event of shown) board.set('events', event.id, event);
  let nextNumber = idNumber(shown.at(-1)?.id ?? '0') + 1;
  const repeats = createRepeats(clock);
  const pruning = createPruning(options);
  /** What could not be written, for want of room as a rule; written with the next one that can be. */
  let unwritten: HistoryEvent[] = [];

  const write = (): void => {
    try {
      while (unwritten[0]) {
        database.run(insert, ...valuesOf(unwritten[0]));
        unwritten.shift();
      }
    } catch (error) {
      // What happens is never held up by its being written down.
      if (!isDiskFull(error)) onFault(error);
      unwritten = unwritten.slice(-mostUnwritten);
    }
  };
  const show = (event: HistoryEvent): void => {
    shown.push(event);
    board.set('events', event.id, event);
    for (const old of shown.splice(0, shown.length - shownEvents)) board.delete('events', old.id);
  };
  const forget = (id: string): void => {
    unwritten = unwritten.filter((event) => event.id !== id);
    database.run('DELETE FROM events WHERE id = ?', idNumber(id));
    const index = shown.findIndex((event) => event.id === id);
    if (index >= 0) shown.splice(index, 1);
    board.delete('events', id);
  };
  /** The latest occurrence takes the place of those before: what is told last is what is true now. */
  const forgetEarlier = (id: string): void => {
    try {
      forget(id);
    } catch (error) {
      if (!isDiskFull(error)) onFault(error);
    }
  };

  let isDisposed = false;

  return {
    record(told) {
      // A runner that is let go may still be reading its log: the next engine reads it again.
      if (isDisposed) return;
      const event: HistoryEvent = {
        from: null,
        to: null,
        runnerId: null,
        poolId: null,
        repositoryId: null,
        ...told,
        id: eventId(nextNumber),
        at: clock.now(),
      };
      nextNumber += 1;
      const { earlierId, times } = repeats.note(event);
      if (earlierId) forgetEarlier(earlierId);
      if (times > 1) event.cause = `${event.cause} (${times} times within a minute)`;
      unwritten.push(event);
      write();
      show(event);
    },
    query(query) {
      const { sql, values } = queryStatement(query);
      const found = database.all(sql, ...values).map(eventOf);
      return { events: found.slice(0, query.limit), more: found.length > query.limit };
    },
    latest(kind) {
      const row = database.get(selectLatestOfKind, kind);
      return row ? eventOf(row) : null;
    },
    prune: () => pruning.prune(),
    dispose() {
      isDisposed = true;
      pruning.dispose();
      write();
    },
  };
}

function valuesOf(event: HistoryEvent) {
  const { id, at, kind, subject, from, to, cause, runnerId, poolId, repositoryId } = event;
  return [idNumber(id), at, kind, subject, from, to, cause, runnerId, poolId, repositoryId];
}

/** Knows what was told within the last minute. */
function createRepeats(clock: Clock) {
  const told = new Map<string, { id: string; since: number; times: number }>();
  return {
    /** Takes in an event. @returns which earlier one it repeats, and how often that makes it */
    note({ id, kind, subject, from, to, cause, runnerId }: HistoryEvent): {
      earlierId: string | null;
      times: number;
    } {
      if (neverRepeats.includes(kind)) return { earlierId: null, times: 1 };
      for (const [key, { since }] of told) {
        if (since + repeatMs > clock.now()) break;
        told.delete(key);
      }
      const key = JSON.stringify([kind, subject, from, to, cause, runnerId]);
      const earlier = told.get(key);
      const times = (earlier?.times ?? 0) + 1;
      told.set(key, { id, since: earlier?.since ?? clock.now(), times });
      return { earlierId: earlier?.id ?? null, times };
    },
  };
}
