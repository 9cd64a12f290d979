import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { type StartedDemo, startForTest } from '../../demo/github/testing/started.ts';
import { createWireRunner } from '../../demo/github/testing/wire-runner.ts';
import { systemClock } from '../../platform/clock.ts';
import type { QueueLook, QueueReader, ReadingPurpose } from '../forge.ts';
import { gitHubForges } from './client.ts';

const repository = 'octo/forge';
const root = `/repos/${repository}/actions`;
let started: StartedDemo;
beforeAll(async () => {
  started = await startForTest();
});
afterAll(() => started.stop());

const forge = () =>
  gitHubForges({ clock: systemClock, retryBaseMs: 1, timeoutMs: 5000 })({
    apiUrl: started.demo.url,
    token: started.demo.token,
  });
let reader: QueueReader;
let sent: { purpose: ReadingPurpose; charged: boolean }[];
beforeEach(() => {
  sent = [];
  reader = forge().queueReader(repository, (purpose) => ({
    sent: () => void sent.push({ purpose, charged: false }),
    charged: () => Object.assign(sent.at(-1) ?? {}, { charged: true }),
  }));
});
afterEach(async () => {
  started.demo.faults.clear();
  for (const { id, attempts } of started.demo.snapshot().runs)
    if (!attempts.at(-1)?.conclusion) await started.rest('POST', `${root}/runs/${id}/force-cancel`);
});

const many = 1000;
const look = (more: Partial<QueueLook> = {}) =>
  reader.look({
    scope: 'next',
    refreshMs: many,
    upkeepMs: 1000 * many,
    isThrifty: false,
    mostChanged: many,
    mostAgain: many,
    ...more,
  });
/** The two looks of an interval. */
const interval = async (more: Partial<QueueLook> = {}) => {
  await look(more);
  return look(more);
};

async function queue(file = 'quick.yml'): Promise<number> {
  const { body } = await started.rest<{ workflows: { id: number; path: string }[] }>(
    'GET',
    `${root}/workflows`,
  );
  const workflow = body.workflows.find(({ path }) => path.endsWith(file));
  await started.rest('POST', `${root}/workflows/${workflow?.id}/dispatches`, { body: { ref: 'main' } });
  return started.demo.snapshot().runs.at(-1)?.id ?? 0;
}
const cancel = (runId: number) => started.rest('POST', `${root}/runs/${runId}/force-cancel`);

async function onlineRunner(name: string) {
  const token = await started.runnerToken();
  const runner = await createWireRunner({ url: started.demo.url, token, repository, name });
  await runner.open();
  return runner;
}

test('while nothing changes a look is one request that costs nothing', async () => {
  expect(await look()).toMatchObject({ jobs: [], isNews: true, activeRuns: 0, unread: 0 });
  sent.splice(0);
  expect(await look()).toMatchObject({ jobs: [], isNews: false });
  expect(await look()).toMatchObject({ isNews: false });
  expect(sent).toEqual([
    { purpose: 'news', charged: false },
    { purpose: 'news', charged: false },
  ]);
  await look({ upkeepMs: 0 });
  expect(sent.slice(2).map(({ purpose }) => purpose)).toEqual(['news', 'upkeep', 'upkeep', 'upkeep']);
  expect(sent.every(({ charged }) => !charged)).toBe(true);
});

test('either question shows a new run, and its jobs are read once', async () => {
  await interval();
  for (const looksBefore of [0, 1]) {
    if (looksBefore === 1) await look();
    const runId = await queue();
    sent.splice(0);
    const { jobs, isNews } = await look();
    expect(isNews).toBe(true);
    expect(jobs).toMatchObject([{ runId, runAttempt: 1, status: 'queued', name: 'Check' }]);
    expect(sent).toHaveLength(2);
    await cancel(runId);
    expect((await interval()).jobs).toEqual([]);
  }
});

test('a run of any age that is started again is seen within an interval', async () => {
  const old = await queue();
  await cancel(old);
  for (let count = 0; count < 31; count++) await cancel(await queue());
  await look({ scope: 'all' });
  await started.rest('POST', `${root}/runs/${old}/rerun`);
  expect((await interval()).jobs).toMatchObject([{ runId: old, runAttempt: 2, status: 'queued' }]);
  const runner = await onlineRunner('old-1');
  const job = await runner.nextJob();
  // It left the one list that had it, and is too old for the other.
  expect((await interval()).jobs).toMatchObject([{ runId: old, status: 'in_progress', runnerName: 'old-1' }]);
  await runner.complete(job, 'success');
  expect((await interval({ refreshMs: 0 })).jobs).toEqual([]);
  await runner.close();
});

test('a job that was waiting for another is seen when that ends', async () => {
  await look({ scope: 'all' });
  const runId = await queue('build.yml');
  expect((await interval()).jobs).toMatchObject([{ runId, name: 'Prepare', status: 'queued' }]);
  const runner = await onlineRunner('needs-1');
  const job = await runner.nextJob();
  expect((await interval()).jobs).toMatchObject([{ status: 'in_progress', runnerName: 'needs-1' }]);
  await runner.complete(job, 'success');
  await runner.close();
  reader.doubt({ runnerName: 'needs-1' });
  expect((await look()).jobs.map(({ name, status }) => `${name} ${status}`)).toEqual([
    'Compile debug queued',
    'Compile release queued',
  ]);
});

test('a doubt reads the run that it concerns', async () => {
  await queue();
  await queue('build.yml');
  await interval();
  await look();
  sent.splice(0);
  reader.doubt({ jobName: 'Check' });
  reader.doubt({ jobName: 'No such job' });
  expect(await look()).toMatchObject({ isNews: true, activeRuns: 2 });
  expect(sent.map(({ charged }) => charged)).toEqual([false, false]);
});

test('thrifty looks ask what shows nearly all, upkeep the rest', async () => {
  await look({ scope: 'all' });
  sent.splice(0);
  const runId = await queue();
  for (const scope of ['next', 'both', 'next'] as const) await look({ isThrifty: true, scope });
  expect(sent.map(({ charged }) => charged)).toEqual([true, true, false, false]);
  expect((await look({ isThrifty: true, upkeepMs: 0 })).jobs).toMatchObject([{ runId }]);
  expect(sent.length).toBe(8);
});

test('what does not fit into a look is read by the next ones', async () => {
  await interval();
  for (let count = 0; count < 5; count++) await queue();
  expect(await look({ mostChanged: 2 })).toMatchObject({ activeRuns: 5, unread: 3, jobs: { length: 2 } });
  expect(await look({ mostChanged: 0, mostAgain: 0 })).toMatchObject({ unread: 3 });
  expect(await interval({ mostChanged: 2 })).toMatchObject({ unread: 0, jobs: { length: 5 } });
  sent.splice(0);
  await look({ refreshMs: 0, mostAgain: 3 });
  expect(sent.map(({ purpose }) => purpose)).toEqual(['news', 'again', 'again', 'again']);
});

test('a run that is deleted is forgotten', async () => {
  const runId = await queue();
  expect((await interval()).activeRuns).toBe(1);
  await cancel(runId);
  await started.rest('DELETE', `${root}/runs/${runId}`);
  expect(await interval()).toMatchObject({ jobs: [], activeRuns: 0 });
});

test('jobs that could not be read are read by the next look', async () => {
  await interval();
  const runId = await queue();
  started.demo.faults.set({ kind: 'server-error', status: 503, pathPattern: '/jobs$' });
  await expect(look()).rejects.toMatchObject({ code: 'FORGE_UNREACHABLE' });
  await expect(look()).rejects.toMatchObject({ code: 'FORGE_UNREACHABLE' });
  started.demo.faults.clear();
  expect((await look()).jobs).toMatchObject([{ runId }]);
});

test('second tries are counted as well', async () => {
  await interval();
  sent.splice(0);
  started.demo.faults.set({ kind: 'server-error', status: 502, count: 1 });
  await look();
  expect(sent.map(({ charged }) => charged)).toEqual([true, false]);
});
