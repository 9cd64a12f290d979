/** The history service: the database of what has happened here, the events in it, and what a person has to be told. */
import { join } from 'node:path';
import type { Notice } from '../../shared/model.ts';
import type { BoardPublisher } from '../board.ts';
import type { Clock } from '../platform/clock.ts';
import type { Records } from '../platform/records.ts';
import { type HistoryDatabase, openHistoryDatabase } from './database.ts';
import { beginEngineLife } from './engine-life.ts';
import { createEventHistory, type EventHistory } from './events.ts';
import { createNotices, type Notices } from './notices.ts';
import { observeBoard } from './observe.ts';
import { type StateKind, setAsideNotice } from './set-aside.ts';

export interface History {
  readonly database: HistoryDatabase;
  readonly events: EventHistory;
  readonly notices: Notices;
  /** Tells of a file of Trackside's state that was set aside. */
  noteSetAside(kind: StateKind, path: string): void;
  /** Begins to write down what the board shows to happen; what is on it by then is not news. */
  observe(): void;
  /** Writes down that the engine ends in order, and closes the database. */
  dispose(): void;
}

/**
 * Opens `history.db` in the data folder and writes down that the engine has started.
 * @throws DiskFullError; TracksideError HOST_FAILED when the database can neither be used nor set aside
 */
export function openHistory(options: {
  dataFolder: string;
  notices: Records<Notice>;
  board: BoardPublisher;
  version: string;
  clock: Clock;
  onFault(error: unknown): void;
}): History {
  const { board, clock, onFault } = options;
  const notices = createNotices({ records: options.notices, board, clock, onFault });
  const noteSetAside: History['noteSetAside'] = (kind, path) => notices.add(setAsideNotice(kind, path));
  const database = openHistoryDatabase({
    path: join(options.dataFolder, 'history.db'),
    clock,
    onDamaged: ({ setAside }) => noteSetAside('history', setAside),
  });
  const settings = () => board.current().panel.settings;
  const events = createEventHistory({ database, board, clock, settings, onFault });
  const life = beginEngineLife(events, options.version);
  let stopObserving = (): void => {};
  return {
    database,
    events,
    notices,
    noteSetAside,
    observe() {
      stopObserving = observeBoard({ board, history: events });
    },
    dispose() {
      stopObserving();
      life.end('Ended in order.');
      events.dispose();
      database.dispose();
    },
  };
}
