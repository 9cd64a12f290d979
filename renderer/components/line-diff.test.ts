import { expect, test } from 'vitest';
import { lineDiff } from './line-diff.ts';

test('the changed part is whole words', () => {
  expect(lineDiff('runs-on: [self-hosted, ARM_64]', 'runs-on: [self-hosted, ARM64]')).toEqual({
    start: 'runs-on: [self-hosted, ',
    before: 'ARM_64',
    after: 'ARM64',
    end: ']',
  });
  expect(lineDiff('runs-on: ubuntu-25.04', 'runs-on: ubuntu-24.04')).toEqual({
    start: 'runs-on: ',
    before: 'ubuntu-25.04',
    after: 'ubuntu-24.04',
    end: '',
  });
});

test('lines that only grow, that are equal, and that share nothing', () => {
  expect(lineDiff('a', 'a, b')).toEqual({ start: '', before: 'a', after: 'a, b', end: '' });
  expect(lineDiff('runs-on: x', 'runs-on: x').before).toBe(lineDiff('runs-on: x', 'runs-on: x').after);
  expect(lineDiff('', 'runs-on: x')).toEqual({ start: '', before: '', after: 'runs-on: x', end: '' });
  const { start, before, after, end } = lineDiff('aXbXa', 'aXa');
  expect([start + before + end, start + after + end]).toEqual(['aXbXa', 'aXa']);
});
