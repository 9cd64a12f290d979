/** The engine's board: the one place where what a panel shows is kept, and from which changes are published. */

import type { Board, BoardEvent, Change, PanelState, Row, TableName } from '../shared/board.ts';
import { applyInPlace, copyBoard, emptyBoard } from '../shared/board-apply.ts';
import { type Clock, systemClock } from './platform/clock.ts';

export interface BoardPublisher {
  /** The board itself, to be looked at: its tables go on changing. Rows are replaced, never changed. */
  current(): Board;
  /** The board as it is now, to be kept. */
  snapshot(): Board;
  set<T extends TableName>(table: T, id: string, row: Row<T>): void;
  delete(table: TableName, id: string): void;
  panel(state: Partial<PanelState>): void;
  /**
   * A snapshot, then changes with consecutive sequence numbers until `signal` aborts. A reader that falls too far
   * behind gets a new snapshot instead of what it missed.
   */
  watch(signal?: AbortSignal): AsyncGenerator<BoardEvent>;
  /** How many readers there are now. */
  watchers(): number;
  /** Called with the number of readers whenever it changes. */
  onWatchers(callback: (count: number) => void): () => void;
  /** Called after every change, in the order in which they were made. What it does must be quick. */
  onChange(callback: (change: Change) => void): () => void;
  /** Resolves with the board as it is once it satisfies `condition`. For waiting on events instead of sleeping. */
  when(condition: (board: Board) => boolean, signal?: AbortSignal): Promise<Board>;
}

/** Changes kept for one slow reader before it is given a snapshot instead. */
const maxBacklog = 2000;

interface Reader {
  backlog: Change[];
  overflowed: boolean;
  wake: () => void;
}

/**
 * Creates the board around the given panel state. Changes made in one turn of the event loop are published together.
 */
export function createBoard(panel: PanelState, clock: Clock = systemClock): BoardPublisher {
  // Copying a table for each change would cost more than all else that an idle engine does.
  const board = emptyBoard(panel);
  /** The board as a reader gets it first: with the engine's time at this moment. */
  const firstSight = (): Board => ({ ...copyBoard(board), panel: { ...board.panel, now: clock.now() } });
  const readers = new Set<Reader>();
  const conditions = new Set<() => void>();
  const watcherCallbacks = new Set<(count: number) => void>();
  const changeCallbacks = new Set<(change: Change) => void>();

  const publish = (change: Change): void => {
    applyInPlace(board, change);
    for (const reader of readers) {
      if (reader.backlog.length >= maxBacklog) reader.overflowed = true;
      else reader.backlog.push(change);
      reader.wake();
    }
    for (const check of [...conditions]) check();
    for (const callback of changeCallbacks) callback(change);
  };
  const countWatchers = (): void => {
    for (const callback of watcherCallbacks) callback(readers.size);
  };

  return {
    current: () => board,
    snapshot: () => copyBoard(board),
    set: (table, id, row) => publish({ kind: 'set', table, id, row } as Change),
    delete(table, id) {
      if (id in board[table]) publish({ kind: 'delete', table, id });
    },
    panel: (state) => publish({ kind: 'panel', state }),
    watchers: () => readers.size,
    onWatchers(callback) {
      watcherCallbacks.add(callback);
      return () => watcherCallbacks.delete(callback);
    },
    onChange(callback) {
      changeCallbacks.add(callback);
      return () => changeCallbacks.delete(callback);
    },
    when(condition, signal) {
      return new Promise((resolve, reject) => {
        const check = (): void => {
          if (!condition(board)) return;
          conditions.delete(check);
          signal?.removeEventListener('abort', onAbort);
          resolve(copyBoard(board));
        };
        function onAbort() {
          conditions.delete(check);
          reject(signal?.reason);
        }
        if (signal?.aborted) return reject(signal.reason);
        signal?.addEventListener('abort', onAbort, { once: true });
        conditions.add(check);
        check();
      });
    },
    async *watch(signal) {
      let wake = (): void => {};
      const reader: Reader = { backlog: [], overflowed: false, wake: () => wake() };
      readers.add(reader);
      countWatchers();
      let sequence = 0;
      const onAbort = (): void => wake();
      signal?.addEventListener('abort', onAbort);
      try {
        yield { kind: 'snapshot', sequence, board: firstSight() };
        while (!signal?.aborted) {
          if (reader.backlog.length === 0) {
            await new Promise<void>((resolve) => {
              wake = resolve;
            });
            // One more turn, so that changes made together travel together.
            await new Promise((resolve) => setImmediate(resolve));
            continue;
          }
          sequence += 1;
          const changes = reader.backlog;
          reader.backlog = [];
          if (reader.overflowed) {
            reader.overflowed = false;
            yield { kind: 'snapshot', sequence, board: firstSight() };
          } else {
            yield { kind: 'changes', sequence, changes };
          }
        }
      } finally {
        signal?.removeEventListener('abort', onAbort);
        readers.delete(reader);
        countWatchers();
      }
    },
  };
}
