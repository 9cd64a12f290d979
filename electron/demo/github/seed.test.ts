import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { DemoGitHub } from './server.ts';
import { type StartedDemo, startForTest } from './testing/started.ts';

const seed = { repositories: 3, runners: 20, runs: 100, queuedJobs: 90 };

let folder: string;
let started: StartedDemo;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'trackside-seed-'));
});
afterEach(async () => {
  await started.stop();
  await rm(folder, { recursive: true, force: true });
});

function countsOf(demo: DemoGitHub): Record<string, number> {
  const { runs, jobs, runners } = demo.snapshot();
  return {
    runs: runs.length,
    repositories: new Set(runs.map(({ repository }) => repository)).size,
    queued: jobs.filter(({ status }) => status === 'queued').length,
    running: jobs.filter(({ status }) => status === 'in_progress').length,
    busy: runners.filter(({ isBusy }) => isBusy).length,
    online: runners.filter(({ isOnline }) => isOnline).length,
    offline: runners.filter(({ isOnline }) => !isOnline).length,
  };
}

test('fills a state with what was asked for, which survives a restart', async () => {
  const statePath = join(folder, 'github.json');
  started = await startForTest({ statePath, seed });
  const counts = { runs: 100, repositories: 3, queued: 90, running: 14, busy: 14, online: 18, offline: 2 };
  expect(countsOf(started.demo)).toEqual(counts);
  const list = await started.rest<{ total_count: number; workflow_runs: { status: string }[] }>(
    'GET',
    '/repos/octo/workshop-02/actions/runs?status=completed&per_page=5',
  );
  expect(list.body.workflow_runs.map(({ status }) => status)).toEqual(Array(5).fill('completed'));
  await started.stop();
  started = await startForTest({ statePath });
  expect(countsOf(started.demo)).toEqual(counts);
  expect((await readdir(folder)).sort()).toEqual([expect.stringMatching(/^files-/), 'github.json']);
});

test('runs that have ended are kept through deletions, repetitions and restarts', async () => {
  const statePath = join(folder, 'github.json');
  started = await startForTest({ statePath, seed: { repositories: 1, runners: 0, runs: 3, queuedJobs: 0 } });
  const root = '/repos/octo/forge/actions/runs';
  const [first, second, third] = started.demo.snapshot().runs.map(({ id }) => id);
  await started.rest('DELETE', `${root}/${first}`);
  await started.rest('POST', `${root}/${second}/rerun`);
  await started.rest('POST', `${root}/${second}/cancel`);
  await started.rest('POST', `${root}/${third}/rerun`);
  await started.stop();
  started = await startForTest({ statePath });
  const state = started.demo.snapshot().runs.map(({ id, attempts }) => [id, attempts.at(-1)?.conclusion]);
  expect(state).toEqual([
    [second, 'cancelled'],
    [third, null],
  ]);
  expect(started.demo.snapshot().runs.map(({ attempts }) => attempts.length)).toEqual([2, 2]);
});
