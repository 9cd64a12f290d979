import { expect, test } from 'vitest';
import type { ForgeJob } from '../forges/forge.ts';
import { createQueueView } from './queue-view.ts';

function job(id: number, over: Partial<ForgeJob> = {}): ForgeJob {
  return {
    id,
    runId: id,
    runAttempt: 1,
    name: 'Check',
    workflow: 'CI',
    workflowPath: '.github/workflows/ci.yml',
    branch: 'main',
    headSha: null,
    event: 'push',
    actor: 'octo',
    labels: ['self-hosted'],
    status: 'queued',
    queuedAt: id,
    startedAt: null,
    runnerName: null,
    runnerId: null,
    url: null,
    ...over,
  };
}

const ids = (view: ReturnType<typeof createQueueView>) => view.queued().map(({ id }) => id);

test('a job that one of our runners took is not waited for twice', () => {
  const view = createQueueView();
  view.seen('r', [job(1), job(2)]);
  view.taken('r', 'arm-1', 'Check');
  expect(ids(view)).toEqual(['r/2']);
});

test('an answer that was on its way when the job was taken does not bring it back', () => {
  const view = createQueueView();
  view.seen('r', [job(1)]);
  view.taken('r', 'arm-1', 'Check');
  view.seen('r', [job(1)]);
  expect(ids(view)).toEqual([]);
  view.seen('r', [job(1)]);
  expect(ids(view), 'the forge insists: it was given back').toEqual(['r/1']);
});

test('once the forge tells that the runner is at work, a namesake counts at once', () => {
  const view = createQueueView();
  view.seen('r', [job(1), job(2)]);
  view.taken('r', 'arm-1', 'Check');
  view.seen('r', [job(2, { status: 'in_progress', runnerName: 'arm-1' }), job(1)]);
  expect(ids(view)).toEqual(['r/1']);
});

test('repositories are kept apart, and jobs that nobody told of are not invented', () => {
  const view = createQueueView();
  view.seen('a', [job(1)]);
  view.seen('b', [job(1, { name: 'Build' })]);
  view.taken('b', 'arm-1', 'Check');
  expect(ids(view)).toEqual(['a/1', 'b/1']);
  view.seen('a', []);
  expect(ids(view)).toEqual(['b/1']);
});

test('what waits for more than a runner is no demand for one', () => {
  const view = createQueueView();
  view.seen('r', [
    job(1, { status: 'waiting' }),
    job(2, { status: 'pending' }),
    job(-3, { status: 'pending' }),
  ]);
  expect(ids(view)).toEqual([]);
});
