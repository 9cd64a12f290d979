/** What the demo GitHub does not show: long lists, older servers, answers cut in the middle, foreign certificates. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { systemClock } from '../../platform/clock.ts';
import { gitHubForges } from './client.ts';

type Handler = (request: IncomingMessage, response: ServerResponse, body: string) => void;
const closings: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closings.splice(0)) await close();
});

/** A server on loopback that answers with `handler`; resolves to a client for it. */
async function serve(handler: Handler) {
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => {
      body += chunk;
    });
    request.on('end', () => handler(request, response, body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closings.push(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  const apiUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const forge = gitHubForges({ clock: systemClock, retryBaseMs: 1, timeoutMs: 5000 })({
    apiUrl,
    token: `ghp_${'x'.repeat(36)}`,
  });
  return { forge, apiUrl };
}

function json(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', ...headers });
  response.end(JSON.stringify(body));
}

test('every page is followed, and a runner listed twice counts once', async () => {
  const all = Array.from({ length: 250 }, (_, index) => ({
    id: index + 1,
    name: `r-${index + 1}`,
    os: 'linux',
    status: 'online',
    busy: false,
    labels: [{ name: 'self-hosted' }],
  }));
  const pages: string[] = [];
  const { forge, apiUrl } = await serve((request, response) => {
    const { searchParams } = new URL(request.url ?? '', 'http://x');
    const page = Number(searchParams.get('page'));
    pages.push(`${searchParams.get('page')}/${searchParams.get('per_page')}`);
    const from = page === 1 ? 0 : (page - 1) * 100 - 1;
    const next =
      page < 3
        ? { link: `<${apiUrl}/x?page=${page + 1}>; rel="next", <${apiUrl}/x?page=3>; rel="last"` }
        : {};
    json(
      response,
      200,
      { total_count: 250, runners: all.slice(from, from + 101) },
      next as Record<string, string>,
    );
  });
  const runners = await forge.runners('octo/forge');
  expect(pages).toEqual(['1/100', '2/100', '3/100']);
  expect(runners.map(({ id }) => id)).toEqual(all.map(({ id }) => id));
});

test('an Enterprise Server without run details is asked again without them', async () => {
  const bodies: Record<string, unknown>[] = [];
  const { forge } = await serve((request, response, body) => {
    expect(request.url).toBe('/api/v3/repos/octo/forge/actions/workflows/7/dispatches');
    expect(request.headers['x-github-api-version']).toBe('2022-11-28');
    bodies.push(JSON.parse(body));
    if ('return_run_details' in JSON.parse(body)) {
      json(response, 422, { message: 'Invalid request.\n\n"return_run_details" is not a permitted key.' });
    } else response.writeHead(204).end();
  });
  expect(await forge.dispatch('octo/forge', 7, 'main', { level: 'low' })).toEqual({
    runId: null,
    runUrl: null,
  });
  expect(bodies).toEqual([
    { ref: 'main', inputs: { level: 'low' }, return_run_details: true },
    { ref: 'main', inputs: { level: 'low' } },
  ]);
});

test('an answer cut in the middle is a dropped connection, not half a list', async () => {
  let asked = 0;
  const { forge } = await serve((_, response) => {
    asked += 1;
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' });
    response.write('{"total_count": 2, "runners": [');
    setImmediate(() => response.destroy());
  });
  await expect(forge.runners('octo/forge')).rejects.toMatchObject({
    code: 'FORGE_UNREACHABLE',
    message: expect.stringContaining('was dropped'),
  });
  expect(asked).toBe(3);
});

test('another bucket that is used up does not hold back the rest', async () => {
  const { forge } = await serve((request, response) => {
    const resetsAt = String(Math.ceil(Date.now() / 1000) + 900);
    if (request.method === 'POST') {
      const headers = {
        'x-ratelimit-resource': 'actions_runner_registration',
        'x-ratelimit-limit': '100',
        'x-ratelimit-remaining': '0',
        'x-ratelimit-reset': resetsAt,
      };
      json(response, 403, { message: 'API rate limit exceeded' }, headers);
    } else json(response, 200, { total_count: 0, runners: [] });
  });
  await expect(forge.registrationToken('octo/forge')).rejects.toMatchObject({ code: 'RATE_LIMITED' });
  expect(await forge.runners('octo/forge')).toEqual([]);
  expect(forge.budget()).toBeNull();
});

test('a repository name that is none never leaves this machine', async () => {
  let asked = 0;
  const { forge } = await serve((_, response) => {
    asked += 1;
    json(response, 200, {});
  });
  await expect(forge.runners('octo')).rejects.toMatchObject({ code: 'INVALID_REQUEST' });
  await expect(forge.repository('octo/../../user')).rejects.toMatchObject({ code: 'INVALID_REQUEST' });
  expect(asked).toBe(0);
});
