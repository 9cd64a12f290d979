/** A workflow with five inputs from its start to its artifact: a real engine, the demo GitHub, practice runners. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createRouterClient } from '@orpc/server';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { RunDetail, SavedArtifact } from '../shared/model.ts';
import { createEngineLab, deployRequest, type EngineLab } from './testing/engine-lab.ts';

let lab: EngineLab;
beforeEach(async () => {
  lab = await createEngineLab();
});
afterEach(() => lab.dispose());

test('a release is started, watched, approved and kept', { timeout: 180_000 }, async () => {
  const engine = await lab.start({ servesDownloads: true });
  await engine.recovered;
  const { repository } = await engine.demo.connect();
  const { id: repositoryId } = repository;
  const client = createRouterClient(engine.router);
  const { runnerIds } = await client.pools.deploy(deployRequest(repositoryId, 2));

  const release = (await client.workflows.list({ repositoryId })).find(({ name }) => name === 'Release');
  const { runId } = await client.workflows.dispatch({
    ...{ repositoryId, workflowId: release?.id ?? 0, ref: 'main' },
    inputs: { version: '1.4.0', channel: 'beta', sign: 'true', copies: '3', environment: 'production' },
  });
  if (runId === null) throw new Error('The demo GitHub tells which run it started');

  const seen: RunDetail[] = [];
  const approvals: Promise<unknown>[] = [];
  for await (const detail of await client.runs.watch({ repositoryId, runId })) {
    seen.push(detail);
    const [gate] = detail.gates;
    if (gate && approvals.length === 0) {
      expect(gate).toMatchObject({ environment: 'production', canApprove: true });
      const { environment } = gate;
      approvals.push(client.runs.review({ repositoryId, runId, environment, approve: true, comment: '' }));
    }
  }
  await Promise.all(approvals);

  const [first] = seen;
  expect(first?.jobs.map(({ name }) => name)).toEqual(['Plan', 'build', 'Publish']);
  expect(first?.jobs.map(({ needs }) => needs)).toEqual([[], [first?.jobs[0]?.key], ['build']]);
  expect(first?.jobs.slice(1).map(({ status }) => status)).toEqual(['blocked', 'blocked']);
  const last = seen.at(-1);
  expect(last).toMatchObject({ run: { status: 'completed', conclusion: 'success' }, problem: null });
  const jobs = new Map(last?.jobs.map((job) => [job.name, job]));
  const [plan, frame, lamp, publish] = ['Plan', 'Build frame', 'Build lamp', 'Publish'].map((name) =>
    jobs.get(name),
  );
  expect(frame?.needs).toEqual([plan?.key]);
  expect(publish?.needs).toEqual([frame?.key, lamp?.key]);
  for (const job of jobs.values()) expect(runnerIds).toContain(job.runnerId);
  expect(frame?.steps.map(({ name }) => name)).toContain('Sign');

  const names = last?.artifacts.map(({ name }) => name).sort();
  expect(names).toEqual(['frame-1.4.0', 'lamp-1.4.0', 'release-notes']);
  const artifact = last?.artifacts.find(({ name }) => name === 'frame-1.4.0');
  const states: SavedArtifact[] = [];
  const saving = await client.runs.saveArtifact({ repositoryId, runId, artifactId: artifact?.id ?? 0 });
  for await (const state of saving) states.push(state);
  const saved = states.at(-1)?.saved;
  expect(saved).toMatchObject({
    path: join(lab.dataFolder, 'downloads', 'frame-1.4.0.zip'),
    ...{ refused: [], verified: true },
    href: expect.stringMatching(/^\/downloads\/[\w-]+\/frame-1\.4\.0\.zip$/),
  });
  expect(saved?.files.map(({ name }) => name)).toEqual(
    expect.arrayContaining(['copies/1.txt', 'copies/3.txt', 'frame.txt', 'frame.txt.sum']),
  );
  const bytes = await readFile(saved?.path ?? '');
  expect(`sha256:${createHash('sha256').update(bytes).digest('hex')}`).toBe(artifact?.digest);
  expect(engine.downloads.find(saved?.href?.split('/')[2] ?? '')?.path).toBe(saved?.path);
});
