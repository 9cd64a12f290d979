import { createORPCClient, ORPCError } from '@orpc/client';
import { RPCLink } from '@orpc/client/message-port';
import type { ContractRouterClient } from '@orpc/contract';
import { afterEach, expect, test } from 'vitest';
import type { BoardEvent } from '../../shared/board.ts';
import type { contract } from '../../shared/contract.ts';
import { attachMessagePort } from './message-port.ts';
import { createTestRouter, plantedSecret, whenWatchers } from './test-router.ts';

const openPorts: MessagePort[] = [];
afterEach(() => {
  for (const port of openPorts.splice(0)) port.close();
});

function open() {
  const { port1, port2 } = new MessageChannel();
  openPorts.push(port1, port2);
  const server = createTestRouter();
  const faults: { error: unknown; procedure: string }[] = [];
  attachMessagePort(server.router, port1, {
    reportFault: (error, procedure) => faults.push({ error, procedure }),
  });
  const client: ContractRouterClient<typeof contract> = createORPCClient(new RPCLink({ port: port2 }));
  port2.start();
  return { ...server, client, port: port2, faults };
}

async function failureOf(call: Promise<unknown>): Promise<ORPCError<string, unknown>> {
  const failure = await call.then(
    () => null,
    (error: unknown) => error,
  );
  if (!(failure instanceof ORPCError)) throw new Error(`Expected a refusal, got ${String(failure)}`);
  return failure;
}

test('a named error arrives with its code, sentence, remedy and field', async () => {
  const { client, faults } = open();
  const failure = await failureOf(client.runners.start({ runnerId: 'r9' }));
  expect(failure.toJSON()).toEqual({
    defined: true,
    code: 'UNKNOWN',
    status: 404,
    message: 'There is no runner r9.',
    data: { remedy: 'Reload the panel.', field: 'runnerId' },
  });
  expect(faults).toEqual([]);
});

test('a fault is reported here and tells the client nothing of its inside', async () => {
  const { client, faults } = open();
  const failure = await failureOf(client.runners.stop({ runnerId: 'r1', how: 'drain' }));
  expect(failure.code).toBe('INTERNAL_SERVER_ERROR');
  expect(failure.message).toContain('runners.stop');
  expect(JSON.stringify(failure)).not.toContain(plantedSecret);
  expect(faults).toHaveLength(1);
  expect(String(faults[0]?.error)).toContain(plantedSecret);
});

test('input that does not fit the contract is refused with the name of the field', async () => {
  const { client } = open();
  const wrong = { runnerId: 7, how: 'drain' } as unknown as { runnerId: string; how: 'drain' };
  const failure = await failureOf(client.runners.stop(wrong));
  expect(failure.code).toBe('INVALID_REQUEST');
  expect(failure.message).toContain('“runnerId”');
  expect(failure.data).toEqual({ remedy: null, field: 'runnerId' });
});

test('an error thrown within an event stream keeps its code', async () => {
  const { client } = open();
  const reports = await client.connections.check({ token: 'x', apiUrl: null, repository: null });
  const failure = await failureOf(reports.next());
  expect(failure.code).toBe('TOKEN_REFUSED');
  expect(failure.data).toEqual({ remedy: null, field: 'token' });
});

test('the board begins with a snapshot and goes on with consecutive sequence numbers', async () => {
  const { client } = open();
  const events: BoardEvent[] = [];
  for await (const event of await client.board.watch()) {
    events.push(event);
    if (events.length === 5) break;
    await client.repositories.refresh({ repositoryId: 'a' });
  }
  expect(events.map((event) => event.kind)).toEqual(['snapshot', 'changes', 'changes', 'changes', 'changes']);
  const first = events[0]?.sequence ?? Number.NaN;
  expect(events.map((event) => event.sequence)).toEqual([0, 1, 2, 3, 4].map((step) => first + step));
});

test('a subscription that the client gives up ends at the engine', async () => {
  const { client, board } = open();
  const stream = await client.board.watch();
  await stream.next();
  expect(board.watchers()).toBe(1);
  await stream.return?.();
  await whenWatchers(board, 0);
});

test('a port that closes ends its subscriptions at the engine', async () => {
  const { client, board, port } = open();
  const stream = await client.board.watch();
  await stream.next();
  expect(board.watchers()).toBe(1);
  port.close();
  await whenWatchers(board, 0);
});

test.each([
  ['no text', { i: '1', p: { u: '/runners/start' } }],
  ['no JSON', 'hello'],
  ['no address', JSON.stringify({ i: '1', p: {} })],
  ['a full address', JSON.stringify({ i: '1', p: { u: 'http://elsewhere/' } })],
  ['a file', JSON.stringify({ i: '1', p: { u: '/a', h: { 'content-disposition': 'x' } } })],
  ['too long', JSON.stringify({ i: '1', p: { u: '/a', b: { json: 'x'.repeat(1024 * 1024) } } })],
])('a malformed message (%s) is dropped and the next call still answered', async (_name, message) => {
  const { client, port, faults } = open();
  port.postMessage(message);
  const answer = await client.repositories.refresh({ repositoryId: 'a' });
  expect(answer).toEqual({});
  expect(faults.map((fault) => fault.procedure)).toEqual(['MessagePort']);
});
