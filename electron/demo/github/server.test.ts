import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type StartedDemo, startForTest } from './testing/started.ts';
import { createWireRunner } from './testing/wire-runner.ts';

let folder: string;
const running: StartedDemo[] = [];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'trackside-demo-state-'));
});
afterEach(async () => {
  for (const started of running.splice(0)) await started.stop();
  await rm(folder, { recursive: true, force: true });
});

async function start(port?: number): Promise<StartedDemo> {
  const started = await startForTest({ statePath: join(folder, 'github.json'), port });
  running.push(started);
  return started;
}

test('runners, runs, jobs, tokens and the port survive a restart', async () => {
  const first = await start();
  const { url, repository, token } = first.demo;
  const options = { url, repository, token: await first.runnerToken(), name: 'one', home: folder };
  const runner = await createWireRunner(options);
  await runner.open();
  await first.rest('POST', '/repos/octo/forge/actions/workflows/quick.yml/dispatches', {
    body: { ref: 'main' },
  });
  const job = await runner.nextJob();
  await first.stop();
  expect((await stat(join(folder, 'github.json'))).mode & 0o777).toBe(0o600);

  const second = await start();
  expect([second.demo.url, second.demo.token]).toEqual([url, token]);
  expect(second.demo.snapshot().runners).toMatchObject([{ name: 'one', isOnline: true, isBusy: true }]);
  await runner.run(job);
  expect(second.demo.snapshot().jobs).toMatchObject([{ status: 'completed', conclusion: 'success' }]);
});

test('another server on the last port means another port; a chosen port that is in use is an error', async () => {
  const first = await start();
  const port = Number(new URL(first.demo.url).port);
  await first.stop();
  const other = createServer();
  await new Promise<void>((resolve) => other.listen(port, '127.0.0.1', resolve));
  await expect(start(port)).rejects.toThrow(`Port ${port} on 127.0.0.1 is in use.`);
  const second = await start();
  expect(second.demo.url).not.toBe(first.demo.url);
  await new Promise((resolve) => other.close(resolve));
});

test('a state file that is not ours is left alone', async () => {
  await writeFile(join(folder, 'github.json'), '{"formatVersion": 99}');
  await expect(start()).rejects.toThrow('was written by another version');
  expect(await readFile(join(folder, 'github.json'), 'utf8')).toBe('{"formatVersion": 99}');
});

test('waitFor gives up with the reason of its signal', async () => {
  const { demo } = await start();
  const abort = new AbortController();
  const waiting = demo.waitFor((state) => state.runners.length > 5, abort.signal);
  abort.abort(new Error('enough'));
  await expect(waiting).rejects.toThrow('enough');
});

test('close ends a long poll at once', async () => {
  const started = await start();
  const { url, repository } = started.demo;
  const runner = await createWireRunner({ url, repository, token: await started.runnerToken(), name: 'one' });
  await runner.open();
  let changes = 0;
  const isPolling = started.demo.waitFor(() => changes++ > 0);
  const poll = runner.poll().catch((error: unknown) => error);
  await isPolling;
  await started.stop();
  await poll;
});
