import { expect, test } from 'vitest';
import { repositoryRow } from '../../testing/rows.ts';
import { hasWork, importSummary, publicOnes } from './import-rows.ts';

const row = (action: 'create' | 'change' | 'same' | 'refuse', repository = 'octo/forge') => ({
  action,
  repository,
});

test('an import is summed up before and after', () => {
  const rows = [row('create'), row('create'), row('change'), row('refuse')];
  expect(importSummary(rows, 'to do')).toBe('2 pools to create, 1 to change, 1 refused');
  expect(importSummary(rows, 'done')).toBe('2 pools created, 1 changed, 1 refused');
  expect(importSummary([row('same')], 'to do')).toBe('1 pool unchanged');
  expect(importSummary([], 'to do')).toBe('There is no pool in it.');
});

test('there is something to do only where a pool is created or changed', () => {
  expect(hasWork([row('same'), row('refuse')])).toBe(false);
  expect(hasWork([row('same'), row('change')])).toBe(true);
});

test('public repositories are named once, whatever the case', () => {
  const repositories = {
    r1: repositoryRow({ visibility: 'public' }),
    r2: repositoryRow({ id: 'r2', fullName: 'a/b' }),
  };
  expect(publicOnes([row('create', 'Octo/Forge'), row('same'), row('create', 'a/b')], repositories)).toEqual([
    'Octo/Forge',
  ]);
});
