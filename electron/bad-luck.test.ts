/** Bad luck and bad moments: jobs that run when a stop is asked for, killed processes, two engines on one folder. */
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Runner, Shift } from '../shared/model.ts';
import { deployRequest, isReady } from './testing/engine-lab.ts';
import {
  createPanelClient,
  expectNothingLeft,
  type HostileLab,
  openHostileLab,
  refusal,
  removeAll,
  when,
  whenAllReady,
} from './testing/hostile-lab.ts';

vi.setConfig({ testTimeout: 60_000 });

let hostile: HostileLab;
beforeEach(async () => {
  hostile = await openHostileLab();
});
afterEach(() => hostile.dispose());

/** One runner that runs a job which waits for the gate. */
async function busyRunner(): Promise<Runner> {
  await hostile.client.pools.deploy(deployRequest(hostile.repositoryId, 1));
  await whenAllReady(hostile, 1);
  return hostile.startJob();
}

const shifts = (): Shift[] =>
  Object.values(hostile.engine.board.current().shifts).sort((a, b) => a.startedAt - b.startedAt);

/** The forge's own word on the jobs, the first one first. */
async function conclusions(count: number): Promise<(string | null)[]> {
  const { jobs } = await hostile.github.waitFor(
    (state) => state.jobs.filter(({ status }) => status === 'completed').length === count,
    AbortSignal.timeout(45_000),
  );
  return jobs.map(({ conclusion }) => conclusion);
}

async function removeAndExpectNothing(): Promise<void> {
  await removeAll(hostile);
  await expectNothingLeft(hostile);
}

/** Processes are found by their arguments, which only Linux tells so plainly. */
const onLinux = test.skipIf(process.platform !== 'linux');

/** Kills a process of the runner by its name, as the kernel does when memory runs out. */
async function killNamed(words: string): Promise<void> {
  const found = await Promise.all(
    (await hostile.processes()).map(async ({ pid }) => ({
      pid,
      command: await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => ''),
    })),
  );
  const meant = found.filter(({ command }) => command.includes(words) && !command.startsWith('/bin/sh'));
  expect(meant, `processes called ${words}`).toHaveLength(1);
  for (const { pid } of meant) process.kill(pid, 'SIGKILL');
}

test('a stop that drains lets the job finish, then stops', async () => {
  const { client } = hostile;
  const { id: runnerId } = await busyRunner();
  await client.runners.stop({ runnerId, how: 'drain' });
  const [draining] = await when(hostile, ([runner]) => runner?.draining === true);
  expect(draining).toMatchObject({ state: 'busy', job: { name: 'Wait' } });
  expect(await hostile.processes()).not.toEqual([]);
  await hostile.openGate();
  const [stopped] = await when(hostile, ([runner]) => runner?.state === 'stopped');
  expect(stopped).toMatchObject({ draining: false, job: null, pid: null, cause: 'Stopped as asked.' });
  expect(shifts()).toMatchObject([{ jobName: 'Wait', result: 'Succeeded' }]);
  expect(await conclusions(1)).toEqual(['success']);
  expect(await hostile.processes()).toEqual([]);

  await client.runners.start({ runnerId });
  await when(hostile, ([runner]) => runner?.state === 'idle');
  await removeAndExpectNothing();
});

test('keep takes a waiting stop back: same process, job done, next job too', async () => {
  const { client } = hostile;
  const { id: runnerId, pid } = await busyRunner();
  await client.runners.stop({ runnerId, how: 'drain' });
  await when(hostile, ([runner]) => runner?.draining === true);
  await client.runners.keep({ runnerId });
  await when(hostile, ([runner]) => runner?.draining === false);
  await hostile.openGate();
  const [idle] = await when(hostile, ([runner]) => runner?.state === 'idle');
  expect(idle).toMatchObject({ pid, draining: false });
  await hostile.startJob();
  expect(await conclusions(2)).toEqual(['success', 'success']);
  await when(hostile, ([runner]) => runner?.state === 'idle');
  expect(shifts().map(({ result }) => result)).toEqual(['Succeeded', 'Succeeded']);
  await removeAndExpectNothing();
});

test('a stop now cancels the job, also one that waited for its end before', async () => {
  const { client } = hostile;
  const { id: runnerId } = await busyRunner();
  await client.runners.stop({ runnerId, how: 'drain' });
  await when(hostile, ([runner]) => runner?.draining === true);
  await client.runners.stop({ runnerId, how: 'now' });
  await when(hostile, ([runner]) => runner?.state === 'stopped');
  expect(shifts()).toMatchObject([{ result: 'Canceled' }]);
  expect(await conclusions(1)).toEqual(['cancelled']);
  expect(await hostile.processes()).toEqual([]);
  await removeAndExpectNothing();
});

test('a busy runner is removed after its job', async () => {
  const { client, engine } = hostile;
  const { id: runnerId } = await busyRunner();
  await client.runners.remove({ runnerId, how: 'drain' });
  const [draining] = await when(hostile, ([runner]) => runner?.draining === true);
  expect(draining).toMatchObject({ state: 'busy' });
  await hostile.openGate();
  await when(hostile, (rows) => rows.length === 0);
  expect(shifts()).toMatchObject([{ result: 'Succeeded' }]);
  expect(await conclusions(1)).toEqual(['success']);
  await engine.board.when(({ pools }) => Object.keys(pools).length === 0);
  await expectNothingLeft(hostile);
});

test('a restart waits for the job and brings a new process', async () => {
  const { client } = hostile;
  const { id: runnerId, pid, forgeRunnerId } = await busyRunner();
  await client.runners.restart({ runnerId });
  await when(hostile, ([runner]) => runner?.draining === true);
  await hostile.openGate();
  const [back] = await when(hostile, ([runner]) => runner?.state === 'idle' && runner.pid !== pid);
  expect(back).toMatchObject({ forgeRunnerId, draining: false });
  expect(await conclusions(1)).toEqual(['success']);
  await removeAndExpectNothing();
});

onLinux(
  'kill -9 of a worker: its job has failed, told as that, and the runner takes the next one',
  async () => {
    const { pid } = await busyRunner();
    await killNamed('Runner.Worker');
    const [idle] = await when(hostile, ([runner]) => runner?.state === 'idle');
    expect(idle).toMatchObject({ pid, job: null, cause: 'Finished “Wait”: Failed.' });
    // Why it failed is looked into first.
    await hostile.engine.board.when(() => shifts().every(({ result }) => result !== null));
    expect(shifts()).toMatchObject([
      { jobName: 'Wait', result: 'Failed', verdict: { cause: 'worker-died' } },
    ]);
    expect(await conclusions(1)).toEqual(['failure']);
    await hostile.openGate();
    await hostile.startJob();
    // The lost one is run again by itself, sooner or later.
    expect((await conclusions(2)).slice(0, 2)).toEqual(['failure', 'success']);
    await removeAndExpectNothing();
  },
);

onLinux(
  'kill -9 of a busy listener: its job is told as lost, nothing of it lives on, and it starts again by itself',
  async () => {
    await busyRunner();
    await killNamed('Runner.Listener');
    const [again] = await when(hostile, ([runner]) => (runner?.retryAt ?? null) !== null);
    expect(again).toMatchObject({
      state: 'starting',
      cause: expect.stringContaining('The runner was ended from outside (SIGKILL).'),
      job: null,
      pid: null,
    });
    expect(shifts()).toMatchObject([
      { result: 'Lost', endedAt: expect.any(Number), verdict: { cause: 'listener-died' } },
    ]);
    expect(await hostile.processes()).toEqual([]);
    await when(hostile, ([runner]) => (runner?.pid ?? null) !== null);
    await removeAndExpectNothing();
  },
);

test('two deploys at the same moment do not get in each other’s way', async () => {
  const { client, repositoryId } = hostile;
  await Promise.all([1, 2].map(() => client.pools.deploy(deployRequest(repositoryId, 2))));
  const rows = await whenAllReady(hostile, 4);
  expect(rows.map(({ name }) => name).sort()).toEqual(['arm-1', 'arm-2', 'arm-3', 'arm-4']);
  await removeAndExpectNothing();
});

test('a second engine is refused the folder with the number of the first, which is not disturbed', async () => {
  const { client, engine, dataFolder, repositoryId } = hostile;
  await client.pools.deploy(deployRequest(repositoryId, 1));
  await whenAllReady(hostile, 1);
  await expect(hostile.startEngine()).rejects.toMatchObject({
    code: 'CONFLICT',
    message: `Trackside already runs with the data folder ${dataFolder} (process ${process.pid}).`,
    data: { remedy: expect.stringContaining('--data-folder') },
  });
  await client.pools.deploy(deployRequest(repositoryId, 1));
  const before = await whenAllReady(hostile, 2);
  await engine.dispose();
  const next = await hostile.startEngine();
  const after = await when({ engine: next }, (rows) => rows.length === 2 && rows.every(isReady));
  expect(after.map(({ pid }) => pid).sort()).toEqual(before.map(({ pid }) => pid).sort());
});

test('the demo’s port taken by another program while Trackside was away: said so, and open again afterwards', async () => {
  const { client, engine } = hostile;
  const { connection } = await client.connections.addDemo({});
  await engine.dispose();
  const other = createServer();
  await new Promise<void>((resolve) => {
    other.listen(Number(new URL(connection.apiUrl).port), '127.0.0.1', resolve);
  });
  const printed = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  const next = await hostile.startEngine();
  printed.mockRestore();
  const faults: unknown[] = [];
  const panel = createPanelClient(next, (error) => faults.push(error));
  expect(await refusal(panel.connections.addDemo({}))).toMatchObject({
    code: 'CONFLICT',
    message: expect.stringMatching(/^Port \d+ on 127\.0\.0\.1 is in use/),
    remedy: expect.stringMatching(/\w/),
  });
  expect(faults).toEqual([]);
  await new Promise((resolve) => other.close(resolve));
  expect((await panel.connections.addDemo({})).connection).toMatchObject({ id: connection.id, usable: true });
});
