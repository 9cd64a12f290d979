import { expect, test } from 'vitest';
import { leavesOut, type QueueFilter, queueFilterFrom, queuePath, wholeQueue } from './queue-filter.ts';

const narrow: QueueFilter = {
  view: 'jobs',
  sort: 'start',
  reversed: true,
  repositoryId: 'r/1',
  reason: 'label-missing',
  label: 'a,b & c',
  search: 'nightly build',
  waitId: 'w#1',
};

test('an address gives back what was put into it', () => {
  expect(queueFilterFrom(queuePath(narrow).split('?')[1] ?? '')).toEqual(narrow);
  expect(queuePath(wholeQueue)).toBe('/queue');
  expect(queueFilterFrom('')).toEqual(wholeQueue);
});

test('what an address says that is not known is left out', () => {
  expect(queueFilterFrom('view=pie&sort=mood&reversed=1&reason=weather&repository=&label=')).toEqual(
    wholeQueue,
  );
});

test('a marked cause and an order leave nothing out', () => {
  expect(leavesOut({ ...wholeQueue, waitId: 'w1', view: 'jobs', sort: 'name' })).toBe(false);
  expect(leavesOut({ ...wholeQueue, search: ' x' })).toBe(true);
  expect(leavesOut({ ...wholeQueue, reason: 'offline' })).toBe(true);
});
