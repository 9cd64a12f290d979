import type { components } from '@octokit/openapi-types';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createManualClock, type ManualClock } from '../../../platform/clock.ts';
import { forgePath, openWorkflowLab, type WorkflowLab } from '../testing/workflow-lab.ts';

type Pending = components['schemas']['pending-deployment'][];

const workflow = `jobs:
  deploy:
    runs-on: self-hosted
    environment: { name: '\${{ inputs.environment }}', url: 'https://example.com' }
    steps: [{ run: 'true' }]`;

let clock: ManualClock;
let lab: WorkflowLab;
beforeEach(async () => {
  clock = createManualClock(Date.UTC(2026, 0, 1));
  lab = await openWorkflowLab({ 'x.yml': workflow }, { clock });
});
afterEach(() => lab.stop());

const pendingPath = (id: number) => `${forgePath}/actions/runs/${id}/pending_deployments`;
const statusOf = async (id: number) => (await lab.run(id)).status;

test('lists the environments with their rules', async () => {
  const { body } = await lab.github.rest<{ total_count: number; environments: { name: string }[] }>(
    'GET',
    `${forgePath}/environments`,
  );
  expect(body.environments.map(({ name }) => name)).toEqual(['production', 'staging', 'preview']);
  const one = await lab.github.rest('GET', `${forgePath}/environments/Production`);
  expect(one.body.protection_rules).toMatchObject([
    {
      type: 'required_reviewers',
      reviewers: [{ reviewer: { login: 'octo' } }, { reviewer: { login: 'mona' } }],
    },
  ]);
  expect((await lab.github.rest('GET', `${forgePath}/environments/none`)).status).toBe(404);
});

test('holds a job until somebody approves', async () => {
  const id = await lab.dispatch({ environment: 'production' });
  expect(await statusOf(id)).toBe('waiting');
  expect(await lab.outcomes(id)).toEqual(['deploy waiting']);
  const pending = await lab.github.rest<Pending>('GET', pendingPath(id));
  expect(pending.body).toMatchObject([
    {
      environment: { name: 'production' },
      wait_timer: 0,
      wait_timer_started_at: null,
      current_user_can_approve: true,
      reviewers: [{ type: 'User', reviewer: { login: 'octo' } }, { reviewer: { login: 'mona' } }],
    },
  ]);
  const review = {
    environment_ids: [pending.body[0]?.environment.id],
    state: 'approved',
    comment: 'Ship it',
  };
  const refused = await lab.github.rest('POST', pendingPath(id), {
    body: review,
    token: 'no-administration',
  });
  expect(refused.status).toBe(403);
  const approved = await lab.github.rest<unknown[]>('POST', pendingPath(id), { body: review });
  expect([approved.status, approved.body]).toMatchObject([200, [{ environment: 'production' }]]);
  expect(await lab.outcomes(id)).toEqual(['deploy queued']);
  expect((await lab.github.rest<Pending>('GET', pendingPath(id))).body).toEqual([]);
  expect((await lab.github.rest('POST', pendingPath(id), { body: review })).status).toBe(422);
  const approvals = await lab.github.rest('GET', `${forgePath}/actions/runs/${id}/approvals`);
  expect(approvals.body).toMatchObject([
    {
      state: 'approved',
      comment: 'Ship it',
      user: { login: 'octo' },
      environments: [{ name: 'production' }],
    },
  ]);
});

test('fails a job that is refused', async () => {
  const id = await lab.dispatch({ environment: 'production' });
  const { body } = await lab.github.rest<Pending>('GET', pendingPath(id));
  const review = { environment_ids: [body[0]?.environment.id], state: 'rejected', comment: '' };
  await lab.github.rest('POST', pendingPath(id), { body: review });
  expect((await lab.run(id)).conclusion).toBe('failure');
});

test('lets a job go when its timer has ended, and makes an environment that nobody made', async () => {
  const id = await lab.dispatch({ environment: 'staging' });
  expect(await statusOf(id)).toBe('waiting');
  const { body } = await lab.github.rest<Pending>('GET', pendingPath(id));
  expect(body).toMatchObject([
    { wait_timer: 1, wait_timer_started_at: '2026-01-01T00:00:00Z', reviewers: [] },
  ]);
  const let_go = lab.github.demo.waitFor(({ jobs }) => jobs.some(({ status }) => status === 'queued'));
  await clock.advance(61_000);
  await let_go;
  expect(await statusOf(id)).toBe('queued');
  expect(await statusOf(await lab.dispatch({ environment: 'attic' }))).toBe('queued');
  expect((await lab.github.rest('GET', `${forgePath}/environments/attic`)).body.protection_rules).toEqual([]);
});

test('rules can be changed, and nobody approves what they started where that is forbidden', async () => {
  const body = { wait_timer: 0, prevent_self_review: true, reviewers: [{ type: 'User', id: 1001 }] };
  expect((await lab.github.rest('PUT', `${forgePath}/environments/preview`, { body })).status).toBe(200);
  const id = await lab.dispatch({ environment: 'preview' });
  const pending = await lab.github.rest<Pending>('GET', pendingPath(id));
  expect(pending.body[0]?.current_user_can_approve).toBe(false);
  const review = { environment_ids: [pending.body[0]?.environment.id], state: 'approved', comment: '' };
  expect((await lab.github.rest('POST', pendingPath(id), { body: review })).status).toBe(403);
  const wrong = await lab.github.rest('PUT', `${forgePath}/environments/preview`, {
    body: { wait_timer: -1 },
  });
  expect(wrong.status).toBe(422);
  await lab.github.rest('DELETE', `${forgePath}/environments/preview`);
  await clock.advance(1000);
  expect(await statusOf(id)).toBe('queued');
});
