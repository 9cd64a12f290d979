import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createForgeClock, type ForgeClock } from './forge-clock.ts';

const now = Date.UTC(2026, 10, 24, 12);
let server: Server;
let url: string;
let date: string | null;
let forgeClock: ForgeClock;

beforeEach(async () => {
  server = createServer((_request, response) => {
    response.sendDate = false;
    if (date !== null) response.setHeader('date', date);
    response.end('{}');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/v3`;
  forgeClock = createForgeClock({ clock: { now: () => now } });
});
afterEach(() => {
  forgeClock.dispose();
  server.closeAllConnections();
  server.close();
});

test.each([
  ['ten minutes behind', now + 600_000, -600_000],
  ['one minute ahead', now - 60_000, 60_000],
])('%s', async (_what, serverTime, skew) => {
  expect(forgeClock.skewMs(url)).toBeNull();
  date = new Date(serverTime).toUTCString();
  await fetch(url);
  expect(forgeClock.skewMs(`${new URL(url).origin}/other`)).toBe(skew);
  expect(forgeClock.skewMs('https://api.github.com')).toBeNull();
});

test.each([null, 'yesterday'])('an answer dated %s tells nothing', async (value) => {
  date = value;
  await fetch(url);
  expect(forgeClock.skewMs(url)).toBeNull();
});

test('nothing is learned after the end', async () => {
  forgeClock.dispose();
  date = new Date(now).toUTCString();
  await fetch(url);
  expect(forgeClock.skewMs(url)).toBeNull();
});
