import { afterEach, beforeEach, expect, test } from 'vitest';
import { type StartedDemo, startForTest } from '../testing/started.ts';
import { createWireRunner, type WireRunner } from '../testing/wire-runner.ts';

let started: StartedDemo;
beforeEach(async () => {
  started = await startForTest();
});
afterEach(() => started.stop());

async function listening(name: string): Promise<WireRunner> {
  const { url, repository } = started.demo;
  const runner = await createWireRunner({ url, repository, token: await started.runnerToken(), name });
  await runner.open();
  return runner;
}

const dispatch = (repository = 'octo/forge') =>
  started.rest('POST', `/repos/${repository}/actions/workflows/quick.yml/dispatches`, {
    body: { ref: 'main' },
  });
const push = (body: Record<string, unknown>) =>
  started.rest<{ runs: { id: number; workflow: string }[] }>('POST', '/_demo/push', { body });

test('while dispatch is stalled a listening runner is sent nothing; afterwards it is, at once', async () => {
  const runner = await listening('one');
  started.demo.faults.set({ kind: 'dispatch-stalled', repository: 'octo/other' });
  await dispatch();
  const first = await runner.nextJob();
  await runner.complete(first, 'success');
  const id = started.demo.faults.set({ kind: 'dispatch-stalled', repository: 'octo/forge' });
  const next = runner.nextJob();
  await started.demo.waitFor(({ runners }) => runners[0]?.isOnline === true);
  await dispatch();
  expect(started.demo.snapshot().jobs.at(-1)).toMatchObject({ status: 'queued', offer: null });
  started.demo.faults.clear(id);
  expect((await next).jobName).toBe('check');
});

test('the status page tells of an outage of Actions', async () => {
  const page = async () => {
    const { body } = await started.rest<{
      status: { indicator: string };
      components: { name: string; status: string }[];
      incidents: { name: string; impact: string; components: { name: string }[] }[];
    }>('GET', '/_demo/status/api/v2/summary.json', { token: null });
    const actions = body.components.find(({ name }) => name === 'Actions')?.status;
    return { indicator: body.status.indicator, actions, incidents: body.incidents };
  };
  expect(await page()).toEqual({ indicator: 'none', actions: 'operational', incidents: [] });
  const id = started.demo.faults.set({
    kind: 'actions-outage',
    level: 'degraded_performance',
    incident: 'Slow',
  });
  expect(await page()).toMatchObject({
    indicator: 'minor',
    actions: 'degraded_performance',
    incidents: [{ name: 'Slow', impact: 'minor', components: [{ name: 'Actions' }] }],
  });
  started.demo.faults.clear(id);
  started.demo.faults.set({ kind: 'actions-outage' });
  expect(await page()).toMatchObject({ indicator: 'critical', actions: 'major_outage' });
  expect(() => started.demo.faults.set({ kind: 'actions-outage', level: 'bad' as 'major_outage' })).toThrow(
    /level/,
  );
});

test('a push starts the workflows that are for its branch', async () => {
  const onMain = await push({ repository: 'octo/forge', branch: 'main', actor: 'mona' });
  expect([onMain.status, onMain.body.runs.map(({ workflow }) => workflow)]).toEqual([
    201,
    ['.github/workflows/build.yml', '.github/workflows/quick.yml'],
  ]);
  const run = await started.rest('GET', `/repos/octo/forge/actions/runs/${onMain.body.runs[1]?.id}`);
  expect(run.body).toMatchObject({ event: 'push', head_branch: 'main', actor: { login: 'mona' } });
  await started.rest('PUT', '/repos/octo/forge/actions/workflows/build.yml/disable');
  const again = await push({ repository: 'octo/forge', branch: 'main' });
  expect(again.body.runs.map(({ workflow }) => workflow)).toEqual(['.github/workflows/quick.yml']);
  const onBranch = await push({ repository: 'octo/forge', branch: 'feature/lamp' });
  expect(onBranch.body.runs.map(({ workflow }) => workflow)).toEqual(['.github/workflows/quick.yml']);
  expect((await push({ repository: 'octo/forge', branch: 'none' })).status).toBe(422);
  const stranger = { body: { repository: 'octo/forge', branch: 'main' }, token: 'classic-repo' } as const;
  expect((await started.rest('POST', '/_demo/push', stranger)).status).toBe(401);
});
