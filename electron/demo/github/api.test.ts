import { request } from 'node:http';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createManualClock, type ManualClock } from '../../platform/clock.ts';
import { type StartedDemo, startForTest } from './testing/started.ts';

let started: StartedDemo;
let clock: ManualClock;
beforeEach(async () => {
  clock = createManualClock();
  started = await startForTest({ clock, random: () => 0.4 });
});
afterEach(() => started.stop());

/** A request whose headers fetch would not let us choose. */
function rawGet(path: string, headers: Record<string, string>): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    request(`${started.demo.url}${path}`, { headers }, (response) => {
      response.resume();
      resolve(response.statusCode);
    })
      .on('error', reject)
      .end();
  });
}

test('an unchanged answer is 304 and costs nothing of the budget', async () => {
  const first = await started.rest('GET', '/repos/octo/forge');
  const etag = first.headers.get('etag') ?? '';
  expect(etag).toMatch(/^W\/"/);
  const second = await started.rest('GET', '/repos/octo/forge', { headers: { 'If-None-Match': etag } });
  expect([second.status, second.text]).toEqual([304, '']);
  expect(first.headers.get('x-ratelimit-remaining')).toBe('4999');
  expect(second.headers.get('x-ratelimit-remaining')).toBe('4999');
  expect(started.demo.counters()).toEqual({ charged: 1, notModified: 1, total: 2 });
  const other = await started.rest('GET', '/repos/octo/empty', { headers: { 'If-None-Match': etag } });
  expect(other.status).toBe(200);
});

test('the budget runs out, says when it is back, and is back then', async () => {
  started.demo.faults.set({ kind: 'primary-limit', count: 1 });
  const refused = await started.rest('GET', '/user');
  expect([refused.status, refused.headers.get('x-ratelimit-remaining')]).toEqual([403, '0']);
  expect(refused.body.message).toContain('API rate limit exceeded');
  expect((await started.rest('GET', '/user')).status).toBe(403);
  expect((await started.rest('GET', '/rate_limit')).status).toBe(200);
  const reset = Number(refused.headers.get('x-ratelimit-reset')) * 1000;
  await clock.advance(reset - clock.now() + 1000);
  expect((await started.rest('GET', '/user')).status).toBe(200);
});

test('lists come in pages that link to each other', async () => {
  const first = await started.rest<{ full_name: string }[]>('GET', '/user/repos?per_page=2');
  expect(first.body.map((one) => one.full_name)).toEqual(['acme-corp/showcase', 'octo/empty']);
  const link = first.headers.get('link') ?? '';
  const next = /<([^>]+)>; rel="next"/.exec(link)?.[1] ?? '';
  expect(link).toContain('rel="last"');
  const second = await started.rest<{ full_name: string }[]>('GET', next.slice(started.demo.url.length));
  expect(second.body.map((one) => one.full_name)).toEqual(['octo/forge', 'octo/open-forge']);
  expect(second.headers.get('link')).toContain('rel="prev"');
});

test('secondary limits come as 403 and 429 with retry-after', async () => {
  started.demo.faults.set({ kind: 'secondary-limit', count: 1, retryAfterSeconds: 7 });
  const forbidden = await started.rest('GET', '/user');
  expect([forbidden.status, forbidden.headers.get('retry-after')]).toEqual([403, '7']);
  started.demo.faults.set({ kind: 'too-many-requests', count: 1 });
  const tooMany = await started.rest('GET', '/user');
  expect([tooMany.status, tooMany.headers.get('retry-after')]).toEqual([429, '60']);
  expect((await started.rest('GET', '/user')).status).toBe(200);
});

test('server errors strike by count, by path and by share', async () => {
  started.demo.faults.set({ kind: 'server-error', pathPattern: '/actions/runners$', count: 2, status: 503 });
  const statuses: number[] = [];
  for (let round = 0; round < 3; round += 1) {
    statuses.push((await started.rest('GET', '/repos/octo/forge/actions/runners')).status);
  }
  expect(statuses).toEqual([503, 503, 200]);
  started.demo.faults.set({ kind: 'server-error', share: 0.3 });
  expect((await started.rest('GET', '/user')).status).toBe(200);
  started.demo.faults.clear();
  started.demo.faults.set({ kind: 'server-error', share: 0.5 });
  expect((await started.rest('GET', '/user')).status).toBe(502);
});

test('connections drop, and answers take their time on the clock', async () => {
  started.demo.faults.set({ kind: 'dropped-connection', count: 1 });
  await expect(started.rest('GET', '/user')).rejects.toThrow('fetch failed');
  started.demo.faults.set({ kind: 'latency', delayMs: 5000, count: 1 });
  let isAnswered = false;
  const answer = started.rest('GET', '/user').finally(() => {
    isAnswered = true;
  });
  while (started.demo.faults.list().length > 0) await new Promise((resolve) => setImmediate(resolve));
  expect(isAnswered).toBe(false);
  await clock.advance(5000);
  expect((await answer).status).toBe(200);
});

test('faults are set over HTTP with the full token only', async () => {
  const refused = await started.rest('PUT', '/_demo/faults', { token: null, body: { kind: 'latency' } });
  expect(refused.status).toBe(401);
  const set = await started.rest('PUT', '/_demo/faults', {
    body: { kind: 'server-error', pathPrefix: '/user' },
  });
  expect(set.body).toMatchObject({ faults: [{ kind: 'server-error', pathPrefix: '/user', struck: 0 }] });
  expect((await started.rest('GET', '/user')).status).toBe(502);
  expect((await started.rest('PUT', '/_demo/faults', { body: { kind: 'nonsense' } })).status).toBe(422);
  expect((await started.rest('DELETE', '/_demo/faults')).status).toBe(204);
  expect((await started.rest('GET', '/user')).status).toBe(200);
});

test('another host name, a request without user agent and an unknown API version are refused', async () => {
  const authorization = `Bearer ${started.demo.token}`;
  expect(await rawGet('/user', { host: 'evil.example', authorization, 'user-agent': 'test' })).toBe(421);
  expect(await rawGet('/user', { authorization })).toBe(403);
  expect(await rawGet('/user', { host: 'api.github.localhost', authorization, 'user-agent': 'test' })).toBe(
    200,
  );
  const version = await started.rest('GET', '/user', { headers: { 'X-GitHub-Api-Version': '2019-01-01' } });
  expect(version.status).toBe(400);
});

test('bad JSON is 400 and an unknown path is 404', async () => {
  const bad = await fetch(`${started.demo.url}/repos/octo/forge/actions/workflows/quick.yml/dispatches`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${started.demo.token}` },
    body: '{',
  });
  expect([bad.status, (await bad.json()).message]).toEqual([400, 'Problems parsing JSON']);
  expect((await started.rest('GET', '/no/such/path')).status).toBe(404);
});

test('links follow the host by which the client came', async () => {
  const body = await new Promise<string>((resolve, reject) => {
    const headers = {
      host: 'api.github.localhost',
      authorization: `Bearer ${started.demo.token}`,
      'user-agent': 'test',
    };
    request(`${started.demo.url}/repos/octo/forge`, { headers }, async (response) => {
      let text = '';
      for await (const chunk of response) text += chunk;
      resolve(text);
    })
      .on('error', reject)
      .end();
  });
  expect(JSON.parse(body)).toMatchObject({
    html_url: 'http://github.localhost/octo/forge',
    url: 'http://api.github.localhost/repos/octo/forge',
  });
});
