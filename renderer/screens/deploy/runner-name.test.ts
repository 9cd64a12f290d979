import { expect, test } from 'vitest';
import { describeNames, readPrefix } from './runner-name.ts';

test.each(['arm', 'a', 'arm-64_b.2', '4cores', 'x'.repeat(58)])('takes %j', (text) => {
  expect(readPrefix(` ${text} `)).toEqual({ ok: true, value: text });
});

test.each([
  ['', 'The runners need a name. “arm” makes arm-1, arm-2 and so on.'],
  ['  ', 'The runners need a name. “arm” makes arm-1, arm-2 and so on.'],
  ['my arm', "A space cannot be in a runner's name. Use letters, digits, dots, hyphens and underscores."],
  ['a/b', "“/” cannot be in a runner's name. Use letters, digits, dots, hyphens and underscores."],
  ['rösti', "“ö” cannot be in a runner's name. Use letters, digits, dots, hyphens and underscores."],
  ['-arm', 'Begin the name with a letter or a digit.'],
  ['..', 'Begin the name with a letter or a digit.'],
  ['x'.repeat(61), 'The name has 61 characters. At most 58 leave room for the number.'],
])('refuses %j', (text, problem) => {
  expect(readPrefix(text)).toEqual({ ok: false, problem });
});

test.each([
  [1, [], 'arm-1'],
  [4, [], 'arm-1 to arm-4'],
  [4, ['ARM-1', 'other-2'], 'arm-2 to arm-5'],
  [3, ['arm-2'], 'arm-1, arm-3, arm-4'],
  [5, ['arm-2'], 'arm-1, arm-3, arm-4 …'],
])('names %d runners beside %j', (count, taken, names) => {
  expect(describeNames('arm', count, taken)).toBe(names);
});
