import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { type WebSocket as ServedSocket, WebSocketServer } from 'ws';
import { createTestRouter, whenWatchers } from '../../electron/doors/test-router.ts';
import { attachWebSocket } from '../../electron/doors/web-socket.ts';
import type { BoardEvent } from '../../shared/board.ts';
import { createClient } from './client.ts';
import { type Connection, ConnectionLostError, type ConnectionState } from './connection.ts';
import { watchBoard } from './watch-board.ts';
import { createWebSocketTransport } from './web-socket.ts';

const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0).reverse()) close();
});

/** A server on a port that can be stopped, cutting every socket, and started again. */
async function startServer() {
  const engine = createTestRouter();
  let sockets = new WebSocketServer({ host: '127.0.0.1', port: 0 });
  await once(sockets, 'listening');
  const { port } = sockets.address() as AddressInfo;
  const accept = (): void => {
    sockets.on('connection', (socket: ServedSocket) => attachWebSocket(engine.router, socket));
  };
  accept();
  const stop = (): void => {
    for (const socket of sockets.clients) socket.terminate();
    sockets.close();
  };
  closers.push(() => stop());
  return {
    ...engine,
    url: `ws://127.0.0.1:${port}/rpc`,
    stop,
    async start() {
      sockets = new WebSocketServer({ host: '127.0.0.1', port });
      await once(sockets, 'listening');
      accept();
    },
  };
}

/** Timers that fire when the test says so. */
function createTimers() {
  const due: { delayMs: number; callback: () => void }[] = [];
  let onTimer = (): void => {};
  return {
    after(delayMs: number, callback: () => void) {
      const timer = { delayMs, callback };
      due.push(timer);
      onTimer();
      return () => {
        const index = due.indexOf(timer);
        if (index >= 0) due.splice(index, 1);
      };
    },
    /** Waits until something is due, takes it and returns it. */
    async next() {
      if (due.length === 0) {
        await new Promise<void>((resolve) => {
          onTimer = resolve;
        });
      }
      const timer = due.shift();
      if (!timer) throw new Error('Nothing is due.');
      return timer;
    },
  };
}

function whenState(connection: Connection, wanted: ConnectionState): Promise<void> {
  return new Promise((resolve) => {
    const check = (): void => {
      if (connection.state() !== wanted) return;
      unsubscribe();
      resolve();
    };
    const unsubscribe = connection.subscribe(check);
    check();
  });
}

async function connect(isSignedIn: () => Promise<boolean> = async () => true) {
  const server = await startServer();
  const timers = createTimers();
  const transport = createWebSocketTransport({
    url: server.url,
    isSignedIn,
    after: timers.after,
    random: () => 1,
  });
  closers.push(() => transport.close());
  return { server, timers, transport, client: createClient(transport) };
}

test('a call made while the first connection is being opened waits for it', async () => {
  const { transport, client } = await connect();
  expect(transport.state()).toBe('connecting');
  expect(await client.repositories.refresh({ repositoryId: 'a' })).toEqual({});
  expect(transport.state()).toBe('live');
});

test('a call under way when the connection breaks is rejected and never sent again', async () => {
  const { server, timers, transport, client } = await connect();
  await client.repositories.refresh({ repositoryId: 'a' });
  const stream = await client.board.watch();
  await stream.next();
  const call = client.runners.restart({ runnerId: 'r1' });
  const refused = call.catch((error: unknown) => error);
  const answered = client.repositories.refresh({ repositoryId: 'a' });
  await answered;
  expect(server.restarts()).toBe(1);

  server.stop();
  const error = await refused;
  expect(error).toBeInstanceOf(ConnectionLostError);
  expect(error).toMatchObject({ sent: true });
  await whenState(transport, 'lost');

  await server.start();
  (await timers.next()).callback();
  await whenState(transport, 'live');
  await client.repositories.refresh({ repositoryId: 'a' });
  expect(server.restarts()).toBe(1);
});

test('a call made while the connection is lost is refused at once', async () => {
  const { server, transport, client } = await connect();
  await whenState(transport, 'live');
  server.stop();
  await whenState(transport, 'lost');
  await expect(client.runners.restart({ runnerId: 'r1' })).rejects.toMatchObject({ sent: false });
  expect(server.restarts()).toBe(0);
});

test('pauses between attempts grow up to ten seconds and begin anew after a success', async () => {
  const { server, timers, transport } = await connect();
  await whenState(transport, 'live');
  server.stop();
  const pauses: number[] = [];
  for (let attempt = 0; attempt < 8; attempt++) {
    const timer = await timers.next();
    pauses.push(timer.delayMs);
    if (attempt < 7) timer.callback();
    else {
      await server.start();
      timer.callback();
    }
  }
  expect(pauses).toEqual([250, 500, 1000, 2000, 4000, 8000, 10_000, 10_000]);
  await whenState(transport, 'live');
  server.stop();
  expect((await timers.next()).delayMs).toBe(250);
});

test('retry tries at once', async () => {
  const { server, transport, client } = await connect();
  await whenState(transport, 'live');
  server.stop();
  await whenState(transport, 'lost');
  await server.start();
  transport.retry();
  await whenState(transport, 'live');
  expect(await client.repositories.refresh({ repositoryId: 'a' })).toEqual({});
});

test('a server that no longer accepts this browser shows as signed out', async () => {
  const { server, transport } = await connect(async () => false);
  await whenState(transport, 'live');
  server.stop();
  await whenState(transport, 'signed-out');
});

test('the board is followed again after the connection came back, beginning with a snapshot', async () => {
  const { server, timers, transport, client } = await connect();
  const events: BoardEvent[] = [];
  let onEvent = (): void => {};
  const whenEvents = (count: number) =>
    new Promise<void>((resolve) => {
      onEvent = () => events.length >= count && resolve();
      onEvent();
    });
  const stop = watchBoard(
    client,
    (event) => {
      events.push(event);
      onEvent();
    },
    { after: (_delayMs, callback) => void setImmediate(callback) },
  );
  await whenEvents(1);
  server.stop();
  await whenState(transport, 'lost');
  server.board.panel({ demo: true });
  await server.start();
  (await timers.next()).callback();
  await whenEvents(2);
  expect(events.map((event) => event.kind)).toEqual(['snapshot', 'snapshot']);
  expect(events[1]).toMatchObject({ board: { panel: { demo: true } } });
  await whenWatchers(server.board, 1);
  stop();
  await whenWatchers(server.board, 0);
});
