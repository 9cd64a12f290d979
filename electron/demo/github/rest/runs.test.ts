import { afterAll, beforeAll, expect, test } from 'vitest';
import { type StartedDemo, startForTest } from '../testing/started.ts';
import { createWireRunner, type WireRunner } from '../testing/wire-runner.ts';
import { createdFilter } from './runs.ts';

interface RunBody {
  id: number;
  status: string;
  conclusion: string | null;
  display_title: string;
  run_attempt: number;
}
interface JobBody {
  id: number;
  name: string;
  status: string;
  conclusion: string | null;
  labels: string[];
  runner_name: string | null;
  run_attempt: number;
  steps: { name: string; number: number; conclusion: string }[];
}

const root = '/repos/octo/forge/actions';
let started: StartedDemo;
let runner: WireRunner;

beforeAll(async () => {
  started = await startForTest();
  const { url, repository } = started.demo;
  const token = await started.runnerToken();
  runner = await createWireRunner({ url, repository, token, name: 'one', home: started.folder });
  await runner.open();
});
afterAll(() => started.stop());

async function dispatch(workflow: string, inputs: Record<string, unknown> = {}): Promise<number> {
  const body = { ref: 'main', inputs, return_run_details: true };
  const path = `${root}/workflows/${workflow}/dispatches`;
  return (await started.rest<{ workflow_run_id: number }>('POST', path, { body })).body.workflow_run_id;
}
const runOf = async (id: number) => (await started.rest<RunBody>('GET', `${root}/runs/${id}`)).body;
const jobsOf = async (id: number, query = '') =>
  (await started.rest<{ jobs: JobBody[] }>('GET', `${root}/runs/${id}/jobs${query}`)).body.jobs;
const idsOf = async (query: string) =>
  (await started.rest<{ workflow_runs: RunBody[] }>('GET', `${root}/runs?${query}`)).body.workflow_runs.map(
    ({ id }) => id,
  );

test('a run goes from queued to success, its jobs in the order of their needs', async () => {
  const id = await dispatch('build.yml', { target: 'lamp', level: 'quick' });
  expect(await runOf(id)).toMatchObject({
    status: 'queued',
    conclusion: null,
    display_title: 'Build lamp (quick)',
  });
  expect(await jobsOf(id)).toMatchObject([
    { name: 'Prepare', status: 'queued', labels: ['self-hosted'], runner_name: null },
  ]);
  const prepare = await runner.nextJob();
  expect(await runOf(id)).toMatchObject({ status: 'in_progress' });
  expect((await jobsOf(id))[0]).toMatchObject({ status: 'in_progress', runner_name: 'one' });
  await runner.complete(prepare, 'success');
  expect((await jobsOf(id)).map(({ name }) => name)).toEqual(['Prepare', 'Compile debug', 'Compile release']);
  for (let count = 0; count < 2; count += 1) await runner.complete(await runner.nextJob(), 'success');
  await runner.run(await runner.nextJob());
  expect(await runOf(id)).toMatchObject({ status: 'completed', conclusion: 'success' });
  const test_ = (await jobsOf(id)).at(-1);
  expect(test_?.steps.map(({ number, name, conclusion }) => `${number} ${name} ${conclusion}`)).toEqual([
    '2 Run actions/checkout@v5 success',
    '3 Choose the checks success',
    '4 Run the checks success',
    '5 Explain a failure skipped',
  ]);
  await expectLogs(id, test_?.id ?? 0);
}, 30_000);

async function expectLogs(runId: number, jobId: number): Promise<void> {
  const redirect = await started.rest('GET', `${root}/jobs/${jobId}/logs`);
  expect(redirect.status).toBe(302);
  const log = await (await fetch(redirect.headers.get('location') ?? '')).text();
  expect(log).toMatch(/^\ufeff?\d{4}-\d\d-\d\dT[\d:]+\.\d{7}Z ##\[group\]/);
  expect(log).toContain('\u001b[32mok\u001b[0m 3 of 3');
  const archive = await started.rest('GET', `${root}/runs/${runId}/logs`);
  const bytes = Buffer.from(await (await fetch(archive.headers.get('location') ?? '')).arrayBuffer());
  expect(bytes.subarray(0, 2).toString()).toBe('PK');
  expect(bytes.includes(Buffer.from('Test/4_Run the checks.txt'))).toBe(true);
}

test('a failed job fails its run; only what failed and what needs it is repeated', async () => {
  const id = await dispatch('build.yml');
  await runner.complete(await runner.nextJob(), 'success');
  await runner.complete(await runner.nextJob(), 'failure');
  await runner.complete(await runner.nextJob(), 'success');
  expect(await runOf(id)).toMatchObject({ status: 'completed', conclusion: 'failure' });
  expect((await jobsOf(id)).map(({ name, conclusion }) => `${name} ${conclusion}`)).toEqual([
    'Prepare success',
    'Compile debug failure',
    'Compile release success',
    'Test skipped',
  ]);
  expect((await started.rest('POST', `${root}/runs/${id}/rerun-failed-jobs`)).status).toBe(201);
  expect(await runOf(id)).toMatchObject({ status: 'in_progress', run_attempt: 2, conclusion: null });
  expect((await started.rest('POST', `${root}/runs/${id}/rerun`)).status).toBe(403);
  const again = await runner.nextJob();
  expect(again.jobDisplayName).toBe('Compile debug');
  await runner.complete(again, 'success');
  await runner.complete(await runner.nextJob(), 'success');
  expect(await runOf(id)).toMatchObject({ conclusion: 'success', run_attempt: 2 });
  expect((await jobsOf(id)).every((job) => job.run_attempt === 2 && job.conclusion === 'success')).toBe(true);
  expect(await jobsOf(id, '?filter=all')).toHaveLength(8);
  const first = await started.rest<RunBody>('GET', `${root}/runs/${id}/attempts/1`);
  expect(first.body).toMatchObject({ conclusion: 'failure', run_attempt: 1 });
});

test('jobs go only to runners that have all their labels, whatever the case', async () => {
  const id = await dispatch('nightly.yml');
  const { body } = await started.rest<{ total_count: number }>(
    'POST',
    `${root}/runners/${runner.id}/labels`,
    {
      body: { labels: ['GPU'] },
    },
  );
  expect(body.total_count).toBe(4);
  const job = await runner.nextJob();
  expect(job.jobDisplayName).toBe('Train on a GPU');
  await runner.complete(job, 'success');
  expect(await runOf(id)).toMatchObject({ conclusion: 'success' });
  expect((await started.rest('DELETE', `${root}/runners/${runner.id}/labels/gpu`)).status).toBe(200);
  expect((await started.rest('DELETE', `${root}/runners/${runner.id}/labels/self-hosted`)).status).toBe(422);
});

test('runs are listed newest first and filtered', async () => {
  const queued = await dispatch('nightly.yml');
  expect(await idsOf('status=queued')).toEqual([queued]);
  expect((await idsOf('status=success')).length).toBe(3);
  expect(await idsOf('actor=nobody')).toEqual([]);
  expect(await idsOf('branch=main&event=workflow_dispatch&per_page=1')).toEqual([queued]);
  expect(await idsOf('created=<2020-01-01')).toEqual([]);
  await started.rest('POST', `${root}/runs/${queued}/cancel`);
  expect(await runOf(queued)).toMatchObject({ status: 'completed', conclusion: 'cancelled' });
  expect((await started.rest('DELETE', `${root}/runs/${queued}`)).status).toBe(204);
  expect((await started.rest('GET', `${root}/runs/${queued}`)).status).toBe(404);
});

test('a dispatch that makes no sense is refused as GitHub does', async () => {
  const attempt = async (workflow: string, body: Record<string, unknown>) => {
    const answer = await started.rest('POST', `${root}/workflows/${workflow}/dispatches`, { body });
    return [answer.status, answer.body?.message];
  };
  expect(await attempt('none.yml', { ref: 'main' })).toEqual([404, 'Not Found']);
  expect(await attempt('quick.yml', { ref: 'nope' })).toEqual([422, 'No ref found for: nope']);
  expect(await attempt('quick.yml', { ref: 'main', inputs: { a: 1 } })).toEqual([
    422,
    'Unexpected inputs provided: ["a"]',
  ]);
  await started.rest('PUT', `${root}/workflows/quick.yml/disable`);
  expect((await attempt('quick.yml', { ref: 'main' }))[0]).toBe(422);
  await started.rest('PUT', `${root}/workflows/quick.yml/enable`);
  expect((await attempt('quick.yml', { ref: 'refs/heads/main' }))[0]).toBe(204);
  const newest = { headers: { 'X-GitHub-Api-Version': '2026-03-10' }, body: { ref: 'main' } };
  expect((await started.rest('POST', `${root}/workflows/quick.yml/dispatches`, newest)).status).toBe(200);
});

test.each([
  ['2026-03-01', ['2026-03-01T12:00:00Z'], ['2026-02-28T23:59:59Z', '2026-03-02T00:00:00Z']],
  ['>=2026-03-01', ['2026-03-01T00:00:00Z'], ['2026-02-28T23:59:59Z']],
  ['>2026-03-01', ['2026-03-02T00:00:00Z'], ['2026-03-01T12:00:00Z']],
  ['2026-03-01..2026-03-02', ['2026-03-02T23:00:00Z'], ['2026-03-03T00:00:00Z']],
  ['*..2026-03-02T10:00:00Z', ['2026-03-02T10:00:00Z'], ['2026-03-02T10:00:01Z']],
])('created=%s', (filter, inside, outside) => {
  const matches = createdFilter(filter);
  expect(inside.map((time) => matches(Date.parse(time)))).toEqual(inside.map(() => true));
  expect(outside.map((time) => matches(Date.parse(time)))).toEqual(outside.map(() => false));
});
