/** Runs of a real engine: the demo GitHub, practice runners, a token that is taken away, a run that is deleted. */
import { afterEach, expect, test, vi } from 'vitest';
import type { RunDetail } from '../../../shared/model.ts';
import { deployRequest } from '../../testing/engine-lab.ts';
import { type HostileLab, openHostileLab, type PanelClient, refusal } from '../../testing/hostile-lab.ts';

vi.setConfig({ testTimeout: 120_000 });

let hostile: HostileLab | null = null;
afterEach(async () => {
  await hostile?.dispose();
  hostile = null;
});

async function open(): Promise<HostileLab & { started: number }> {
  const lab = await openHostileLab();
  hostile = lab;
  const { client, repositoryId } = lab;
  const [workflow] = await client.workflows.list({ repositoryId });
  const { runId } = await client.workflows.dispatch({
    ...{ repositoryId, workflowId: workflow?.id ?? 0, ref: null, inputs: {} },
  });
  return Object.assign(lab, { started: runId ?? 0 });
}

/** Reads on until a detail satisfies the condition. */
async function until(
  details: AsyncIterator<RunDetail>,
  condition: (detail: RunDetail) => boolean,
): Promise<RunDetail> {
  for (;;) {
    const next = await details.next();
    if (next.done) throw new Error('The run is not told of any more');
    if (condition(next.value)) return next.value;
  }
}

function watch(client: PanelClient, repositoryId: string, runId: number, signal?: AbortSignal) {
  return client.runs.watch({ repositoryId, runId }, { signal });
}

test('a run is watched from its queue to its end, and knows the runner of ours', async () => {
  const lab = await open();
  const { client, repositoryId, started: runId } = lab;
  const details = await watch(client, repositoryId, runId);
  const waiting = await until(details, () => true);
  expect(waiting).toMatchObject({
    run: { id: runId, repositoryId, event: 'workflow_dispatch', conclusion: null },
    jobs: [{ name: 'Wait', labels: ['self-hosted'], needs: [], runnerId: null }],
    ...{ artifacts: [], gates: [], problem: null },
  });
  const { runnerIds } = await client.pools.deploy(deployRequest(repositoryId, 1));
  const running = await until(details, ({ jobs }) => jobs.some(({ status }) => status === 'in_progress'));
  expect(running.jobs[0]).toMatchObject({ runnerId: runnerIds[0] });
  await lab.openGate();
  const ended = await until(details, ({ run }) => run.status === 'completed');
  expect(ended).toMatchObject({
    run: { conclusion: 'success' },
    jobs: [{ status: 'completed', conclusion: 'success', runnerId: runnerIds[0] }],
  });
  expect((await details.next()).done).toBe(true);
  const { runs, total } = await client.runs.list({
    ...{ repositoryId, workflowId: null, status: 'success', branch: 'main', event: 'workflow_dispatch' },
    ...{ actor: null, page: 1, perPage: 10 },
  });
  expect([total, runs.map(({ id }) => id)]).toEqual([1, [runId]]);
  const { events } = await client.history.query({
    ...{ runnerId: null, poolId: null, repositoryId, kinds: ['person'], search: '', before: null, limit: 10 },
  });
  expect(events.map(({ cause }) => cause)).toContainEqual(expect.stringMatching(/^Started the workflow/));
});

test('a run that is cancelled and run again shows it at once, to everybody', async () => {
  const { client, repositoryId, started: runId } = await open();
  const [one, other] = [await watch(client, repositoryId, runId), await watch(client, repositoryId, runId)];
  await Promise.all([until(one, () => true), until(other, () => true)]);
  const cancelled = Promise.all(
    [one, other].map((details) => until(details, ({ run }) => run.conclusion === 'cancelled')),
  );
  await client.runs.cancel({ repositoryId, runId, force: false });
  const [first, second] = await cancelled;
  expect(first).toEqual(second);
  expect(await refusal(client.runs.cancel({ repositoryId, runId, force: false }))).toMatchObject({
    code: 'CONFLICT',
  });
  await client.runs.rerun({ repositoryId, runId, which: 'all', jobId: null });
  const again = await watch(client, repositoryId, runId);
  expect(await until(again, ({ run }) => run.attempt === 2)).toMatchObject({ run: { conclusion: null } });
  expect(await refusal(client.runs.rerun({ repositoryId, runId, which: 'job', jobId: null }))).toMatchObject({
    code: 'INVALID_REQUEST',
    field: 'jobId',
  });
});

test('a run that is deleted while somebody looks is told, and then it is over', async () => {
  const lab = await open();
  const { client, repositoryId, started: runId } = lab;
  const details = await watch(client, repositoryId, runId);
  const before = await until(details, () => true);
  await client.runs.cancel({ repositoryId, runId, force: true });
  expect((await lab.asOther('DELETE', `/repos/octo/forge/actions/runs/${runId}`)).status).toBe(204);
  const gone = await until(details, ({ problem }) => problem !== null);
  expect(gone.run.id).toBe(before.run.id);
  expect(gone.problem).toMatchObject({ code: 'UNKNOWN' });
  expect((await details.next()).done).toBe(true);
});

test('a token that is taken away is told in the run, and a new one goes on with it', async () => {
  const lab = await open();
  const { client, repositoryId, started: runId, github, engine } = lab;
  const details = await watch(client, repositoryId, runId);
  await until(details, () => true);
  const fault = github.faults.set({ kind: 'revoked-token' });
  const refused = await until(details, ({ problem }) => problem !== null);
  expect(refused).toMatchObject({ run: { id: runId }, problem: { code: 'TOKEN_REFUSED' } });
  await engine.board.when(({ connections }) => Object.values(connections).some(({ usable }) => !usable));
  github.faults.clear(fault);
  const mended = until(details, ({ problem }) => problem === null);
  await client.connections.add({ token: github.token, apiUrl: `${github.url}/api/v3`, repository: null });
  expect(await mended).toMatchObject({ run: { id: runId } });
  await client.runs.cancel({ repositoryId, runId, force: false });
});

test('nothing that is wrong about a start reaches the forge', async () => {
  const { client, repositoryId } = await open();
  const [workflow] = await client.workflows.list({ repositoryId });
  const dispatch = (change: object) =>
    client.workflows.dispatch({
      ...{ repositoryId, workflowId: workflow?.id ?? 0, ref: null, inputs: {}, ...change },
    });
  expect(await refusal(dispatch({ inputs: { color: 'red' } }))).toMatchObject({
    ...{ code: 'INVALID_REQUEST', field: 'inputs.color' },
  });
  expect(await refusal(dispatch({ ref: 'nowhere' }))).toMatchObject({ field: 'ref' });
  expect(await refusal(dispatch({ workflowId: 12345 }))).toMatchObject({ code: 'UNKNOWN' });
  await client.workflows.setEnabled({ repositoryId, workflowId: workflow?.id ?? 0, enabled: false });
  expect(await refusal(dispatch({}))).toMatchObject({ code: 'CONFLICT' });
  expect(await client.workflows.refs({ repositoryId })).toMatchObject({
    branches: expect.arrayContaining(['main']),
  });
  expect(await client.workflows.environments({ repositoryId })).toContain('production');
});
