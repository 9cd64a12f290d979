import { expect, test } from 'vitest';
import { plainSentence, sentenceParts } from './sentence-parts.ts';

test('labels stand between backticks, words around them', () => {
  expect(sentenceParts('`gpu` is on no runner with `arm 64`.')).toEqual([
    { kind: 'label', text: 'gpu' },
    { kind: 'words', text: ' is on no runner with ' },
    { kind: 'label', text: 'arm 64' },
    { kind: 'words', text: '.' },
  ]);
});

test('what is not a pair of backticks stays as it is', () => {
  expect(sentenceParts('One ` alone.')).toEqual([{ kind: 'words', text: 'One ` alone.' }]);
  expect(sentenceParts('')).toEqual([]);
});

test('where only words can stand, labels are quoted', () => {
  expect(plainSentence('12 jobs wait for a runner with label `gpu`')).toBe(
    '12 jobs wait for a runner with label “gpu”',
  );
});
