import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { type IncomingHttpHeaders, request } from 'node:http';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/websocket';
import type { ContractRouterClient } from '@orpc/contract';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import type { contract } from '../../shared/contract.ts';
import { createTestRouter, whenWatchers } from '../doors/test-router.ts';
import { createManualClock } from '../platform/clock.ts';
import { linkLifetimeMs } from './admission.ts';
import { type PanelServer, startPanelServer } from './server.ts';

let folder: string;
let staticFolder: string;
/** A page that must never be shown as one. */
const savedName = 'Bericht für “alle” (2).html';
const servers: PanelServer[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'panel-server-'));
  staticFolder = join(folder, 'page');
  await mkdir(join(staticFolder, 'assets'), { recursive: true });
  await writeFile(join(folder, 'secret.txt'), 'outside');
  await writeFile(join(folder, savedName), '<script>alert(1)</script>');
  await writeFile(join(staticFolder, 'index.html'), '<title>Panel</title>');
  await writeFile(join(staticFolder, '.hidden'), 'hidden');
  await writeFile(join(staticFolder, 'assets', 'main-1a2b3c.js'), 'export {};');
});
afterAll(() => rm(folder, { recursive: true }));
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

async function start() {
  const engine = createTestRouter();
  const clock = createManualClock();
  const findDownload = (id: string) => {
    if (id === 'gone') return { path: join(folder, 'gone.zip'), name: 'gone.zip' };
    return id === 'known' ? { path: join(folder, savedName), name: savedName } : null;
  };
  const server = await startPanelServer({
    ...{ router: engine.router, staticFolder, port: 0, clock, findDownload },
  });
  servers.push(server);
  return { ...engine, server, clock, host: `127.0.0.1:${server.port}` };
}

interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  body: string;
}

/** Sends exactly this path and these headers; nothing is normalised on the way. */
function get(server: PanelServer, path: string, headers: Record<string, string> = {}, method = 'GET') {
  return new Promise<Answer>((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port: server.port, path, method, headers }, (response) => {
      let body = '';
      response.setEncoding('utf8');
      response.on('data', (chunk) => {
        body += chunk;
      });
      response.on('end', () => {
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body });
      });
    });
    sent.on('error', reject);
    sent.end();
  });
}

/** Opens a link as a browser would and returns the cookie it sets. */
async function signIn(server: PanelServer): Promise<string> {
  const link = new URL(server.newLink());
  const answer = await get(server, link.pathname + link.search);
  expect(answer.status).toBe(303);
  return answer.headers['set-cookie']?.[0]?.split(';')[0] ?? '';
}

/** Opens a WebSocket; resolves with it, or with the status that refused it. */
function upgrade(server: PanelServer, headers: Record<string, string>): Promise<WebSocket | number> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(`ws://127.0.0.1:${server.port}/rpc`, { headers });
    socket.on('open', () => resolve(socket));
    socket.on('unexpected-response', (_request, response) => {
      resolve(response.statusCode ?? 0);
      response.destroy();
    });
    socket.on('error', reject);
  });
}

test('a link is swapped for a cookie, stripped from the address, and opens the panel', async () => {
  const { server } = await start();
  const link = new URL(server.newLink());
  expect(link.origin).toBe(`http://127.0.0.1:${server.port}`);
  const entered = await get(server, link.pathname + link.search);
  expect(entered.status).toBe(303);
  expect(entered.headers.location).toBe('/entered');
  const cookie = entered.headers['set-cookie']?.[0] ?? '';
  expect(cookie).toMatch(
    new RegExp(`^trackside-${server.port}=[\\w-]{43}; Path=/; HttpOnly; SameSite=Strict$`),
  );
  expect(cookie).not.toContain(link.searchParams.get('token'));
  const session = { cookie: cookie.split(';')[0] ?? '' };
  expect(await get(server, '/entered', session)).toMatchObject({ status: 303, headers: { location: '/' } });
  const panel = await get(server, '/', session);
  expect(panel).toMatchObject({ status: 200, body: '<title>Panel</title>' });
});

test('a browser that does not send the new cookie yet is led on by a page of ours', async () => {
  const { server } = await start();
  const answer = await get(server, '/entered');
  expect(answer.status).toBe(200);
  expect(answer.body).toContain('<meta http-equiv="refresh" content="0;url=/">');
  expect(answer.body).not.toContain('Panel</title>');
});

test('a used link is refused with the way to a new one', async () => {
  const { server } = await start();
  const { pathname, search } = new URL(server.newLink());
  await get(server, pathname + search);
  const again = await get(server, pathname + search);
  expect(again.status).toBe(403);
  expect(again.body).toContain('This link is no longer good');
  expect(again.body).toContain('press <kbd>Enter</kbd>');
  expect(again.headers['set-cookie']).toBeUndefined();
});

test('a used link leads a browser that is signed in already to the panel', async () => {
  const { server } = await start();
  const { pathname, search } = new URL(server.newLink());
  const first = await get(server, pathname + search);
  const cookie = first.headers['set-cookie']?.[0]?.split(';')[0] ?? '';
  expect(await get(server, pathname + search, { cookie })).toMatchObject({ status: 303 });
});

test('a link that is too old is refused', async () => {
  const { server, clock } = await start();
  const { pathname, search } = new URL(server.newLink());
  await clock.advance(linkLifetimeMs);
  expect((await get(server, pathname + search)).status).toBe(403);
});

test('asking for the head of a link does not spend it', async () => {
  const { server } = await start();
  const { pathname, search } = new URL(server.newLink());
  expect((await get(server, pathname + search, {}, 'HEAD')).status).not.toBe(303);
  expect((await get(server, pathname + search)).status).toBe(303);
});

test.each(['/', '/index.html', '/assets/main-1a2b3c.js', '/session', '/nothing', '/rpc'])(
  'without a session %s is refused',
  async (path) => {
    const { server } = await start();
    for (const cookie of ['', `trackside-${server.port}=${'A'.repeat(43)}`, 'trackside-1=x']) {
      const answer = await get(server, path, cookie ? { cookie } : {});
      expect(answer.status).toBe(401);
      expect(answer.body).toContain('This browser is not signed in');
    }
  },
);

test('a session of another server does not open this one', async () => {
  const [one, other] = [await start(), await start()];
  const cookie = await signIn(one.server);
  const renamed = cookie.replace(String(one.server.port), String(other.server.port));
  expect((await get(one.server, '/', { cookie })).status).toBe(200);
  expect((await get(other.server, '/', { cookie: `${cookie}; ${renamed}` })).status).toBe(401);
});

test('only the names of this machine are answered to', async () => {
  const { server } = await start();
  const cookie = await signIn(server);
  for (const host of [`127.0.0.1:${server.port}`, `localhost:${server.port}`, `LocalHost:${server.port}`]) {
    expect((await get(server, '/', { cookie, host })).status).toBe(200);
  }
  const refused = [
    `evil.example:${server.port}`,
    `127.0.0.1.evil.example:${server.port}`,
    `localhost.evil.example:${server.port}`,
    '127.0.0.1',
    'localhost:1',
    `127.0.0.1:${server.port}0`,
    `0.0.0.0:${server.port}`,
    `user@127.0.0.1:${server.port}`,
  ];
  for (const host of refused) {
    const answer = await get(server, '/', { cookie, host });
    expect(answer.status).toBe(421);
    expect(answer.body).toContain(`http://127.0.0.1:${server.port}`);
  }
});

test('a link under another host does not sign anybody in', async () => {
  const { server } = await start();
  const { pathname, search } = new URL(server.newLink());
  const answer = await get(server, pathname + search, { host: `evil.example:${server.port}` });
  expect(answer.status).toBe(421);
  expect((await get(server, pathname + search)).status).toBe(303);
});

test('whatever does not only read needs the page’s own origin', async () => {
  const { server, host } = await start();
  const cookie = await signIn(server);
  for (const origin of [
    `http://evil.example`,
    `https://${host}`,
    `http://localhost:${server.port}`,
    'null',
  ]) {
    expect((await get(server, '/', { cookie, origin }, 'POST')).status).toBe(403);
  }
  expect((await get(server, '/', { cookie }, 'POST')).status).toBe(403);
  expect((await get(server, '/', { cookie, origin: `http://${host}` }, 'POST')).status).toBe(404);
});

test('a WebSocket needs the session, the origin and the host', async () => {
  const { server, host } = await start();
  const cookie = await signIn(server);
  const origin = `http://${host}`;
  expect(await upgrade(server, { origin })).toBe(401);
  expect(await upgrade(server, { cookie })).toBe(403);
  expect(await upgrade(server, { cookie, origin: 'http://evil.example' })).toBe(403);
  expect(await upgrade(server, { cookie, origin: `${origin}.evil.example` })).toBe(403);
  const evil = `evil.example:${server.port}`;
  expect(await upgrade(server, { cookie, origin: `http://${evil}`, host: evil })).toBe(421);
  const socket = await upgrade(server, { cookie, origin });
  expect(socket).toBeInstanceOf(WebSocket);
});

async function connect(server: PanelServer) {
  const cookie = await signIn(server);
  const socket = await upgrade(server, { cookie, origin: `http://127.0.0.1:${server.port}` });
  if (!(socket instanceof WebSocket)) throw new Error(`The upgrade was refused with ${socket}.`);
  const client: ContractRouterClient<typeof contract> = createORPCClient(
    new RPCLink({ websocket: socket as unknown as globalThis.WebSocket }),
  );
  return { socket, client };
}

test('the WebSocket serves the contract and gives up its subscriptions when it closes', async () => {
  const { server, board } = await start();
  const { socket, client } = await connect(server);
  const stream = await client.board.watch();
  expect((await stream.next()).value).toMatchObject({ kind: 'snapshot' });
  expect(board.watchers()).toBe(1);
  socket.close();
  await whenWatchers(board, 0);
});

test('a message over the limit closes the WebSocket', async () => {
  const { server } = await start();
  const { socket } = await connect(server);
  socket.on('error', () => {});
  socket.send('x'.repeat(1024 * 1024 + 1));
  const [code] = await once(socket, 'close');
  expect(code).toBe(1009);
});

test('closing the server cuts its sockets and ends their subscriptions', async () => {
  const { server, board } = await start();
  const { socket, client } = await connect(server);
  await (await client.board.watch()).next();
  const cut = once(socket, 'close');
  await server.close();
  await cut;
  await whenWatchers(board, 0);
});

test.each([
  '/../secret.txt',
  '/%2e%2e/secret.txt',
  '/%2e%2e%2fsecret.txt',
  '/..%2fsecret.txt',
  '/..%5csecret.txt',
  '/assets/../../secret.txt',
  '/assets/..%2f..%2fsecret.txt',
  '//secret.txt',
  '/%00',
  '/%252e%252e%252fsecret.txt',
  '/.hidden',
  '/%zz',
])('%s shows nothing outside the panel’s files', async (path) => {
  const { server } = await start();
  const cookie = await signIn(server);
  const answer = await get(server, path, { cookie });
  expect(answer.status).toBeGreaterThanOrEqual(400);
  expect(answer.status).toBeLessThan(500);
  expect(answer.body).not.toContain('outside');
  expect(answer.body).not.toContain('hidden');
});

test('every answer carries the policy of the page', async () => {
  const { server } = await start();
  const cookie = await signIn(server);
  for (const answer of [
    await get(server, '/', { cookie }),
    await get(server, '/'),
    await get(server, '/x'),
  ]) {
    const policy = String(answer.headers['content-security-policy']);
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self';");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toContain('unsafe');
    expect(answer.headers['x-content-type-options']).toBe('nosniff');
    expect(answer.headers['referrer-policy']).toBe('no-referrer');
    expect(answer.headers['strict-transport-security']).toBeUndefined();
  }
});

test('files whose name holds a hash are kept, others are asked for again', async () => {
  const { server } = await start();
  const cookie = await signIn(server);
  const hashed = await get(server, '/assets/main-1a2b3c.js', { cookie });
  expect(hashed.headers['cache-control']).toBe('private, max-age=31536000, immutable');
  expect(hashed.headers['content-type']).toMatch(/javascript/);
  const page = await get(server, '/', { cookie });
  expect(page.headers['cache-control']).toBe('no-cache');
  const unchanged = await get(server, '/', { cookie, 'if-none-match': String(page.headers.etag) });
  expect(unchanged.status).toBe(304);
});

const savedPath = `/downloads/known/${encodeURIComponent(savedName)}`;

test('a saved file is handed out to be kept, under its own name, and never shown', async () => {
  const { server } = await start();
  const cookie = await signIn(server);
  const answer = await get(server, savedPath, { cookie });
  expect(answer).toMatchObject({ status: 200, body: '<script>alert(1)</script>' });
  expect(answer.headers).toMatchObject({
    'content-disposition': 'attachment',
    'content-type': 'application/octet-stream',
    'content-length': '25',
    'x-content-type-options': 'nosniff',
    'cache-control': 'no-store',
  });
});

test.each([
  ['without a session', savedPath, {}, 401],
  ['under a foreign name', savedPath, { host: 'evil.example' }, 421],
  ['with a session of somebody else', savedPath, { cookie: 'trackside-1=x' }, 401],
])('no saved file is handed out %s', async (_case, path, headers, status) => {
  const { server } = await start();
  await signIn(server);
  const answer = await get(server, path, headers);
  expect(answer.status).toBe(status);
  expect(answer.body).not.toContain('alert');
});

test.each([
  '/downloads/unknown/gone.zip',
  '/downloads/gone/gone.zip',
  '/downloads/known/other.html',
  '/downloads/known/',
  '/downloads/known/..%2fsecret.txt',
  '/downloads/..%2f..%2fsecret.txt',
])('%s hands out nothing', async (path) => {
  const { server } = await start();
  const answer = await get(server, path, { cookie: await signIn(server) });
  expect(answer.status).toBe(404);
  expect(answer.body).not.toContain('outside');
});

test('a saved file cannot be asked for by another page, whatever the method', async () => {
  const { server, host } = await start();
  const headers = { cookie: await signIn(server), host, origin: 'http://evil.example' };
  expect((await get(server, savedPath, headers, 'POST')).status).toBe(403);
});

test('a port in use is told with the way out', async () => {
  const other = createServer();
  other.listen(0, '127.0.0.1');
  await once(other, 'listening');
  const address = other.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  const { router } = createTestRouter();
  await expect(startPanelServer({ router, staticFolder, port })).rejects.toMatchObject({
    code: 'CONFLICT',
    message: `Port ${port} of this machine is in use by another program.`,
    data: { remedy: expect.stringContaining('--port') },
  });
  other.close();
});
