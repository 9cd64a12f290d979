import { afterEach, expect, test } from 'vitest';
import { attachMessagePort } from '../../electron/doors/message-port.ts';
import { createTestRouter } from '../../electron/doors/test-router.ts';
import { portChannel } from '../../shared/bridge.ts';
import { createClient } from './client.ts';
import { ConnectionLostError } from './connection.ts';
import { createMessagePortTransport, receivePort } from './message-port.ts';

const openPorts: MessagePort[] = [];
afterEach(() => {
  for (const port of openPorts.splice(0)) port.close();
});

function channel(): MessageChannel {
  const made = new MessageChannel();
  openPorts.push(made.port1, made.port2);
  return made;
}

test('calls pass the port, and are refused once it has closed', async () => {
  const { port1, port2 } = channel();
  const engine = createTestRouter();
  attachMessagePort(engine.router, port1);
  const transport = createMessagePortTransport(port2);
  const client = createClient(transport);
  expect(await client.repositories.refresh({ repositoryId: 'a' })).toEqual({});
  expect(transport.state()).toBe('live');

  const pending = client.runners.restart({ runnerId: 'r1' }).catch((error: unknown) => error);
  await client.repositories.refresh({ repositoryId: 'a' });
  port1.close();
  const failure = await pending;
  expect(failure).toBeInstanceOf(ConnectionLostError);
  expect(failure).toMatchObject({ sent: true });
  expect(transport.state()).toBe('lost');
  await expect(client.runners.restart({ runnerId: 'r1' })).rejects.toMatchObject({ sent: false });
  expect(engine.restarts()).toBe(1);
});

/** The part of a window that hands messages to listeners; `source` is who sent it. */
function createPage() {
  const target = new EventTarget();
  const page = target as unknown as Window;
  const say = (data: unknown, source: unknown, ports: MessagePort[]): void => {
    target.dispatchEvent(Object.assign(new Event('message'), { data, source, ports }));
  };
  return { page, say };
}

test('a port is taken only from a message of the page itself with the right name', async () => {
  const { page, say } = createPage();
  const wrong = channel().port1;
  const right = channel().port1;
  let asked = 0;
  const received = receivePort(page, () => {
    asked += 1;
  });
  say(portChannel, null, [wrong]);
  say('something else', page, [wrong]);
  say(portChannel, page, []);
  say(portChannel, page, [right]);
  expect(await received).toBe(right);
  expect(asked).toBe(1);
});
