import { expect, test } from 'vitest';
import { eventRow } from '../../testing/rows.ts';
import { everything, filterFrom, historyPath, isNarrowed, matchesFilter } from './history-filter.ts';

test('an address keeps the filter, and what it does not know is left out', () => {
  const filter = {
    ...everything,
    runnerId: 'a b',
    kinds: ['runner' as const, 'job' as const],
    search: 'lost & found',
  };
  const path = historyPath(filter);
  expect(path).toBe('/history?runner=a%20b&kinds=runner%2Cjob&search=lost%20%26%20found');
  expect(filterFrom(path.split('?')[1] ?? '')).toEqual(filter);
  expect(filterFrom('kinds=nonsense,pool&other=1')).toEqual({ ...everything, kinds: ['pool'] });
  expect(historyPath({})).toBe('/history');
  expect(isNarrowed(everything)).toBe(false);
  expect(isNarrowed({ ...everything, search: 'x' })).toBe(true);
});

test.each([
  ['everything', {}, true],
  ['its runner', { runnerId: 'arm-1' }, true],
  ['another runner', { runnerId: 'arm-2' }, false],
  ['another pool', { poolId: 'p2' }, false],
  ['another repository', { repositoryId: 'r2' }, false],
  ['its kind', { kinds: ['job' as const, 'runner' as const] }, true],
  ['another kind', { kinds: ['job' as const] }, false],
  ['words of its cause in another case', { search: 'LISTENS' }, true],
  ['a part of its subject', { search: 'arm' }, true],
  ['words that are not there', { search: 'lost' }, false],
])('an event is matched by %s', (_name, filter, matched) => {
  expect(matchesFilter(eventRow(), { ...everything, ...filter })).toBe(matched);
});
