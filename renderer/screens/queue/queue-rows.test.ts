import { expect, test } from 'vitest';
import type { Job } from '../../../shared/model.ts';
import { boardWith, jobRow, repositoryRow, runnerRow, waitRow } from '../../testing/rows.ts';
import { type QueueFilter, wholeQueue } from './queue-filter.ts';
import { facetsOf, filterJobs, filterRunning, queueRows, runningRows, sortJobs } from './queue-rows.ts';
import { runningJobs } from './running-jobs.ts';
import { waitingJobs } from './waiting-jobs.ts';

const at = (startsAt: number) => ({ startsAt, basis: '2 jobs are before it.' });
const board = boardWith({
  repositories: [repositoryRow(), repositoryRow({ id: 'r2', fullName: 'octo/site' })],
  waits: [waitRow({ id: 'gpu' }), waitRow({ id: 'busy', kind: 'all-busy', passes: true })],
  jobs: [
    jobRow({ id: 'a', name: 'train', labels: ['self-hosted', 'gpu'], waitId: 'gpu', queuedAt: 3 }),
    jobRow({ id: 'b', name: 'test 10', repositoryId: 'r2', waitId: 'busy', queuedAt: 1, estimate: at(90) }),
    jobRow({ id: 'c', name: 'test 9', actor: 'Mona', waitId: 'busy', queuedAt: 2, estimate: at(50) }),
  ],
});
const waiting = waitingJobs(board.jobs);
const ids = (jobs: readonly Job[]): string => jobs.map(({ id }) => id).join('');
const found = (filter: Partial<QueueFilter>): string =>
  ids(filterJobs(waiting, { ...wholeQueue, ...filter }, board));

test('every part of the filter must fit, every word must occur somewhere', () => {
  expect(found({})).toBe('bca');
  expect(found({ repositoryId: 'r2' })).toBe('b');
  expect(found({ reason: 'label-missing' })).toBe('a');
  expect(found({ label: 'gpu' })).toBe('a');
  expect(found({ search: 'MONA test' })).toBe('c');
  expect(found({ search: 'octo/site' })).toBe('b');
  expect(found({ search: 'test', reason: 'label-missing' })).toBe('');
});

test('jobs can be sorted, numbers as numbers; unknown starts come last', () => {
  expect(ids(sortJobs(waiting, 'waited', false))).toBe('bca');
  expect(ids(sortJobs(waiting, 'name', false))).toBe('cba');
  expect(ids(sortJobs(waiting, 'start', false))).toBe('cba');
  expect(ids(sortJobs(waiting, 'waited', true))).toBe('acb');
});

test('under a cause stand its jobs; many are folded until somebody asks', () => {
  const jobs = Array.from({ length: 8 }, (_, index) =>
    jobRow({ id: `${index}`, waitId: 'gpu', queuedAt: index }),
  );
  const rows = (opened: string[], of = jobs) => queueRows(of, wholeQueue, board.waits, new Set(opened));
  expect(rows([]).map(({ kind }) => kind)).toEqual(['cause', 'job', 'job', 'job', 'job', 'job', 'more']);
  expect(rows([]).at(-1)).toMatchObject({ hidden: 3 });
  expect(rows(['gpu'])).toHaveLength(9);
  expect(rows([], jobs.slice(0, 6))).toHaveLength(7);
  expect(rows([], [])).toEqual([]);
});

test('a cause from the address is marked with its jobs, where jobs stand below their causes', () => {
  const marked = { ...wholeQueue, waitId: 'gpu' };
  const rows = queueRows(waiting, marked, board.waits, new Set());
  expect(rows.map((row) => 'marked' in row && row.marked)).toEqual([true, true, false, false, false]);
  const flat = queueRows(waiting, { ...marked, view: 'jobs' }, board.waits, new Set());
  expect(flat.some((row) => 'marked' in row && row.marked)).toBe(false);
});

test('what can be chosen is counted', () => {
  expect(facetsOf(waiting, board.waits)).toEqual({
    reasons: [
      { value: 'label-missing', count: 1 },
      { value: 'all-busy', count: 2 },
    ],
    labels: [
      { value: 'gpu', count: 1 },
      { value: 'self-hosted', count: 3 },
    ],
    repositories: [
      { value: 'r2', count: 1 },
      { value: 'r1', count: 2 },
    ],
  });
});

test('running jobs are narrowed as well, and leave when a reason to wait is asked for', () => {
  const job = { name: 'build', startedAt: 0, url: null };
  const running = runningJobs(boardWith({ runners: [runnerRow({ name: 'arm-1', state: 'busy', job })] }));
  const shown = (filter: Partial<QueueFilter>): number =>
    filterRunning(running, { ...wholeQueue, ...filter }, board.repositories).length;
  expect([shown({}), shown({ search: 'arm-1 forge' }), shown({ search: 'lint' })]).toEqual([1, 1, 0]);
  expect([shown({ repositoryId: 'r2' }), shown({ reason: 'offline' }), shown({ label: 'gpu' })]).toEqual([
    0, 0, 0,
  ]);
  expect(runningRows(running).map(({ kind }) => kind)).toEqual(['heading', 'running']);
  expect(runningRows([])).toEqual([]);
});

test('of two thousand jobs few are drawn', () => {
  const jobs = Array.from({ length: 2000 }, (_, index) =>
    jobRow({ id: `${index}`, waitId: `w${index % 40}`, queuedAt: index }),
  );
  const waits = Object.fromEntries(
    jobs.slice(0, 40).map(({ waitId }) => [waitId, waitRow({ id: waitId ?? '' })]),
  );
  const rows = queueRows(filterJobs(jobs, wholeQueue, { ...board, waits }), wholeQueue, waits, new Set());
  expect(rows).toHaveLength(40 * 7);
});
