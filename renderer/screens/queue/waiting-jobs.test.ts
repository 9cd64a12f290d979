import { expect, test } from 'vitest';
import type { Job, Wait } from '../../../shared/model.ts';
import { boardWith, jobRow, waitRow } from '../../testing/rows.ts';
import { causesOf, needsPerson, sharedLabels, waitingJobs } from './waiting-jobs.ts';

const causes = (jobs: Job[], waits: Wait[] = []) => {
  const board = boardWith({ jobs, waits });
  return causesOf(waitingJobs(board.jobs), board.waits);
};
const keys = (jobs: Job[], waits: Wait[]): string[] => causes(jobs, waits).map(({ key }) => key);

test('the job that waits longest comes first, and running ones do not wait', () => {
  const jobs = {
    a: jobRow({ id: 'a', queuedAt: 5 }),
    b: jobRow({ id: 'b', queuedAt: 2 }),
    c: jobRow({ id: 'c', status: 'in_progress' }),
    d: jobRow({ id: 'd', queuedAt: 3, status: 'waiting' }),
    e: jobRow({ id: 'e', queuedAt: 4, status: 'pending' }),
  };
  expect(waitingJobs(jobs).map(({ id }) => id)).toEqual(['b', 'd', 'e', 'a']);
});

test('between jobs of one moment the place in the line decides, then their ids', () => {
  const jobs = {
    a: jobRow({ id: 'a', position: 2 }),
    b: jobRow({ id: 'b', position: 1 }),
    c: jobRow({ id: 'c', position: 2 }),
  };
  expect(waitingJobs(jobs).map(({ id }) => id)).toEqual(['b', 'a', 'c']);
});

test('jobs of one cause are together; one that nobody explained yet is not lost', () => {
  const found = causes(
    [jobRow({ id: 'a', waitId: 'w1' }), jobRow({ id: 'b' }), jobRow({ id: 'c', waitId: 'w1', queuedAt: 1 })],
    [waitRow({ id: 'w1' })],
  );
  expect(found.map(({ wait, jobs }) => [wait?.id ?? null, jobs.map(({ id }) => id)])).toEqual([
    ['w1', ['a', 'c']],
    [null, ['b']],
  ]);
  expect(found.map(needsPerson)).toEqual([true, false]);
});

test('what fails soon comes first, then what needs somebody, then what passes, the oldest first', () => {
  const waits = [
    waitRow({ id: 'passes', passes: true }),
    waitRow({ id: 'young' }),
    waitRow({ id: 'old' }),
    waitRow({ id: 'later', failsAt: 900 }),
    waitRow({ id: 'soon', failsAt: 100, passes: true }),
  ];
  const jobs = waits.map(({ id }) => jobRow({ id, waitId: id, queuedAt: id === 'old' ? 1 : 5 }));
  expect(keys(jobs, waits)).toEqual(['soon', 'later', 'old', 'young', 'passes']);
});

test('labels are told once where all jobs ask for the same', () => {
  const cause = (...labels: string[][]) => {
    const jobs = labels.map((asked, at) => jobRow({ id: `${at}`, labels: asked, waitId: 'w1' }));
    const [found] = causes(jobs, [waitRow({ id: 'w1' })]);
    return found && sharedLabels(found);
  };
  expect(cause(['self-hosted', 'gpu'], ['self-hosted', 'gpu'])).toEqual(['self-hosted', 'gpu']);
  expect(cause(['self-hosted', 'gpu'], ['self-hosted'])).toBeNull();
});
