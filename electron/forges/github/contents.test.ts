import { afterAll, beforeAll, expect, test } from 'vitest';
import { type StartedDemo, startForTest } from '../../demo/github/testing/started.ts';
import { createWireRunner } from '../../demo/github/testing/wire-runner.ts';
import { systemClock } from '../../platform/clock.ts';
import type { Forge } from '../forge.ts';
import { gitHubForges } from './client.ts';

const repository = 'octo/forge';
let started: StartedDemo;
let forge: Forge;
beforeAll(async () => {
  started = await startForTest();
  const createForge = gitHubForges({ clock: systemClock, retryBaseMs: 1, timeoutMs: 5000 });
  forge = createForge({ apiUrl: started.demo.url, token: started.demo.token });
});
afterAll(() => started.stop());

test('workflow files are read as they are on a branch', async () => {
  const files = await forge.workflowFiles(repository, null);
  const quick = files.find(({ path }) => path === '.github/workflows/quick.yml');
  expect(quick?.text).toContain('name: Quick check');
  expect(quick?.url).toMatch(/\/octo\/forge\/blob\/main\/.github\/workflows\/quick.yml$/);
  const lamp = await forge.workflowFiles(repository, 'feature/lamp');
  expect(lamp.find(({ path }) => path === quick?.path)?.text).toContain('Check the lamp');
  await expect(forge.workflowFiles(repository, 'no-such-branch')).rejects.toMatchObject({
    code: 'UNKNOWN',
    message: 'octo/forge has no branch, tag or commit no-such-branch.',
  });
  expect(await forge.workflowFiles('octo/empty', null)).toEqual([]);
});

test('one file is read, or is not there, and a repository that is out of sight is told', async () => {
  expect(await forge.file(repository, 'README.md', null)).toMatch(/^#/);
  expect(await forge.file(repository, 'no-such-file', 'main')).toBeNull();
  expect(await forge.file(repository, '.github', null)).toBeNull();
  await expect(forge.file(repository, 'README.md', 'nowhere')).rejects.toMatchObject({ code: 'UNKNOWN' });
  await expect(forge.file('octo/nothing', 'README.md', null)).rejects.toMatchObject({
    code: 'UNKNOWN',
    message: expect.stringContaining('The repository octo/nothing'),
  });
});

test('branches, tags and environments', async () => {
  const { branches, tags } = await forge.refs(repository);
  expect(branches).toEqual(expect.arrayContaining(['main', 'feature/lamp']));
  expect(tags.length).toBeGreaterThan(0);
  expect(await forge.environments(repository)).toEqual(expect.arrayContaining(['production', 'staging']));
});

test('a workflow that is switched off says so, and can be switched on again', async () => {
  const quick = async () => {
    const found = (await forge.workflows(repository)).find(({ path }) => path.endsWith('quick.yml'));
    if (!found) throw new Error('There is no quick workflow.');
    return found;
  };
  const { id } = await quick();
  expect(await quick()).toMatchObject({
    state: 'active',
    inputs: [],
    problem: null,
    url: expect.stringContaining('/blob/main/.github/workflows/quick.yml'),
  });
  await forge.setWorkflowEnabled(repository, id, false);
  expect(await quick()).toMatchObject({ state: 'disabled', inputs: null, problem: 'It is switched off.' });
  await forge.setWorkflowEnabled(repository, id, true);
  expect(await quick()).toMatchObject({ state: 'active', problem: null });
  await expect(forge.setWorkflowEnabled(repository, 1, true)).rejects.toMatchObject({ code: 'UNKNOWN' });
});

test('pages where files are edited and made', () => {
  const { url } = started.demo;
  expect(forge.editPage(repository, 'feature/a b', '.github/workflows/x.yml')).toBe(
    `${url}/octo/forge/edit/feature/a%20b/.github/workflows/x.yml`,
  );
  const page = new URL(
    forge.newFilePage(repository, 'main', '.github/workflows/x.yml', 'on: push\n# & more'),
  );
  expect(page.pathname).toBe('/octo/forge/new/main');
  expect(page.searchParams.get('filename')).toBe('.github/workflows/x.yml');
  expect(page.searchParams.get('value')).toBe('on: push\n# & more');
});

test('custom labels of a runner are replaced, the others stay', async () => {
  const token = await started.runnerToken();
  const { url } = started.demo;
  const runner = await createWireRunner({ url, token, repository, name: 'labels-1', labels: ['old'] });
  const labels = await forge.setLabels(repository, runner.id, ['gpu', 'big']);
  expect(labels).toEqual(expect.arrayContaining(['self-hosted', 'gpu', 'big']));
  expect(labels).not.toContain('old');
  expect((await forge.runnerByName(repository, 'labels-1'))?.labels.sort()).toEqual([...labels].sort());
  await expect(forge.setLabels(repository, 999_999, ['x'])).rejects.toMatchObject({ code: 'UNKNOWN' });
});
