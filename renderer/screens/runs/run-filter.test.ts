import { expect, test } from 'vitest';
import { allRuns, filterFrom, isNarrowed, repositoryFrom, runsPath } from './run-filter.ts';

test('an address keeps the filter and the repository', () => {
  const filter = {
    workflowId: 7,
    status: 'failure' as const,
    branch: 'feature/a & b',
    event: 'workflow_dispatch',
    actor: 'octo',
  };
  const path = runsPath('r 1', filter);
  expect(path).toBe(
    '/runs?repository=r%201&workflow=7&status=failure&branch=feature%2Fa%20%26%20b&event=workflow_dispatch&actor=octo',
  );
  const search = path.split('?')[1] ?? '';
  expect(filterFrom(search)).toEqual(filter);
  expect(repositoryFrom(search)).toBe('r 1');
});

test('nothing asked for is nothing in the address', () => {
  expect(runsPath(null)).toBe('/runs');
  expect(runsPath('r1', allRuns)).toBe('/runs?repository=r1');
  expect(filterFrom('')).toEqual(allRuns);
  expect(repositoryFrom('repository=')).toBeNull();
  expect(isNarrowed(allRuns)).toBe(false);
  expect(isNarrowed({ ...allRuns, actor: 'octo' })).toBe(true);
});

test.each([
  'workflow=seven',
  'workflow=-1',
  'workflow=99999999999999999999',
  'status=broken',
  'branch=',
  'x=y',
])('what it does not know it leaves out: %s', (address) => {
  expect(filterFrom(address)).toEqual(allRuns);
});
