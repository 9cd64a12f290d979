import { createHash } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { openWorkflowLab, type WorkflowLab } from '../../demo/github/testing/workflow-lab.ts';
import { systemClock } from '../../platform/clock.ts';
import type { Forge, RunReader } from '../forge.ts';
import { gitHubForges } from './client.ts';

const repository = 'octo/forge';
const workflows = {
  'x.yml': `jobs:
  check:
    runs-on: self-hosted
    steps: [{ name: Look, run: 'true' }]
  deploy:
    needs: check
    runs-on: self-hosted
    environment: '\${{ inputs.environment }}'
    steps: [{ run: 'true' }]`,
  'alone.yml': `concurrency: deploy
jobs:
  deploy:
    runs-on: self-hosted
    steps: [{ run: 'true' }]`,
};

let lab: WorkflowLab;
let forge: Forge;
beforeAll(async () => {
  lab = await openWorkflowLab(workflows);
  forge = gitHubForges({ clock: systemClock, retryBaseMs: 1, timeoutMs: 5000 })({
    apiUrl: lab.github.demo.url,
    token: lab.github.demo.token,
  });
});
afterAll(() => lab.stop());

let sent: { charged: boolean }[];
beforeEach(() => {
  sent = [];
});
afterEach(async () => {
  for (const { id, attempts } of lab.github.demo.snapshot().runs)
    if (!attempts.at(-1)?.conclusion) await forge.cancelRun(repository, id, true);
});
const charges = () => sent.splice(0).map(({ charged }) => charged);
const readerOf = (runId: number): RunReader =>
  forge.runReader(repository, runId, {
    sent: () => void sent.push({ charged: false }),
    charged: () => Object.assign(sent.at(-1) ?? {}, { charged: true }),
  });

/** Runs the next queued job to its end. */
async function work(name: string): Promise<void> {
  const runner = await lab.runner(name);
  await runner.run(await runner.nextJob());
  await runner.close();
  await forge.deleteRunner(repository, runner.id);
}

test('a run is read from its beginning to its end, and what did not change costs nothing', async () => {
  const runId = await lab.dispatch();
  const reader = readerOf(runId);
  expect(await reader.look()).toMatchObject({
    isNews: true,
    run: {
      id: runId,
      attempt: 1,
      event: 'workflow_dispatch',
      branch: 'main',
      actor: 'octo',
      path: '.github/workflows/x.yml',
      status: 'queued',
      conclusion: null,
      url: `${lab.github.demo.url}/octo/forge/actions/runs/${runId}`,
    },
    jobs: [{ name: 'check', labels: ['self-hosted'], status: 'queued', startedAt: null, ended: false }],
    artifacts: [],
    gates: [],
  });
  expect(charges()).toEqual([true, true, true]);
  expect(await reader.look()).toMatchObject({ isNews: false });
  expect(charges()).toEqual([false, false]);

  await work('reads-1');
  const sight = await reader.look();
  expect(sight).toMatchObject({
    isNews: true,
    jobs: [
      {
        name: 'check',
        status: 'completed',
        conclusion: 'success',
        runnerName: 'reads-1',
        steps: expect.arrayContaining([
          expect.objectContaining({ name: 'Look', status: 'completed', conclusion: 'success' }),
        ]),
      },
      { name: 'deploy', status: 'queued', steps: [] },
    ],
  });
  await work('reads-2');
  expect(await reader.look()).toMatchObject({
    isNews: true,
    run: { status: 'completed', conclusion: 'success' },
  });
  charges();
  expect(await reader.look()).toMatchObject({ isNews: false });
  expect(charges(), 'the run alone').toEqual([false]);
  await forge.rerunRun(repository, runId, 'all');
  expect(await reader.look()).toMatchObject({ isNews: true, run: { attempt: 2, status: 'queued' } });
});

test('what an environment holds is told, and can be let go or refused', async () => {
  for (const approve of [true, false]) {
    const runId = await lab.dispatch({ environment: 'production' });
    const reader = readerOf(runId);
    const review = { environment: 'production', approve, comment: 'Seen.' };
    await expect(forge.reviewRun(repository, runId, review)).rejects.toMatchObject({ code: 'CONFLICT' });
    await work('holds-1');
    expect(await reader.look()).toMatchObject({
      run: { status: 'waiting' },
      jobs: [{ status: 'completed' }, { name: 'deploy', status: 'waiting', startedAt: null }],
      gates: [{ environment: 'production', reviewers: ['octo', 'mona'], canApprove: true, waitsUntil: null }],
    });
    await forge.reviewRun(repository, runId, review);
    const after = approve ? { run: { status: 'in_progress' } } : { run: { conclusion: 'failure' } };
    expect(await reader.look()).toMatchObject({ ...after, gates: [] });
    if (approve) await forge.cancelRun(repository, runId, true);
  }
});

test('a wait timer tells when it ends', async () => {
  const runId = await lab.dispatch({ environment: 'staging' });
  await work('timer-1');
  const [gate] = (await readerOf(runId).look()).gates;
  expect(gate).toMatchObject({ environment: 'staging' });
  expect(gate?.waitsUntil).toBeGreaterThan(Date.now());
});

test('jobs and runs that are held are in the queue', async () => {
  const first = await lab.dispatch({}, 'alone.yml');
  const second = await lab.dispatch({}, 'alone.yml');
  const held = await lab.dispatch({ environment: 'production' });
  await work('queue-1');
  await work('queue-2');
  const jobs = await forge.activeJobs(repository);
  const told = new Map(jobs.map(({ runId, id, status }) => [runId, { id, status }]));
  expect(told.get(first)).toBeUndefined();
  expect(told.get(second)).toMatchObject({ status: 'queued' });
  expect(told.get(held)).toMatchObject({ status: 'waiting' });
  const third = await lab.dispatch({}, 'alone.yml');
  expect((await forge.activeJobs(repository)).find(({ runId }) => runId === third)).toMatchObject({
    id: -third,
    status: 'pending',
    labels: [],
  });
});

test('a run that has ended cannot be cancelled, one that goes on cannot be run again', async () => {
  const runId = await lab.dispatch();
  await expect(forge.rerunRun(repository, runId, 'all')).rejects.toMatchObject({ code: 'CONFLICT' });
  await forge.cancelRun(repository, runId, false);
  await expect(forge.cancelRun(repository, runId, false)).rejects.toMatchObject({ code: 'CONFLICT' });
  await forge.rerunRun(repository, runId, 'failed');
  expect((await readerOf(runId).look()).run).toMatchObject({ attempt: 2 });
  await expect(readerOf(1).look()).rejects.toMatchObject({ code: 'UNKNOWN' });
});

test('artifacts are listed with their digest, and come as they were sent', async () => {
  const runId = await lab.dispatch();
  const reader = readerOf(runId);
  await reader.look();
  const runner = await lab.runner('artifacts-1');
  const job = await runner.nextJob();
  const archive = Buffer.from('PK no real archive');
  await runner.call('POST', `/_runner/results/artifacts/${job.jobId}?name=report`, archive.toString());
  await runner.run(job);
  await runner.close();
  const digest = `sha256:${createHash('sha256').update(archive).digest('hex')}`;
  const { artifacts } = await reader.look();
  expect(artifacts).toMatchObject([{ name: 'report', sizeBytes: archive.length, digest, expired: false }]);
  const download = await forge.artifact(repository, artifacts[0]?.id ?? 0);
  expect(download.sizeBytes).toBe(archive.length);
  expect(await buffer(download.stream)).toEqual(archive);
  await expect(forge.artifact(repository, 1)).rejects.toMatchObject({ code: 'UNKNOWN' });
});

test('runs are listed by what is asked for, page by page', async () => {
  const nothing = { workflowId: null, status: null, branch: null, event: null, actor: null };
  const all = await forge.runs(repository, { ...nothing, page: 1, perPage: 2 });
  expect(all).toMatchObject({ more: true, runs: [expect.anything(), expect.anything()] });
  expect(all.total).toBe(lab.github.demo.snapshot().runs.length);
  const last = Math.ceil(all.total / 2);
  expect(await forge.runs(repository, { ...nothing, page: last, perPage: 2 })).toMatchObject({ more: false });
  const alone = (await forge.workflows(repository)).find(({ path }) => path.endsWith('alone.yml'));
  const workflowId = alone?.id ?? 0;
  const ofOne = await forge.runs(repository, { ...nothing, workflowId, page: 1, perPage: 100 });
  expect(ofOne.runs.length).toBeGreaterThan(0);
  expect(new Set(ofOne.runs.map((run) => run.workflowId))).toEqual(new Set([workflowId]));
  const filter = { ...nothing, status: 'failure', branch: 'main', actor: 'octo' } as const;
  const failed = await forge.runs(repository, {
    ...filter,
    event: 'workflow_dispatch',
    page: 1,
    perPage: 100,
  });
  expect(new Set(failed.runs.map(({ conclusion }) => conclusion))).toEqual(new Set(['failure']));
  expect(await forge.runs(repository, { ...filter, event: 'push', page: 1, perPage: 100 })).toEqual({
    runs: [],
    total: 0,
    more: false,
  });
});
