import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { type StartedDemo, startForTest } from '../../demo/github/testing/started.ts';
import { systemClock } from '../../platform/clock.ts';
import { gitHubForges } from './client.ts';

let started: StartedDemo;
beforeAll(async () => {
  started = await startForTest();
});
afterAll(() => started.stop());
afterEach(() => started.demo.faults.clear());

type Fetch = typeof globalThis.fetch;

function forgeAt(apiUrl: string, fetch?: Fetch) {
  return gitHubForges({ clock: systemClock, fetch })({ apiUrl, token: started.demo.token });
}

test('an outage is told with its incident, and costs nothing of the budget', async () => {
  const forge = forgeAt(started.demo.url);
  const page = `${started.demo.url}/_demo/status`;
  const { charged } = started.demo.counters();
  expect(await forge.status()).toEqual({ actions: 'ok', incident: null, url: page });
  started.demo.faults.set({ kind: 'actions-outage', incident: 'Jobs do not start' });
  expect(await forge.status()).toEqual({
    actions: 'down',
    incident: 'Jobs do not start',
    url: expect.stringContaining(`${page}/incidents/`),
  });
  started.demo.faults.clear();
  started.demo.faults.set({ kind: 'actions-outage', level: 'degraded_performance', incident: 'Slow' });
  expect(await forge.status()).toMatchObject({ actions: 'degraded', incident: 'Slow' });
  expect(started.demo.counters().charged).toBe(charged);
});

test('each GitHub has its own status page or none, and none gets the token', async () => {
  const asked: { url: string; headers: Headers }[] = [];
  const fetch: Fetch = async (input, init) => {
    asked.push({ url: String(input), headers: new Headers(init?.headers) });
    return Response.json({
      components: [{ id: 'a', name: 'Actions', status: 'operational' }],
      incidents: [],
    });
  };
  expect(await forgeAt('https://github.com', fetch).status()).toEqual({
    actions: 'ok',
    incident: null,
    url: 'https://www.githubstatus.com',
  });
  expect(await forgeAt('https://git.example.com', fetch).status()).toBeNull();
  expect(await forgeAt('https://octo.ghe.com', fetch).status()).toBeNull();
  expect(asked.map(({ url }) => url)).toEqual(['https://www.githubstatus.com/api/v2/summary.json']);
  expect(asked[0]?.headers.has('authorization')).toBe(false);
});

test.each([
  ['an error', () => new Response('no', { status: 503 })],
  ['a web page', () => new Response('<html></html>')],
  ['another shape', () => Response.json({ components: 'none' })],
  ['no component of that name', () => Response.json({ components: [], incidents: [] })],
])('nothing is known from %s', async (_, answer) => {
  expect(await forgeAt('https://github.com', async () => answer()).status()).toBeNull();
});

test('an incident of something else is not told, one of nothing in particular only with trouble', async () => {
  const statusWith = (status: string, components: { name: string }[]) =>
    forgeAt('https://github.com', async () =>
      Response.json({
        components: [{ id: 'a', name: 'Actions', status }],
        incidents: [{ name: 'Pages are slow', shortlink: 'javascript:alert(1)', components }],
      }),
    ).status();
  expect(await statusWith('operational', [{ name: 'Pages' }])).toMatchObject({
    actions: 'ok',
    incident: null,
  });
  expect(await statusWith('operational', [])).toMatchObject({ actions: 'ok', incident: null });
  expect(await statusWith('partial_outage', [])).toEqual({
    actions: 'degraded',
    incident: 'Pages are slow',
    url: 'https://www.githubstatus.com',
  });
});

test('who leaves is let go', async () => {
  const abort = new AbortController();
  const asked = forgeAt('https://github.com', async (_, init) => {
    await new Promise((_, reject) =>
      init?.signal?.addEventListener('abort', () => reject(init.signal?.reason)),
    );
    return new Response();
  }).status(abort.signal);
  abort.abort(new Error('left'));
  await expect(asked).rejects.toThrow('left');
});
