import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/websocket';
import type { ContractRouterClient } from '@orpc/contract';
import { afterEach, expect, test } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import type { BoardEvent } from '../../shared/board.ts';
import type { contract } from '../../shared/contract.ts';
import { createManualClock } from '../platform/clock.ts';
import { createTestRouter, whenWatchers } from './test-router.ts';
import { attachWebSocket, pingPeriodMs } from './web-socket.ts';

const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

async function open(clientOptions: { autoPong?: boolean } = {}) {
  const httpServer = createServer();
  const sockets = new WebSocketServer({ server: httpServer });
  httpServer.listen(0, '127.0.0.1');
  await once(httpServer, 'listening');
  const { port } = httpServer.address() as AddressInfo;
  const test = createTestRouter();
  const clock = createManualClock();
  const faults: unknown[] = [];
  const accepted = once(sockets, 'connection') as Promise<[WebSocket]>;
  const socket = new WebSocket(`ws://127.0.0.1:${port}`, clientOptions);
  const [served] = await accepted;
  attachWebSocket(test.router, served, { clock, reportFault: (error) => faults.push(error) });
  await once(socket, 'open');
  closers.push(() => {
    socket.terminate();
    sockets.close();
    httpServer.close();
  });
  const client: ContractRouterClient<typeof contract> = createORPCClient(
    new RPCLink({ websocket: socket as unknown as globalThis.WebSocket }),
  );
  return { ...test, clock, socket, served, client, faults };
}

function newestFolder(event: BoardEvent): string | undefined {
  if (event.kind === 'snapshot') return event.board.panel.dataFolder;
  const change = event.changes.at(-1);
  return change?.kind === 'panel' ? change.state.dataFolder : undefined;
}

test('calls and the board stream pass a real socket', async () => {
  const { client } = await open();
  const stream = await client.board.watch();
  expect((await stream.next()).value).toMatchObject({ kind: 'snapshot', sequence: 0 });
  await client.repositories.refresh({ repositoryId: 'a' });
  expect((await stream.next()).value).toMatchObject({ kind: 'changes', sequence: 1 });
  await expect(client.runners.start({ runnerId: 'r9' })).rejects.toMatchObject({
    code: 'UNKNOWN',
    defined: true,
  });
});

test('a socket that breaks ends its subscriptions at the engine', async () => {
  const { client, socket, board } = await open();
  const stream = await client.board.watch();
  await stream.next();
  expect(board.watchers()).toBe(1);
  socket.terminate();
  await whenWatchers(board, 0);
});

test('a slow reader holds the stream back and gets a snapshot instead of a backlog', async () => {
  const { client, socket, served, board } = await open();
  const stream = await client.board.watch();
  await stream.next();
  socket.pause();
  const text = 'x'.repeat(64 * 1024);
  const mostBuffered = { bytes: 0 };
  for (let step = 0; step < 3000; step++) {
    board.panel({ dataFolder: `${step}${text}` });
    await new Promise((resolve) => setImmediate(resolve));
    mostBuffered.bytes = Math.max(mostBuffered.bytes, served.bufferedAmount);
  }
  socket.resume();
  let snapshots = 0;
  for await (const event of stream) {
    if (event.kind === 'snapshot') snapshots += 1;
    if (newestFolder(event)?.startsWith('2999x')) break;
  }
  expect(snapshots).toBe(1);
  expect(mostBuffered.bytes).toBeLessThan(8 * 1024 * 1024);
});

test('a peer that stops answering pings is cut off', async () => {
  const { client, socket, board, clock } = await open({ autoPong: false });
  const stream = await client.board.watch();
  await stream.next();
  const pinged = once(socket, 'ping');
  await clock.advance(pingPeriodMs);
  await pinged;
  expect(board.watchers()).toBe(1);
  const closed = once(socket, 'close');
  await clock.advance(pingPeriodMs);
  await closed;
  await whenWatchers(board, 0);
});

test('a peer that answers pings stays', async () => {
  const { served, clock, client } = await open();
  for (let round = 0; round < 3; round++) {
    const answered = once(served, 'pong');
    await clock.advance(pingPeriodMs);
    await answered;
  }
  expect(await client.repositories.refresh({ repositoryId: 'a' })).toEqual({});
});

test.each([
  ['text that is no call', 'hello'],
  ['binary', Buffer.from([1, 2, 3])],
])('%s closes the socket', async (_name, message) => {
  const { socket } = await open();
  socket.send(message);
  const [code] = await once(socket, 'close');
  expect(code).toBe(1008);
});
