import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type StartedDemo, startForTest } from '../testing/started.ts';
import { createWireRunner, type WireRunner } from '../testing/wire-runner.ts';

let folder: string;
let started: StartedDemo;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'trackside-demo-runs-'));
});
afterEach(async () => {
  await started.stop();
  await rm(folder, { recursive: true, force: true });
});

/** Starts a demo GitHub whose octo/forge has this one workflow, dispatches it, and registers runners. */
async function dispatch(jobs: string, runnerNames = ['one']): Promise<WireRunner[]> {
  const workflows = join(folder, 'octo', 'forge', 'dot-github', 'workflows');
  await mkdir(workflows, { recursive: true });
  await writeFile(
    join(workflows, 'x.yml'),
    `on: { workflow_dispatch: { inputs: { loud: { type: boolean } } } }\njobs:\n${jobs}`,
  );
  started = await startForTest({ repositoriesFolder: folder });
  const { url, repository } = started.demo;
  const runners: WireRunner[] = [];
  for (const name of runnerNames) {
    const runner = await createWireRunner({
      url,
      repository,
      token: await started.runnerToken(),
      name,
      home: folder,
    });
    await runner.open();
    runners.push(runner);
  }
  const path = '/repos/octo/forge/actions/workflows/x.yml/dispatches';
  expect((await started.rest('POST', path, { body: { ref: 'main' } })).status).toBe(204);
  return runners;
}

const outcomes = () =>
  started.demo.snapshot().jobs.map((job) => `${job.name} ${job.conclusion ?? job.status}`);
const conclusion = () => started.demo.snapshot().runs[0]?.attempts.at(-1)?.conclusion;

test('conditions decide which jobs run after a failure', async () => {
  const [one] = await dispatch(`
  first: { runs-on: self-hosted, steps: [{ run: 'true' }] }
  next: { needs: first, runs-on: self-hosted, steps: [{ run: 'true' }] }
  mend: { needs: first, if: failure(), runs-on: self-hosted, steps: [{ run: 'true' }] }
  last: { needs: [next, mend], if: always(), runs-on: self-hosted, steps: [{ run: 'true' }] }
  loud: { if: inputs.loud, runs-on: self-hosted, steps: [{ run: 'true' }] }`);
  if (!one) throw new Error('no runner');
  await one.complete(await one.nextJob(), 'failure');
  for (const name of ['mend', 'last']) {
    const job = await one.nextJob();
    expect(job.jobDisplayName).toBe(name);
    await one.complete(job, 'success');
  }
  expect(outcomes().sort()).toEqual([
    'first failure',
    'last success',
    'loud skipped',
    'mend success',
    'next skipped',
  ]);
  expect(conclusion()).toBe('failure');
});

test('a matrix that fails fast cancels the rest of itself', async () => {
  const [one, two] = await dispatch(
    `
  build: { runs-on: self-hosted, strategy: { matrix: { part: [a, b, c] } }, steps: [{ run: 'true' }] }`,
    ['one', 'two'],
  );
  if (!one || !two) throw new Error('no runners');
  const first = await one.nextJob();
  const second = await two.nextJob();
  await one.complete(first, 'failure');
  expect(outcomes()).toEqual(['build (a) failure', 'build (b) in_progress', 'build (c) cancelled']);
  expect((await two.poll('Busy')).body.messageType).toBe('JobCancellation');
  await two.complete(second, 'cancelled');
  expect(conclusion()).toBe('failure');
});

test('max-parallel holds the rest of a matrix back; a failure that may happen does not count', async () => {
  const [one, two] = await dispatch(
    `
  build:
    runs-on: self-hosted
    continue-on-error: true
    strategy: { max-parallel: 1, matrix: { part: [a, b] } }
    steps: [{ run: 'true' }]`,
    ['one', 'two'],
  );
  if (!one || !two) throw new Error('no runners');
  const job = await one.nextJob();
  const waiting = two.nextJob();
  let changes = 0;
  // The poll's arrival is a change.
  await started.demo.waitFor(() => changes++ > 0);
  expect(outcomes()).toEqual(['build (a) in_progress', 'build (b) queued']);
  await one.complete(job, 'failure');
  await two.complete(await waiting, 'success');
  expect(conclusion()).toBe('success');
});

test('steps know their inputs, environment and conditions; one that never runs keeps its number', async () => {
  const [one] = await dispatch(`
  build:
    runs-on: self-hosted
    env: { LOUD: '\${{ inputs.loud }}', WHERE: '\${{ runner.os }}' }
    steps:
      - { name: 'Say \${{ env.LOUD }}', run: 'echo \${{ github.repository }} on $WHERE \${{ github.workspace }}' }
      - { run: 'echo mended', if: failure() }
      - { run: 'echo loud', if: inputs.loud }`);
  if (!one) throw new Error('no runner');
  const job = await one.nextJob();
  expect(job.environment).toMatchObject({
    LOUD: 'false',
    WHERE: 'Linux',
    GITHUB_JOB: 'build',
    GITHUB_RUN_NUMBER: '1',
  });
  expect(job.steps.map(({ number, name, script, condition }) => [number, name, script, condition])).toEqual([
    [2, 'Say false', 'echo octo/forge on $WHERE $GITHUB_WORKSPACE', 'success'],
    [3, 'Run echo mended', 'echo mended', 'failure'],
  ]);
  const last = { number: 4, name: 'Complete job', status: 'completed', conclusion: 'success' };
  await one.call('POST', '/_runner/results/steps', { jobId: job.jobId, steps: [last] });
  expect(started.demo.snapshot().jobs[0]?.steps.map(({ number, name }) => `${number} ${name}`)).toEqual([
    '4 Run echo loud',
    '5 Complete job',
  ]);
});

test('what is no expression fails its job and says why', async () => {
  const [one] = await dispatch(`
  first: { runs-on: self-hosted, if: 'oops(', steps: [{ run: 'true' }] }
  second: { runs-on: self-hosted, steps: [{ run: 'echo \${{ nothing( }}' }] }`);
  if (!one) throw new Error('no runner');
  const message = await one.poll();
  expect((await one.acquire(JSON.parse(String(message.body.body)).runner_request_id)).status).toBe(409);
  expect(outcomes()).toEqual(['first failure', 'second failure']);
  const said = started.demo.snapshot().jobs.map((job) => job.annotations[0]?.message);
  expect(said[0]).toContain('The condition is not valid.');
  expect(said[1]).toContain('The workflow is not valid.');
});
