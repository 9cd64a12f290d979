/** The workflows that the demo's repositories come with. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type StartedDemo, startForTest } from '../testing/started.ts';
import { createWireRunner, type WireRunner } from '../testing/wire-runner.ts';

const root = '/repos/octo/forge/actions';
let started: StartedDemo;
let runner: WireRunner;
let home: string;
beforeAll(async () => {
  started = await startForTest();
  home = await mkdtemp(join(tmpdir(), 'trackside-samples-'));
  const { url, repository } = started.demo;
  const token = await started.runnerToken();
  runner = await createWireRunner({ url, repository, token, name: 'one', home });
  await runner.open();
});
afterAll(async () => {
  await started.stop();
  await rm(home, { recursive: true, force: true });
});

async function dispatch(file: string, inputs: Record<string, unknown> = {}): Promise<number> {
  const body = { ref: 'main', inputs, return_run_details: true };
  const path = `${root}/workflows/${file}/dispatches`;
  const answer = await started.rest<{ workflow_run_id: number }>('POST', path, { body });
  if (answer.status !== 200) throw new Error(answer.text);
  return answer.body.workflow_run_id;
}

const run = async (id: number) => (await started.rest('GET', `${root}/runs/${id}`)).body;
const take = async (count: number) => {
  for (let left = count; left > 0; left -= 1) await runner.run(await runner.nextJob());
};

test('a release takes five inputs and goes through three stages', async () => {
  const refused = await started.rest('POST', `${root}/workflows/release.yml/dispatches`, {
    body: { ref: 'main' },
  });
  expect([refused.status, refused.body.message]).toEqual([422, "Required input 'version' not provided"]);
  const inputs = { version: '1.4.0', channel: 'stable', sign: 'false', copies: '3', environment: 'preview' };
  const id = await dispatch('release.yml', inputs);
  expect((await run(id)).display_title).toBe('Release 1.4.0 to preview');
  await take(4);
  expect((await run(id)).conclusion).toBe('success');
  const { jobs } = started.demo.snapshot();
  const mine = jobs.filter(({ runId }) => runId === id);
  expect(mine.map(({ name }) => name)).toEqual(['Plan', 'Build frame', 'Build lamp', 'Publish']);
  expect(mine[1]?.steps.find(({ name }) => name === 'Sign')?.conclusion).toBe('skipped');
});

test('a release to production and a deploy wait for an approval', async () => {
  const release = await dispatch('release.yml', { version: '2.0.0', environment: 'production' });
  await take(3);
  expect((await run(release)).status).toBe('waiting');
  const deploy = await dispatch('deploy.yml');
  await take(1);
  expect((await run(deploy)).status).toBe('waiting');
});

test('the others wait for what they say', async () => {
  const labelsOf = async (file: string) => {
    const id = await dispatch(file);
    const { body } = await started.rest<{ jobs: { labels: string[]; status: string }[] }>(
      'GET',
      `${root}/runs/${id}/jobs`,
    );
    return body.jobs.map(({ labels, status }) => [status, ...labels]);
  };
  expect(await labelsOf('typo.yml')).toEqual([['queued', 'self-hosted', 'gppu']]);
  expect(await labelsOf('hosted.yml')).toEqual([['queued', 'ubuntu-latest']]);
  expect((await run(await dispatch('serial.yml'))).status).toBe('queued');
  expect((await run(await dispatch('serial.yml'))).status).toBe('pending');
});
