import { expect, test } from 'vitest';
import { boardWith, foreignRunnerRow, poolRow, runnerRow } from '../../testing/rows.ts';
import { groupFrom, listHeadline, listRows } from './rows.ts';

const busy = { name: 'build', startedAt: 0, url: null };
const board = boardWith({
  pools: [poolRow(), poolRow({ id: 'p2', name: 'an-early-pool' })],
  runners: [
    runnerRow({ name: 'arm-10' }),
    runnerRow({ name: 'arm-2', state: 'busy', job: busy, labels: ['self-hosted', 'gpu'] }),
    runnerRow({ name: 'x', poolId: 'p2', state: 'failed' }),
    runnerRow({ name: 'stray', poolId: 'gone' }),
  ],
  foreignRunners: [foreignRunnerRow()],
});
const keys = (query: string, group: Parameters<typeof listRows>[1]['group'] = 'all'): string[] =>
  listRows(board, { query, group }).map(({ key }) => key);

test('runners stand below their pools in the order of names, those of others come last', () => {
  expect(keys('')).toEqual([
    'pool-gone',
    'stray',
    'pool-p2',
    'x',
    'pool-p1',
    'arm-2',
    'arm-10',
    'foreign',
    'foreign-f',
  ]);
});

test('every word must occur somewhere: in the name, a label, the job or the state', () => {
  expect(keys('gpu BUILD')).toEqual(['pool-p1', 'arm-2']);
  expect(keys('old')).toEqual(['foreign', 'foreign-f']);
  expect(keys('nothing like this')).toEqual([]);
});

test('a group narrows to states, and leaves the others’ runners out', () => {
  expect(keys('', 'failed')).toEqual(['pool-p2', 'x']);
  expect(keys('', 'idle')).toEqual(['pool-gone', 'stray', 'pool-p1', 'arm-10']);
});

test('the headline counts', () => {
  expect(listHeadline(board.runners)).toBe('4 runners: 1 busy, 2 idle, 1 failed');
  expect(listHeadline({})).toBe('No runners yet');
  expect(listHeadline({ a: runnerRow() })).toBe('1 runner, idle');
  expect(listHeadline({ a: runnerRow(), b: runnerRow() })).toBe('2 runners: all idle');
});

test('an address may ask for a group', () => {
  expect(groupFrom('state=failed')).toBe('failed');
  expect(groupFrom('state=nonsense')).toBe('all');
  expect(groupFrom('')).toBe('all');
});

test('a pool that manages itself is listed without runners, and found by its name or labels', () => {
  const resting = poolRow({ id: 'p3', name: 'gpu-pool', labels: ['cuda'], lifecycle: { mode: 'ephemeral' } });
  const tables = boardWith({ pools: [resting, poolRow()] });
  const found = (query: string, group: Parameters<typeof listRows>[1]['group'] = 'all') =>
    listRows(tables, { query, group }).map(({ key }) => key);
  expect(found('')).toEqual(['pool-p3']);
  expect(found('cuda')).toEqual(['pool-p3']);
  expect(found('other')).toEqual([]);
  expect(found('', 'idle')).toEqual([]);
  expect(listHeadline({}, tables.pools)).toBe('No runner is needed now');
});

test('one that is started again by itself is coming, not failed', () => {
  expect(listHeadline({ a: runnerRow({ state: 'failed', retryAt: 1 }) })).toBe('1 runner, coming');
});
