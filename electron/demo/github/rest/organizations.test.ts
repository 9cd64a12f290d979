import type { components } from '@octokit/openapi-types';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type StartedDemo, startForTest } from '../testing/started.ts';
import { createWireRunner, type WireRunner } from '../testing/wire-runner.ts';

type Groups = { total_count: number; runner_groups: components['schemas']['runner-groups-org'][] };

const org = '/orgs/acme-corp/actions';
const token = 'organization-admin';
let started: StartedDemo;
beforeAll(async () => {
  started = await startForTest({
    posedRunners: [
      { name: 'acme-1', owner: 'acme-corp', labels: ['gpu'] },
      { name: 'acme-2', owner: 'acme-corp', groupId: 2, pose: 'offline' },
    ],
  });
});
afterAll(() => started.stop());

async function runnerIn(name: string, groupId: number): Promise<WireRunner> {
  const { body } = await started.rest<{ token: string }>('POST', `${org}/runners/registration-token`, {
    token,
  });
  const options = { url: started.demo.url, repository: 'acme-corp', token: body.token, name, groupId };
  const runner = await createWireRunner(options);
  await runner.open();
  return runner;
}

test('only an owner with the scope for it sees the runners of an organisation', async () => {
  const statusOf = async (name: Parameters<typeof started.rest>[2]) =>
    (await started.rest('GET', `${org}/runners`, name)).status;
  expect(await statusOf({ token })).toBe(200);
  expect(await statusOf({ token: 'full' })).toBe(403);
  expect(await statusOf({ token: 'classic-repo' })).toBe(403);
  expect(await statusOf({ token: 'no-admin-right' })).toBe(403);
  expect(await statusOf({ token: 'sso-unauthorized' })).toBe(403);
  expect(await statusOf({ token: null })).toBe(401);
  expect((await started.rest('GET', '/orgs/nobody/actions/runners', { token })).status).toBe(404);
});

test('lists runners, groups, and what is in them', async () => {
  const runners = await started.rest('GET', `${org}/runners`, { token });
  expect(runners.body.runners).toMatchObject([
    { name: 'acme-1', status: 'online', busy: false, runner_group_id: 1 },
    { name: 'acme-2', status: 'offline', runner_group_id: 2 },
  ]);
  expect(runners.headers.get('x-accepted-oauth-scopes')).toBe('admin:org');
  const inGroup = await started.rest('GET', `${org}/runner-groups/2/runners`, { token });
  expect(inGroup.body).toMatchObject({ total_count: 1, runners: [{ name: 'acme-2' }] });
  const selected = await started.rest('GET', `${org}/runner-groups/2/repositories`, { token });
  expect(selected.body).toMatchObject({ total_count: 1, repositories: [{ full_name: 'acme-corp/vault' }] });
  expect((await started.rest('GET', `${org}/runner-groups/9`, { token })).status).toBe(404);
  const own = await started.rest('GET', '/repos/acme-corp/workshop/actions/runners', { token });
  expect(own.body.total_count).toBe(0);
});

test('tells which groups serve a repository', async () => {
  const namesFor = async (query: string) => {
    const { body } = await started.rest<Groups>('GET', `${org}/runner-groups${query}`, { token });
    return body.runner_groups.map(({ name }) => name);
  };
  expect(await namesFor('')).toEqual(['Default', 'Vault only', 'Open source']);
  expect(await namesFor('?visible_to_repository=workshop')).toEqual(['Default', 'Open source']);
  expect(await namesFor('?visible_to_repository=showcase')).toEqual(['Open source']);
  expect(await namesFor('?visible_to_repository=Vault')).toEqual(['Default', 'Vault only', 'Open source']);
});

test('offers jobs only to runners of groups that serve their repository', async () => {
  const dispatch = (repository: string) =>
    started.rest('POST', `/repos/acme-corp/${repository}/actions/workflows/check.yml/dispatches`, {
      token,
      body: { ref: 'main' },
    });
  const forVault = await runnerIn('for-vault', 2);
  const forAll = await runnerIn('for-all', 1);
  const forOpen = await runnerIn('for-open', 3);
  let told = 0;
  void forVault.nextJob().then(
    () => told++,
    () => undefined,
  );
  const next = forAll.nextJob();
  await started.demo.waitFor(({ runners }) => runners.filter(({ isOnline }) => isOnline).length >= 4);
  await dispatch('showcase');
  await dispatch('workshop');
  const job = await next;
  expect(job.environment.GITHUB_REPOSITORY).toBe('acme-corp/workshop');
  expect((await forOpen.nextJob()).environment.GITHUB_REPOSITORY).toBe('acme-corp/showcase');
  expect(told).toBe(0);
  const { jobs } = started.demo.snapshot();
  expect(jobs.map(({ runnerGroup }) => runnerGroup?.name)).toEqual(['Open source', 'Default']);
});
