import { afterAll, beforeAll, expect, test } from 'vitest';
import { type StartedDemo, startForTest } from '../testing/started.ts';

const root = '/repos/octo/forge';
const branch = 'feature/lamp';
let started: StartedDemo;
beforeAll(async () => {
  started = await startForTest();
});
afterAll(() => started.stop());

type Named = { name: string; commit: { sha: string } }[];

test('lists branches, tags and references', async () => {
  const branches = (await started.rest<Named>('GET', `${root}/branches`)).body;
  const tags = (await started.rest<Named>('GET', `${root}/tags`)).body;
  expect(branches.map(({ name }) => name)).toEqual(['main', branch]);
  expect(tags).toMatchObject([{ name: 'v1.0.0', commit: { sha: branches[0]?.commit.sha } }]);
  const matching = async (ref: string) =>
    (await started.rest<{ ref: string }[]>('GET', `${root}/git/matching-refs/${ref}`)).body.map(
      ({ ref }) => ref,
    );
  expect(await matching('heads')).toEqual(['refs/heads/main', 'refs/heads/feature/lamp']);
  expect(await matching('heads/fea')).toEqual(['refs/heads/feature/lamp']);
  expect(await matching('tags/')).toEqual(['refs/tags/v1.0.0']);
  expect(await matching('heads/none')).toEqual([]);
  expect((await started.rest('GET', `${root}/git/ref/heads/${branch}`)).status).toBe(200);
  expect((await started.rest('GET', `${root}/git/ref/heads/none`)).status).toBe(404);
  expect((await started.rest<Named>('GET', '/repos/octo/empty/branches')).body).toEqual([]);
});

test('gives files as they are on a branch, at a tag and at a commit', async () => {
  const path = `${root}/contents/.github/workflows/quick.yml`;
  const textAt = async (ref: string) => {
    const answer = await started.rest<{ content: string; url: string }>('GET', `${path}?ref=${ref}`);
    return Buffer.from(answer.body.content, 'base64').toString();
  };
  expect(await textAt('main')).toContain('name: Check\n');
  expect(await textAt(encodeURIComponent(branch))).toContain('name: Check the lamp');
  expect(await textAt('refs/tags/v1.0.0')).toBe(await textAt('main'));
  const { body } = await started.rest<Named>('GET', `${root}/branches`);
  expect(await textAt(body[1]?.commit.sha ?? '')).toContain('name: Check the lamp');
  expect((await started.rest('GET', `${path}?ref=none`)).status).toBe(404);
});

test('starts workflows on a branch and at a tag', async () => {
  const dispatch = (ref: string) =>
    started.rest<{ workflow_run_id: number }>('POST', `${root}/actions/workflows/quick.yml/dispatches`, {
      body: { ref, return_run_details: true },
    });
  const runOf = async (ref: string) => {
    const id = (await dispatch(ref)).body.workflow_run_id;
    const jobs = await started.rest<{ jobs: { name: string }[] }>('GET', `${root}/actions/runs/${id}/jobs`);
    const run = await started.rest('GET', `${root}/actions/runs/${id}`);
    return { branch: run.body.head_branch, sha: run.body.head_sha, job: jobs.body.jobs[0]?.name };
  };
  const { body } = await started.rest<Named>('GET', `${root}/branches`);
  expect(await runOf(branch)).toEqual({ branch, sha: body[1]?.commit.sha, job: 'Check the lamp' });
  expect(await runOf('refs/tags/v1.0.0')).toEqual({
    branch: 'v1.0.0',
    sha: body[0]?.commit.sha,
    job: 'Check',
  });
  expect(await dispatch('none')).toMatchObject({ status: 422, body: { message: 'No ref found for: none' } });
  const listed = await started.rest('GET', `${root}/actions/runs?branch=${encodeURIComponent(branch)}`);
  expect(listed.body.total_count).toBe(1);
});

test('a disabled workflow is not started until it is enabled again', async () => {
  const workflow = `${root}/actions/workflows/quick.yml`;
  const dispatch = () => started.rest('POST', `${workflow}/dispatches`, { body: { ref: 'main' } });
  expect((await started.rest('PUT', `${workflow}/disable`)).status).toBe(204);
  expect((await started.rest('GET', workflow)).body.state).toBe('disabled_manually');
  expect((await dispatch()).status).toBe(422);
  expect((await started.rest('PUT', `${workflow}/enable`)).status).toBe(204);
  expect((await dispatch()).status).toBe(204);
});
