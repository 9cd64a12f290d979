/** Artifacts of jobs on the real practice runner, as they can be had from the demo GitHub afterwards. */
import { createHash } from 'node:crypto';
import type { components } from '@octokit/openapi-types';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { filesInZip } from '../github/testing/zip-files.ts';
import { type Lab, openLab, workflow } from './testing/lab.ts';

type Artifact = components['schemas']['artifact'];
const root = '/repos/octo/forge/actions';
const dayMs = 86_400_000;

const upload = (inputs: string) => `- uses: actions/upload-artifact@v4\n  with: {${inputs}}`;
const build = '- run: mkdir -p out/deep; echo one > out/a.txt; echo two > out/deep/b.txt';

let lab: Lab;
beforeAll(async () => {
  lab = await openLab({
    'build.yml': workflow(`env: {WORD: lamp}
steps:
- uses: actions/checkout@v5
${build}
${upload(`name: "out-\${{ env.WORD }}", path: out, retention-days: 3`)}`),
    'twice.yml': workflow(`steps:
${build}
${upload('name: x, path: out/*.txt')}
${upload('name: x, path: out')}
  continue-on-error: true
${upload('name: x, path: out/deep/b.txt, overwrite: true')}`),
    'nothing.yml': workflow(`steps:
${upload('name: x, path: none')}
${upload('name: y, path: none, if-no-files-found: error')}`),
    'bad-name.yml': workflow(`steps:\n${upload('name: "a/b", path: .')}`),
  });
  const runner = await lab.runner('worker');
  await runner.configure();
  await runner.start().waitFor(/Listening for Jobs/);
});
afterAll(() => lab.close());

async function artifactsOf(runId: number): Promise<Artifact[]> {
  const path = `${root}/runs/${runId}/artifacts`;
  return (await lab.github.rest<{ artifacts: Artifact[] }>('GET', path)).body.artifacts;
}

async function downloadOf(artifact: Artifact): Promise<Buffer> {
  const link = await lab.github.rest('GET', `${root}/artifacts/${artifact.id}/zip`);
  expect(link.status).toBe(302);
  const answer = await fetch(link.headers.get('location') ?? '');
  expect(answer.headers.get('content-length')).toBe(String(artifact.size_in_bytes));
  return Buffer.from(await answer.arrayBuffer());
}

const contentsOf = async (bytes: Buffer) =>
  (await filesInZip(bytes)).map(({ name, content }) => `${name}: ${content.toString().trim()}`);

test('an artifact is packed, uploaded, listed and downloaded', async () => {
  const runId = await lab.dispatch('build.yml');
  const job = await lab.finished(runId);
  expect(job.conclusion).toBe('success');
  const [artifact, ...more] = await artifactsOf(runId);
  if (!artifact) throw new Error(job.log);
  expect(more).toEqual([]);
  const bytes = await downloadOf(artifact);
  expect(await contentsOf(bytes)).toEqual(['a.txt: one', 'deep/b.txt: two']);
  const digest = `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
  expect(artifact).toMatchObject({ name: 'out-lamp', digest, expired: false, workflow_run: { id: runId } });
  const keptMs = Date.parse(artifact.expires_at ?? '') - Date.parse(artifact.created_at ?? '');
  expect(keptMs).toBe(3 * dayMs);
  expect(job.log).toContain('##[group]Run actions/upload-artifact@v4');
  expect(job.log).toContain('With the provided path, there will be 2 files uploaded');
  expect(job.log).toContain(`Final size is ${bytes.length} bytes. Artifact ID is ${artifact.id}`);
  expect(job.log).toContain('On GitHub this step would use actions/checkout@v5');
  expect((await lab.github.rest('DELETE', `${root}/artifacts/${artifact.id}`)).status).toBe(204);
  expect((await lab.github.rest('GET', `${root}/artifacts/${artifact.id}/zip`)).status).toBe(404);
});

test('a name is taken once in a run, unless it may be overwritten', async () => {
  const runId = await lab.dispatch('twice.yml');
  const job = await lab.finished(runId);
  expect(job.conclusion).toBe('success');
  expect(job.log).toContain('(409) Conflict: an artifact with this name already exists on the workflow run');
  const [artifact, ...more] = await artifactsOf(runId);
  if (!artifact) throw new Error(job.log);
  expect([more, await contentsOf(await downloadOf(artifact))]).toEqual([[], ['b.txt: two']]);
});

test('a step without files warns or fails, as it says; a name that cannot be one fails', async () => {
  const nothing = await lab.finished(await lab.dispatch('nothing.yml'));
  expect(nothing.steps.slice(1, 3).map(({ conclusion }) => conclusion)).toEqual(['success', 'failure']);
  expect(nothing.log).toContain('##[warning]No files were found with the provided path: none.');
  const badName = await lab.finished(await lab.dispatch('bad-name.yml'));
  expect(badName.log).toContain('Contains the following character: Forward slash /');
  expect(badName.conclusion).toBe('failure');
});
