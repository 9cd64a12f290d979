/** Logs and archives from a forge that keeps them elsewhere: what the demo GitHub does not show. */
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, expect, test } from 'vitest';
import { createManualClock, systemClock } from '../../platform/clock.ts';
import type { Forge } from '../forge.ts';
import { gitHubForges } from './client.ts';

const closings: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closings.splice(0)) await close();
});

/** A server on loopback; resolves to its address. */
async function serve(handler: RequestListener): Promise<string> {
  const server = createServer(handler);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closings.push(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** A forge that answers with a link to `store`. */
async function linking(store: RequestListener, clock = systemClock): Promise<Forge> {
  const location = `${await serve(store)}/log?sig=s`;
  const apiUrl = await serve((_, response) => response.writeHead(302, { location }).end());
  return forgeAt(apiUrl, clock);
}

function forgeAt(apiUrl: string, clock = systemClock): Forge {
  const createForge = gitHubForges({ clock, retryBaseMs: 1, timeoutMs: 5000 });
  return createForge({ apiUrl, token: `ghp_${'x'.repeat(36)}` });
}

test('a log is followed to where it is kept, without the token', async () => {
  let tokenSent: string | undefined = 'not asked';
  const forge = await linking((request, response) => {
    tokenSent = request.headers.authorization;
    response.writeHead(200, { 'content-length': '30' }).end('2026-01-01T00:00:00Z ümläut\n');
  });
  const { stream, sizeBytes } = await forge.jobLog('octo/forge', 1);
  expect(sizeBytes).toBe(30);
  expect(await text(stream)).toBe('2026-01-01T00:00:00Z ümläut\n');
  expect(tokenSent).toBeUndefined();
});

test('the bytes are handed on as they come', async () => {
  let release = (): void => {};
  const forge = await linking((_, response) => {
    response.writeHead(200).write('first ');
    release = () => response.end('last');
  });
  const { stream, sizeBytes } = await forge.artifact('octo/forge', 1);
  expect(sizeBytes).toBeNull();
  const read: string[] = [];
  for await (const chunk of stream) {
    read.push(String(chunk));
    release();
  }
  expect(read).toEqual(['first ', 'last']);
});

test('a server that has the thing itself is read as well', async () => {
  const forge = forgeAt(
    await serve((_, response) => {
      response.writeHead(200, { 'content-type': 'text/plain', 'content-length': '3' }).end('log');
    }),
  );
  const { stream, sizeBytes } = await forge.jobLog('octo/forge', 1);
  expect([await text(stream), sizeBytes]).toEqual(['log', 3]);
});

test('what stumbles is asked for again, what is gone is told', async () => {
  const answers = [503, 200, 404];
  const forge = await linking((_, response) => response.writeHead(answers.shift() ?? 500).end('ok'));
  expect(await text((await forge.jobLog('octo/forge', 1)).stream)).toBe('ok');
  await expect(forge.jobLog('octo/forge', 1)).rejects.toMatchObject({ code: 'UNKNOWN' });
  expect(answers).toEqual([]);

  const expired = forgeAt(
    await serve((_, response) => {
      response
        .writeHead(410, { 'content-type': 'application/json' })
        .end('{"message":"Artifact has expired"}');
    }),
  );
  await expect(expired.artifact('octo/forge', 7)).rejects.toMatchObject({
    code: 'UNKNOWN',
    message: expect.stringContaining('Artifact 7 of octo/forge is not kept any more'),
  });
});

test('a connection lost half-way is an error of the stream', async () => {
  const forge = await linking((_, response) => {
    response.writeHead(200, { 'content-length': '1000' }).write('half');
    setImmediate(() => response.destroy());
  });
  const { stream } = await forge.jobLog('octo/forge', 1);
  await expect(text(stream)).rejects.toMatchObject({
    code: 'FORGE_UNREACHABLE',
    message: expect.stringContaining('was dropped'),
  });
});

test('a connection that brings nothing for a minute is given up', async () => {
  const clock = createManualClock(0);
  const forge = await linking((_, response) => void response.writeHead(200).write('half'), clock);
  const { stream } = await forge.jobLog('octo/forge', 1);
  const read = stream[Symbol.asyncIterator]();
  expect(String((await read.next()).value)).toBe('half');
  const next = read.next();
  next.catch(() => {});
  await clock.advance(60_000);
  await expect(next).rejects.toMatchObject({ message: expect.stringContaining('did not answer in time') });
});

test('who leaves gets its own reason, and the connection is closed', async () => {
  let closed = (): void => {};
  const isClosed = new Promise<void>((resolve) => {
    closed = resolve;
  });
  const forge = await linking((_, response) => {
    response.on('close', closed);
    response.writeHead(200).write('half');
  });
  const abort = new AbortController();
  const { stream } = await forge.jobLog('octo/forge', 1, abort.signal);
  const read = text(stream);
  abort.abort(new Error('left'));
  await expect(read).rejects.toThrow('left');
  await isClosed;
});
