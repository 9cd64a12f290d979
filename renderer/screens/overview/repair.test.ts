import { expect, test } from 'vitest';
import type { Job, WaitReason } from '../../../shared/model.ts';
import { jobRow } from '../../testing/rows.ts';
import { repairFor, waitGroups, waitingJobs } from './repair.ts';

const job = (labels: string[], wait: Partial<WaitReason> | null, url: string | null = null): Job =>
  jobRow({
    labels,
    url,
    wait: wait && { kind: 'unknown', missing: [], nearest: null, sentence: '', ...wait },
  });

test.each<[string, Job, string | null]>([
  [
    'a missing label: deploy with all the labels a deploy can give',
    job(['self-hosted', 'Linux', 'gpu', 'a b'], { kind: 'label-missing', missing: ['gpu', 'a b'] }),
    '#/deploy?labels=gpu,a%20b',
  ],
  [
    'a misspelt label: the job itself is to be mended',
    job(['ARM_64'], { kind: 'label-missing', missing: ['ARM_64'], nearest: 'ARM64' }, 'https://github.com/j'),
    'https://github.com/j',
  ],
  [
    'a machine of another kind: no deploy here can help',
    job(['self-hosted', 'windows'], { kind: 'label-missing', missing: ['windows'] }),
    null,
  ],
  ['no runner at all', job(['self-hosted'], { kind: 'no-runner' }), '#/deploy'],
  ['all busy', job(['self-hosted', 'gpu'], { kind: 'all-busy' }), '#/deploy?labels=gpu'],
  ['all offline', job([], { kind: 'offline' }), '#/runners'],
  ['starting ones come', job([], { kind: 'starting' }), null],
  ['unknown', job([], null), null],
])('%s', (_name, waiting, href) => {
  expect(repairFor(waiting)?.href ?? null).toBe(href);
});

test('the job that waits longest comes first, and running ones do not wait', () => {
  const jobs = {
    a: jobRow({ id: 'a', queuedAt: 5 }),
    b: jobRow({ id: 'b', queuedAt: 2 }),
    c: jobRow({ id: 'c', status: 'in_progress' }),
  };
  expect(waitingJobs(jobs).map(({ id }) => id)).toEqual(['b', 'a']);
});

test('jobs that wait for the same reason with the same labels are one group', () => {
  const busy = (id: string, labels: string[]): Job => ({
    ...job(labels, { kind: 'all-busy', sentence: '2 jobs wait.' }),
    id,
  });
  const groups = waitGroups([busy('a', ['x', 'y']), busy('b', ['z']), busy('c', ['y', 'x'])]);
  expect(groups.map(({ jobs }) => jobs.map(({ id }) => id))).toEqual([['a', 'c'], ['b']]);
  const many = Array.from({ length: 10_000 }, (_, index) => busy(`${index}`, ['x']));
  expect(waitGroups(many)).toHaveLength(1);
});
