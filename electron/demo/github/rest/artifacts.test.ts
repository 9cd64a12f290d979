import type { components } from '@octokit/openapi-types';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createManualClock, type ManualClock } from '../../../platform/clock.ts';
import type { WireRunner } from '../testing/wire-runner.ts';
import { forgePath, openWorkflowLab, type WorkflowLab } from '../testing/workflow-lab.ts';

type Artifact = components['schemas']['artifact'];

const root = `${forgePath}/actions`;
const workflow = "jobs:\n  one: { runs-on: self-hosted, steps: [{ run: 'true' }] }";

let clock: ManualClock;
let lab: WorkflowLab;
let runner: WireRunner;
beforeEach(async () => {
  clock = createManualClock(Date.now());
  lab = await openWorkflowLab({ 'x.yml': workflow }, { clock });
  runner = await lab.runner('one');
});
afterEach(() => lab.stop());

/** Runs a job that uploads these artifacts. */
async function runWith(...names: string[]): Promise<number> {
  const id = await lab.dispatch();
  const job = await runner.nextJob();
  for (const name of names) {
    const query = new URLSearchParams({ name, retention_days: '2' });
    await runner.call('POST', `/_runner/results/artifacts/${job.jobId}?${query}`, 'not really a zip');
  }
  await runner.complete(job, 'success');
  return id;
}

async function list(path: string): Promise<{ total: number; artifacts: Artifact[] }> {
  const { body } = await lab.github.rest<{ total_count: number; artifacts: Artifact[] }>('GET', path);
  return { total: body.total_count, artifacts: body.artifacts };
}

test('lists by run, by repository and by name, the newest first', async () => {
  const id = await runWith('a', 'b');
  await runWith('a');
  const names = async (path: string) => (await list(path)).artifacts.map(({ name }) => name);
  expect(await names(`${root}/runs/${id}/artifacts`)).toEqual(['b', 'a']);
  expect(await names(`${root}/runs/${id}/artifacts?direction=asc`)).toEqual(['a', 'b']);
  expect(await names(`${root}/runs/${id}/artifacts?name=a`)).toEqual(['a']);
  expect(await names(`${root}/artifacts?name=a`)).toEqual(['a', 'a']);
  expect((await list(`${root}/artifacts?per_page=1`)).total).toBe(3);
});

test('an expired artifact is told as such and is gone; its link is good for a minute', async () => {
  const id = await runWith('a');
  const [artifact] = (await list(`${root}/runs/${id}/artifacts`)).artifacts;
  const zip = `${root}/artifacts/${artifact?.id}/zip`;
  const link = (await lab.github.rest('GET', zip)).headers.get('location') ?? '';
  expect(await (await fetch(link)).text()).toBe('not really a zip');
  await clock.advance(61_000);
  expect((await fetch(link)).status).toBe(403);
  await clock.advance(2 * 86_400_000);
  expect((await lab.github.rest('GET', zip)).status).toBe(410);
  expect((await lab.github.rest('GET', `${root}/artifacts/${artifact?.id}`)).body.expired).toBe(true);
  expect((await lab.github.rest('GET', `${root}/artifacts/${artifact?.id}/tar`)).status).toBe(404);
}, 60_000);

test('a large log comes as a stream whose length is said', async () => {
  const id = await lab.dispatch();
  const job = await runner.nextJob();
  const line = `${new Date(clock.now()).toISOString().replace('Z', '0000Z')} ${'x'.repeat(70)}\n`;
  const chunk = line.repeat(10_000);
  for (let count = 0; count < 3; count += 1)
    await runner.call('POST', `/_runner/results/logs/${job.jobId}`, chunk);
  const [open] = await lab.jobs(id);
  expect((await lab.github.rest('GET', `${root}/jobs/${open?.id}/logs`)).status).toBe(404);
  await runner.complete(job, 'success');
  const { headers } = await lab.github.rest('GET', `${root}/jobs/${open?.id}/logs`);
  const answer = await fetch(headers.get('location') ?? '');
  const bytes = Buffer.from(await answer.arrayBuffer());
  expect(answer.headers.get('content-length')).toBe(String(chunk.length * 3 + 3));
  expect(bytes.length).toBe(chunk.length * 3 + 3);
  await lab.github.rest('DELETE', `${root}/runs/${id}`);
  expect((await lab.github.rest('GET', `${root}/jobs/${open?.id}/logs`)).status).toBe(404);
});
