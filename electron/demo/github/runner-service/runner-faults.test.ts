/** Faults that strike runners: expired tokens, taken sessions, forced updates, new releases. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createManualClock, type ManualClock } from '../../../platform/clock.ts';
import { type StartedDemo, startForTest } from '../testing/started.ts';
import { createWireRunner, type WireRunner } from '../testing/wire-runner.ts';

let started: StartedDemo;
let clock: ManualClock;
beforeEach(async () => {
  clock = createManualClock(Date.UTC(2026, 10, 24, 15));
  started = await startForTest({ clock });
});
afterEach(() => started.stop());

const runners = '/repos/octo/forge/actions/runners';

async function createRunner(name: string): Promise<WireRunner> {
  const { url, repository } = started.demo;
  const token = await started.runnerToken();
  return createWireRunner({ url, repository, token, name, nowMs: clock.now() });
}

test('an expired token is refused like a wrong one, as often as ordered', async () => {
  started.demo.faults.set({ kind: 'token-expired', count: 1 });
  await expect(createRunner('one')).rejects.toThrow('404');
  await expect(createRunner('one')).resolves.toMatchObject({ name: 'one' });
});

test('a session is refused n times to the named runner', async () => {
  const [one, two] = [await createRunner('one'), await createRunner('two')];
  started.demo.faults.set({ kind: 'session-conflict', runner: 'one', count: 2 });
  expect((await two.open()).status).toBe(200);
  const refused = await one.open();
  expect([refused.status, refused.body.message]).toEqual([409, 'A session for runner one already exists.']);
  expect((await one.open()).status).toBe(409);
  expect((await one.open()).status).toBe(200);
});

test('a forced update reaches a runner that waits, once per session', async () => {
  const runner = await createRunner('one');
  await runner.open();
  const waiting = runner.poll();
  let polls = 0;
  await started.demo.waitFor(() => polls++ > 0);
  started.demo.faults.set({ kind: 'forced-update', version: '2.337.0' });
  const { body } = await waiting;
  expect(body.messageType).toBe('RunnerRefreshMessage');
  expect(JSON.parse(String(body.body))).toMatchObject({
    target_version: '2.337.0',
    download_url: expect.stringMatching(
      /\/download\/v2\.337\.0\/actions-runner-linux-x64-2\.337\.0\.tar\.gz$/,
    ),
    sha256_checksum: expect.stringMatching(/^[0-9a-f]{64}$/),
  });
  const again = runner.poll();
  let changes = 0;
  await started.demo.waitFor(() => changes++ > 0);
  await clock.advance(50_000);
  expect((await again).status).toBe(202);
});

test('a newer release is offered, and every version can be downloaded', async () => {
  const offered = async () => {
    const { body } = await started.rest<{ filename: string }[]>('GET', `${runners}/downloads`);
    return body[0]?.filename;
  };
  expect(await offered()).toBe('actions-runner-linux-x64-2.336.0.tar.gz');
  started.demo.faults.set({ kind: 'newer-release', version: '2.337.0' });
  expect(await offered()).toBe('actions-runner-linux-x64-2.337.0.tar.gz');
  const path = (version: string) =>
    `/actions/runner/releases/download/v${version}/actions-runner-linux-x64-${version}.tar.gz`;
  expect((await started.rest('GET', path('2.330.0'))).text).toContain('2.330.0');
  expect((await started.rest('GET', path('latest'))).status).toBe(404);
});

test('a version is accepted for 30 days; unknown versions have no deadline', async () => {
  const ask = (version: string) => started.rest('GET', `${runners}/deprecations/${version}`);
  expect((await ask('2.336.0')).body).toEqual({
    runner_version: '2.336.0',
    registration_deprecates_at: '2026-12-14T00:00:00.000Z',
    runtime_deprecates_at: '2026-12-14T00:00:00.000Z',
  });
  expect((await ask('2.337.0')).status).toBe(404);
  started.demo.faults.set({ kind: 'newer-release', version: '2.337.0' });
  expect((await ask('2.337.0')).body).toMatchObject({ runtime_deprecates_at: '2026-12-24T00:00:00.000Z' });
});

test('orders without a version make no sense', async () => {
  for (const kind of ['forced-update', 'newer-release'] as const) {
    expect(() => started.demo.faults.set({ kind })).toThrow('needs "version"');
  }
});
