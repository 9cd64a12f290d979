import fc from 'fast-check';
import { expect, test } from 'vitest';
import { addLabels, labelProblem, maxLabels, splitLabels } from './labels.ts';

const given = ['self-hosted', 'Linux', 'ARM64'];

test.each([
  ['gpu', ['gpu']],
  ['gpu, large', ['gpu', 'large']],
  [' gpu ,, large , ', ['gpu', 'large']],
  [',', []],
  ['', []],
])('splits %j at commas', (text, labels) => {
  expect(splitLabels(text)).toEqual(labels);
});

test.each([
  [[], 'gpu,large', ['gpu', 'large'], null],
  [['gpu'], 'gpu', ['gpu'], '“gpu” is there already.'],
  [['gpu'], 'GPU, large', ['gpu', 'large'], '“GPU” is the same as “gpu”: GitHub ignores case.'],
  [[], 'linux', [], 'Every runner has “Linux” anyway.'],
  [[], 'a,A,a', ['a'], '“A” is the same as “a”: GitHub ignores case.'],
])('adds to %j the typed %j', (labels, typed, expected, note) => {
  expect(addLabels(labels, typed, given)).toEqual({ labels: expected, rest: [], problem: null, note });
});

test('keeps a label that is too long in the field and takes the others', () => {
  const long = 'x'.repeat(300);
  const added = addLabels([], `gpu,${long},large`, given);
  expect(added.labels).toEqual(['gpu', 'large']);
  expect(added.rest).toEqual([long]);
  expect(added.problem).toBe(`“${'x'.repeat(24)}…” has 300 characters. A label can have at most 256.`);
});

test('takes 256 characters, refuses 257', () => {
  expect(labelProblem('x'.repeat(256))).toBeNull();
  expect(labelProblem('x'.repeat(257))).not.toBeNull();
});

test('refuses control characters and commas', () => {
  expect(labelProblem('a\tb')).toContain('one line');
  expect(labelProblem('a,b')).toContain('comma');
});

test('stops at as many labels as a runner can have, its own included', () => {
  const many = Array.from({ length: maxLabels }, (_, index) => `label-${index}`).join(',');
  const added = addLabels([], many, given);
  expect(added.labels).toHaveLength(maxLabels - given.length);
  expect(added.rest).toHaveLength(given.length);
  expect(added.problem).toContain('100 labels');
});

test('whatever is typed, the labels are unique ignoring case, and never hold a comma', () => {
  fc.assert(
    fc.property(fc.array(fc.string(), { maxLength: 8 }), (texts) => {
      const labels = texts.reduce<string[]>((so, text) => addLabels(so, text, given).labels, []);
      const lower = labels.map((label) => label.toLowerCase());
      expect(new Set(lower).size).toBe(labels.length);
      expect(labels.every((label) => labelProblem(label) === null && label === label.trim())).toBe(true);
    }),
  );
});
