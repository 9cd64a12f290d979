import { expect, test } from 'vitest';
import { editDistance, nearest } from './nearest.ts';

test.each([
  ['', '', 0],
  ['gpu', '', 3],
  ['gpu', 'cpu', 1],
  ['gpu', 'gup', 1],
  ['kitten', 'sitting', 3],
])('%s to %s takes %i steps', (a, b, steps) => {
  expect(editDistance(a, b)).toBe(steps);
  expect(editDistance(b, a)).toBe(steps);
});

test.each([
  ['gpu', ['cpu', 'gpus'], 'cpu'],
  ['gpu_a100', ['linux', 'GPU-A100'], 'GPU-A100'],
  ['octo/frge', ['octo/forge', 'octo/open-forge'], 'octo/forge'],
  ['gpu', ['linux', 'arm64'], null],
  ['ab', ['cd'], null],
  ['gpu', [], null],
  ['gpu', ['gpu'], null],
])('%s among %j means %s', (word, candidates, meant) => {
  expect(nearest(word, candidates)).toBe(meant);
});
