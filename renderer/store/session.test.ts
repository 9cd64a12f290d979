import { expect, test } from 'vitest';
import type { BoardEvent } from '../../shared/board.ts';
import type { TracksideClient } from '../client/client.ts';
import type { ConnectionState } from '../client/connection.ts';
import { boardWith, runnerRow } from '../testing/rows.ts';
import { createSession, nextBoard } from './session.ts';

const board = boardWith({ runners: [runnerRow()] });
const renamed: BoardEvent = {
  kind: 'changes',
  sequence: 1,
  changes: [{ kind: 'set', table: 'runners', id: 'arm-1', row: runnerRow({ state: 'busy' }) }],
};

test('a snapshot replaces the board, changes are applied to it, and changes without one are not believed', () => {
  expect(nextBoard(null, renamed)).toBeNull();
  expect(nextBoard(null, { kind: 'snapshot', sequence: 0, board })).toBe(board);
  expect(nextBoard(board, renamed)?.runners['arm-1']?.state).toBe('busy');
});

/** A connection whose state the test sets, and a client that yields the given events and then waits. */
function scripted(events: BoardEvent[]) {
  let state: ConnectionState = 'connecting';
  let callback = (): void => {};
  let retries = 0;
  async function* watch(signal: AbortSignal | undefined) {
    yield* events;
    await new Promise((resolve) => signal?.addEventListener('abort', resolve));
  }
  const client = {
    board: { watch: async (_: unknown, options?: { signal?: AbortSignal }) => watch(options?.signal) },
  } as unknown as TracksideClient;
  return {
    client,
    connection: {
      state: () => state,
      subscribe(listener: () => void) {
        callback = listener;
        return () => {
          callback = () => {};
        };
      },
      retry: () => {
        retries += 1;
      },
    },
    become(next: ConnectionState) {
      state = next;
      callback();
    },
    retries: () => retries,
  };
}

test('the session follows the board and the connection until it is disposed of', async () => {
  const door = scripted([{ kind: 'snapshot', sequence: 0, board }, renamed]);
  const session = createSession({ client: door.client, connection: door.connection });
  await new Promise<void>((resolve) => {
    const stop = session.state.subscribe((state) => {
      if (state.board?.runners['arm-1']?.state !== 'busy') return;
      stop();
      resolve();
    });
  });
  door.become('lost');
  expect(session.state.getState().connection).toBe('lost');
  expect(session.state.getState().heardAt).not.toBeNull();
  session.reconnect();
  expect(door.retries()).toBe(1);
  session.dispose();
  door.become('live');
  expect(session.state.getState().connection).toBe('lost');
});
