import { afterEach, expect, test } from 'vitest';
import { forgePath, openWorkflowLab, type RunBody, type WorkflowLab } from '../testing/workflow-lab.ts';

const step = "steps: [{ run: 'true' }]";
const whole = (concurrency: string) => `concurrency: ${concurrency}
jobs:
  one: { runs-on: self-hosted, ${step} }`;

let lab: WorkflowLab;
afterEach(() => lab.stop());

async function statusOf(...ids: number[]): Promise<string[]> {
  const runs = await Promise.all(ids.map((id) => lab.run(id)));
  return runs.map((run) => String(run.conclusion ?? run.status));
}

async function cancelRun(id: number): Promise<void> {
  await lab.github.rest('POST', `${forgePath}/actions/runs/${id}/cancel`);
}

test('a run waits for its group without jobs; a newer one takes the place of the one that waits', async () => {
  lab = await openWorkflowLab({ 'x.yml': whole(`deploy-\${{ inputs.group }}`) });
  const first = await lab.dispatch({ group: 'a' });
  const second = await lab.dispatch({ group: 'A' });
  const other = await lab.dispatch({ group: 'b' });
  expect(await statusOf(first, second, other)).toEqual(['queued', 'pending', 'queued']);
  expect(await lab.jobs(second)).toEqual([]);
  const third = await lab.dispatch({ group: 'a' });
  expect(await statusOf(first, second, third)).toEqual(['queued', 'cancelled', 'pending']);
  const pending = await lab.github.rest<{ workflow_runs: RunBody[] }>(
    'GET',
    `${forgePath}/actions/runs?status=pending`,
  );
  expect(pending.body.workflow_runs.map(({ id }) => id)).toEqual([third]);
  await cancelRun(first);
  expect(await statusOf(third)).toEqual(['queued']);
  expect(await lab.outcomes(third)).toEqual(['one queued']);
});

test('cancel-in-progress ends what goes on, and the newcomer begins when that has come to its end', async () => {
  lab = await openWorkflowLab({ 'x.yml': whole('{ group: x, cancel-in-progress: true }') });
  const runner = await lab.runner('one');
  const first = await lab.dispatch();
  const job = await runner.nextJob();
  const second = await lab.dispatch();
  expect(await statusOf(first, second)).toEqual(['in_progress', 'pending']);
  expect((await runner.poll('Busy')).body.messageType).toBe('JobCancellation');
  await runner.complete(job, 'cancelled');
  expect(await statusOf(first, second)).toEqual(['cancelled', 'queued']);
  const third = await lab.dispatch();
  expect(await statusOf(second, third)).toEqual(['cancelled', 'queued']);
});

test('a longer queue keeps all that wait, in their order', async () => {
  lab = await openWorkflowLab({ 'x.yml': whole('{ group: x, queue: max }') });
  const ids = [await lab.dispatch(), await lab.dispatch(), await lab.dispatch()];
  expect(await statusOf(...ids)).toEqual(['queued', 'pending', 'pending']);
  await cancelRun(ids[0] ?? 0);
  expect(await statusOf(...ids)).toEqual(['cancelled', 'queued', 'pending']);
});

test('a job waits for its group while the rest of its run goes on', async () => {
  lab = await openWorkflowLab({
    'x.yml': `jobs:
  free: { runs-on: self-hosted, ${step} }
  held: { runs-on: self-hosted, concurrency: only-one, ${step} }`,
  });
  const first = await lab.dispatch();
  const second = await lab.dispatch();
  expect(await lab.outcomes(second)).toEqual(['free queued', 'held pending']);
  const third = await lab.dispatch();
  expect(await lab.outcomes(second)).toEqual(['free queued', 'held cancelled']);
  await cancelRun(first);
  expect(await lab.outcomes(third)).toEqual(['free queued', 'held queued']);
});

test('a run whose only open job waits for its group is pending; one that waits for itself is cancelled', async () => {
  lab = await openWorkflowLab({
    'x.yml': `jobs:
  held: { runs-on: self-hosted, concurrency: only-one, ${step} }`,
    'knot.yml': `concurrency: knot
jobs:
  held: { runs-on: self-hosted, concurrency: Knot, ${step} }`,
  });
  await lab.dispatch();
  expect(await statusOf(await lab.dispatch())).toEqual(['pending']);
  const knot = await lab.dispatch({}, 'knot.yml');
  expect(await statusOf(knot)).toEqual(['cancelled']);
  const [job] = lab.github.demo.snapshot().jobs.filter(({ runId }) => runId === knot);
  expect(job?.annotations[0]?.message).toContain('deadlock');
});

test('a rerun comes to its group again', async () => {
  lab = await openWorkflowLab({ 'x.yml': whole('x') });
  const first = await lab.dispatch();
  await cancelRun(first);
  const second = await lab.dispatch();
  await lab.github.rest('POST', `${forgePath}/actions/runs/${first}/rerun`);
  expect(await statusOf(first, second)).toEqual(['pending', 'queued']);
  await cancelRun(first);
  expect(await statusOf(first)).toEqual(['cancelled']);
});
