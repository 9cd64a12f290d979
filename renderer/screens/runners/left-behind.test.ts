import { expect, test } from 'vitest';
import { ghostRow } from '../../testing/rows.ts';
import { ghostSentences, leftBehindSentence, removalWords, removedWords } from './left-behind.ts';

const day = 24 * 3_600_000;

test('a ghost tells when it goes by itself', () => {
  expect(removalWords({ removedAt: null }, 0)).toBe('when you remove it');
  expect(removalWords({ removedAt: 3 * day }, 0)).toBe('by itself in 3 d');
  expect(removalWords({ removedAt: 10 }, 60_000)).toBe('by itself at the next look');
});

test('what will be removed is named with where, before it is done', () => {
  const [one] = ghostSentences([ghostRow()], ['octo/forge']);
  expect(one).toBe('octo/forge forgets arm-9, for which no runner exists here any more.');
  const both = ghostSentences([ghostRow(), ghostRow({ name: 'arm-8' })], ['octo/forge', 'octo/site']);
  expect(both[0]).toContain('octo/forge and octo/site forget arm-9 and arm-8');
  expect(both[1]).toContain('Each is proven');
});

test('the outcome is told as it was, not as it was asked for', () => {
  expect(removedWords(1, 1)).toBe('1 registration is removed from GitHub.');
  expect(removedWords(3, 3)).toBe('3 registrations are removed from GitHub.');
  expect(removedWords(3, 2)).toBe(
    '2 of 3 registrations are removed from GitHub; 1 stays: no longer provably a ghost.',
  );
  expect(removedWords(2, 0)).toBe('None was removed; 2 stay: no longer provably a ghost.');
});

test('everything left behind fits in one sentence', () => {
  expect(leftBehindSentence([], [])).toBeNull();
  expect(leftBehindSentence([ghostRow()], [])).toBe('1 registration on GitHub is no longer needed.');
  expect(
    leftBehindSentence([ghostRow()], [{ kind: 'registration' }, { kind: 'folder' }, { kind: 'process' }]),
  ).toBe('2 registrations on GitHub, 1 folder here and 1 process here are no longer needed.');
});
