/** The ways to end, on a whole engine with real runners and a job that a test ends. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Runner } from '../../shared/model.ts';
import { deployRequest, isReady, whenRunners } from '../testing/engine-lab.ts';
import {
  type HostileLab,
  openHostileLab,
  refusal,
  registered,
  whenAllReady,
} from '../testing/hostile-lab.ts';

const patienceMs = 60_000;
vi.setConfig({ testTimeout: 3 * patienceMs });
let lab: HostileLab;
let ended: Promise<void>;
let ends: number;

beforeEach(async () => {
  const end = Promise.withResolvers<void>();
  ended = end.promise;
  ends = 0;
  lab = await openHostileLab({
    engine: {
      onQuit() {
        ends += 1;
        end.resolve();
      },
    },
  });
});
afterEach(() => lab.dispose());

const deploy = async (count: number, change = {}): Promise<Runner[]> => {
  await lab.client.pools.deploy(deployRequest(lab.repositoryId, count, change));
  return whenAllReady(lab, count);
};
const quitting = () => lab.engine.board.current().panel.quitting;
const states = (): string[] =>
  Object.values(lab.engine.board.current().runners)
    .map(({ state }) => state)
    .sort();
const conclusions = () => lab.github.snapshot().jobs.map(({ conclusion }) => conclusion);

test('after the jobs: idle listeners stop at once, the busy one after its job, and the next start brings all back', async () => {
  await deploy(2);
  const busy = await lab.startJob();
  await lab.client.engine.quit({ how: 'finish-jobs' });
  expect(quitting()).toMatchObject({ how: 'finish-jobs', jobs: 1 });
  await whenRunners(lab.engine, (rows) => rows.some(({ state }) => state === 'stopped'), patienceMs);
  expect(states()).toEqual(['busy', 'stopped']);
  expect(lab.engine.quitting.holding()).toEqual({
    kind: 'quitting',
    sentence: 'Trackside ends when 1 job is done: no new jobs.',
  });
  expect(ends).toBe(0);
  await lab.openGate();
  await ended;
  expect(quitting()).toMatchObject({ jobs: 0 });
  expect(states()).toEqual(['stopped', 'stopped']);
  expect(conclusions()).toEqual(['success']);
  expect(registered(lab), 'their registrations stay').toHaveLength(2);
  await lab.engine.dispose();

  const next = await lab.startEngine();
  const back = await whenRunners(next, (rows) => rows.length === 2 && rows.every(isReady), patienceMs);
  expect(back.map(({ id }) => id)).toContain(busy.id);
  expect(ends).toBe(1);
});

test('without a job it ends at once', async () => {
  await deploy(1);
  await lab.client.engine.quit({ how: 'finish-jobs' });
  await ended;
  expect(states()).toEqual(['stopped']);
});

test('an end that waits is taken back: listeners start again, the job never noticed', async () => {
  await deploy(2);
  const busy = await lab.startJob();
  await lab.client.engine.quit({ how: 'finish-jobs' });
  await whenRunners(lab.engine, (rows) => rows.some(({ state }) => state === 'stopped'), patienceMs);
  await lab.client.engine.cancelQuit({});
  expect(quitting()).toBeNull();
  expect(lab.engine.quitting.holding()).toBeNull();
  await whenRunners(lab.engine, (rows) => rows.some(({ state }) => state === 'idle'), patienceMs);
  await lab.openGate();
  const rows = await whenRunners(lab.engine, (all) => all.every(({ state }) => state === 'idle'), patienceMs);
  expect(rows.find(({ id }) => id === busy.id)?.pid).toBe(busy.pid);
  expect(rows.every(({ draining }) => !draining)).toBe(true);
  expect(ends).toBe(0);
});

test('a runner that a person starts meanwhile stops again', async () => {
  await deploy(2);
  const busy = await lab.startJob();
  await lab.client.engine.quit({ how: 'finish-jobs' });
  const idle = (rows: Runner[]) => rows.find(({ id }) => id !== busy.id);
  await whenRunners(lab.engine, (rows) => idle(rows)?.state === 'stopped', patienceMs);
  await lab.client.runners.start({
    runnerId: idle(Object.values(lab.engine.board.current().runners))?.id ?? '',
  });
  await lab.openGate();
  await ended;
  expect(states()).toEqual(['stopped', 'stopped']);
});

test('after the bound a job is left to the next engine', async () => {
  const [runner] = await deploy(1);
  await lab.startJob();
  await lab.client.settings.change({ drainBoundMs: 200 });
  await lab.client.engine.quit({ how: 'finish-jobs' });
  await ended;
  expect(states()).toEqual(['busy']);
  await lab.engine.dispose();
  expect((await lab.processes()).length).toBeGreaterThan(0);
  const next = await lab.startEngine();
  const [adopted] = await whenRunners(next, ([row]) => row?.state === 'busy' && !row.draining, patienceMs);
  expect(adopted).toMatchObject({ id: runner?.id, pid: runner?.pid });
  await lab.openGate();
  await lab.github.waitFor(({ jobs }) => jobs[0]?.conclusion === 'success', AbortSignal.timeout(patienceMs));
});

test('leaving the runners at work ends at once and touches nothing', async () => {
  const [runner] = await deploy(1);
  await lab.startJob();
  await lab.client.engine.quit({ how: 'leave-running' });
  await ended;
  expect(lab.engine.board.current().runners[runner?.id ?? '']).toMatchObject({
    state: 'busy',
    draining: false,
    pid: runner?.pid,
  });
  expect(await refusal(lab.client.engine.cancelQuit({}))).toMatchObject({ code: 'CONFLICT' });
});

test('stopping now cancels the jobs, also when it was first to wait for them', async () => {
  await deploy(2);
  await lab.startJob();
  await lab.client.engine.quit({ how: 'finish-jobs' });
  await lab.client.engine.quit({ how: 'stop-now' });
  expect(quitting()).toMatchObject({ how: 'stop-now' });
  expect(await refusal(lab.client.engine.cancelQuit({}))).toMatchObject({ code: 'CONFLICT' });
  await ended;
  expect(states()).toEqual(['stopped', 'stopped']);
  expect(await lab.processes()).toEqual([]);
});

test('a runner for one job that has none is deregistered; one with a job is waited for', async () => {
  await deploy(2, {
    lifecycle: { mode: 'ephemeral' },
    scaling: { policy: 'balanced', minRunners: 2, maxRunners: 2 },
  });
  await lab.startJob();
  await lab.client.engine.quit({ how: 'finish-jobs' });
  await whenRunners(lab.engine, (rows) => rows.length === 1, patienceMs);
  expect(states()).toEqual(['busy']);
  await lab.openGate();
  await ended;
  await lab.engine.dispose();
  expect(conclusions()).toEqual(['success']);
  expect(registered(lab)).toEqual([]);
  expect(await lab.processes()).toEqual([]);
});
