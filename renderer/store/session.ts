/** What every screen shares: the client, the board it follows, and the connection's state. */
import { createContext, use, useCallback } from 'react';
import { type StoreApi, useStore } from 'zustand';
import { useShallow } from 'zustand/react/shallow';
import { createStore } from 'zustand/vanilla';
import type { Board, BoardEvent } from '../../shared/board.ts';
import { applyChanges } from '../../shared/board-apply.ts';
import type { TracksideClient } from '../client/client.ts';
import type { Connection, ConnectionState } from '../client/connection.ts';
import { watchBoard } from '../client/watch-board.ts';
import { engineClock } from './clock.ts';

interface SessionState {
  /** Null until the first snapshot has come. */
  board: Board | null;
  connection: ConnectionState;
  /** The engine's time when the last news came, epoch milliseconds; null before any. */
  heardAt: number | null;
}

export interface Session {
  readonly client: TracksideClient;
  readonly state: StoreApi<SessionState>;
  /** Tries again now to reach the engine. */
  reconnect(): void;
  dispose(): void;
}

/**
 * Follows the board over `connection` and keeps it for the screens.
 * @param now the page's clock, epoch milliseconds
 */
export function createSession(options: {
  client: TracksideClient;
  connection: Pick<Connection, 'state' | 'subscribe' | 'retry'>;
  now?: () => number;
}): Session {
  const { client, connection, now = Date.now } = options;
  const state = createStore<SessionState>(() => ({
    board: null,
    connection: connection.state(),
    heardAt: null,
  }));
  const hear = (event: BoardEvent): void => {
    const before = state.getState().board;
    const board = nextBoard(before, event);
    if (board === null) return;
    // A snapshot's time may be as old as the last change; only news tells the present.
    if (event.kind === 'changes' && board.panel.now !== before?.panel.now) {
      engineClock.set(board.panel.now, now());
    }
    state.setState({ board, heardAt: engineClock.at(now()) });
  };
  const stopWatching = watchBoard(client, hear);
  const stopListening = connection.subscribe(() => state.setState({ connection: connection.state() }));
  return {
    client,
    state,
    reconnect: () => connection.retry(),
    dispose() {
      stopWatching();
      stopListening();
    },
  };
}

/** The board after an event; null when there is none yet to apply it to. */
export function nextBoard(board: Board | null, event: BoardEvent): Board | null {
  if (event.kind === 'snapshot') return event.board;
  return board === null ? null : applyChanges(board, event.changes);
}

export const SessionContext = createContext<Session | null>(null);

function useSession(): Session {
  const session = use(SessionContext);
  if (session === null) throw new Error('This component must be rendered inside a SessionContext.');
  return session;
}

/** The typed client; every call rejects with something `problemOf` can describe. */
export function useClient(): TracksideClient {
  return useSession().client;
}

/** A part of the board. Only inside screens, which are rendered once the first snapshot has come. */
export function useBoard<T>(select: (board: Board) => T): T {
  return useStore(useSession().state, ({ board }) => {
    if (board === null) throw new Error('The board was read before its first snapshot.');
    return select(board);
  });
}

/** The same for a selection that makes a new array or object each time; equal contents count as unchanged. */
export function useBoardList<T>(select: (board: Board) => T): T {
  return useBoard(useShallow(select));
}

/** Whether the first snapshot has come. */
export function useBoardReady(): boolean {
  return useStore(useSession().state, ({ board }) => board !== null);
}

/** The state of the connection to the engine, when it was last heard, and a way to try again. */
export function useConnection(): {
  state: ConnectionState;
  heardAt: number | null;
  reconnect: () => void;
} {
  const session = useSession();
  const state = useStore(session.state, ({ connection }) => connection);
  const heardAt = useStore(session.state, (whole) => (whole.connection === 'live' ? null : whole.heardAt));
  return { state, heardAt, reconnect: session.reconnect };
}

/** The board itself, read on demand in an event handler rather than followed. */
export function useBoardReader(): () => Board | null {
  const session = useSession();
  return useCallback(() => session.state.getState().board, [session]);
}
