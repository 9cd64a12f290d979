import { expect, test } from 'vitest';
import { parseWorkflowFile } from './workflow-file.ts';
import { readYaml } from './yaml-text.ts';

/** Nine levels of nine aliases each: 9^9 words. */
const bomb = [
  'a: &a [x, x, x, x, x, x, x, x, x]',
  ...'bcdefghi'
    .split('')
    .map((name, index) => `${name}: &${name} [${Array(9).fill(`*${'abcdefgh'[index]}`).join(', ')}]`),
].join('\n');

test.each([
  ['a tab', 'on: push\njobs:\n\ta: {}', 3, 1, 'A tab indents this line. YAML takes spaces only.'],
  [
    'a key twice',
    'on: push\njobs: {}\non: pull_request',
    3,
    1,
    'This key is there twice. Remove one of them.',
  ],
  ['an open list', 'on: [push\njobs: {}', 2, 1, /flow/i],
  ['an open text', 'on: "push\njobs: {}', 2, 9, /quote/i],
  ['a mapping within a line', 'on: push\njobs: a: b', 2, 7, /mapping/i],
  [
    'two documents',
    'on: push\n---\non: push',
    2,
    1,
    'A second document begins here. A workflow file holds one.',
  ],
  ['an alias for nothing', 'on: push\njobs: *jobs', 2, 7, 'No anchor `&jobs` stands before this alias.'],
  [
    'an alias before its anchor',
    'on: *on\njobs: &on push',
    1,
    5,
    'No anchor `&on` stands before this alias.',
  ],
  ['a tag nobody knows', 'on: !event push', 1, 5, /tag/i],
  [
    'an alias within itself',
    'on: &a [*a, *a]',
    1,
    1,
    'An alias in it stands for something that it is itself a part of.',
  ],
  [
    'a bomb',
    `${bomb}\non: push`,
    1,
    1,
    'With its aliases written out it is larger than GitHub reads. Use fewer of them.',
  ],
  [
    '5 MB',
    `on: push\n${'#'.repeat(5 * 1024 * 1024)}`,
    1,
    1,
    /^The file has 5,242,889 bytes and was not read/,
  ],
  ['a pit', `on: ${'['.repeat(100_000)}`, 1, 1, 'It is nested too deep to be read.'],
  ['nothing', '', 1, 1, 'It holds no workflow: `on` and `jobs` are missing.'],
  ['a list', '- a\n- b', 1, 1, 'It holds no workflow: `on` and `jobs` are missing.'],
  ['bytes that are no text', '\0\u0001\ufffd', 1, 1, /./],
] as const)('%s is told with its place, and nothing else is', (_, text, line, column, message) => {
  const { problems, jobs, inputs } = parseWorkflowFile(text);
  expect(problems[0]).toEqual({
    line,
    column,
    message: typeof message === 'string' ? message : expect.stringMatching(message),
  });
  expect({ jobs, inputs }).toEqual({ jobs: [], inputs: null });
});

test('anchors are followed as GitHub follows them, and lead to the place where the label stands', () => {
  const parsed = parseWorkflowFile(`on: push
jobs:
  a:
    runs-on: &where [self-hosted, gpu]
  b:
    runs-on: *where
`);
  expect(parsed.problems).toEqual([]);
  expect(parsed.jobs.map(({ runsOn }) => runsOn)).toEqual([
    { kind: 'labels', sets: [{ labels: ['self-hosted', 'gpu'], group: null }], line: 4 },
    { kind: 'labels', sets: [{ labels: ['self-hosted', 'gpu'], group: null }], line: 6 },
  ]);
  expect(parsed.jobs[1]?.words.map(({ text, line }) => [text, line])).toEqual([
    ['self-hosted', 4],
    ['gpu', 4],
  ]);
});

test('merge keys are told as what GitHub does not know', () => {
  const parsed = parseWorkflowFile(`on: push
jobs:
  a: &a
    runs-on: x
  b:
    <<: *a
`);
  expect(parsed.problems[0]).toEqual({
    line: 6,
    column: 5,
    message: 'GitHub knows anchors and aliases, but no merge keys (`<<`). Write these lines out.',
  });
  expect(parsed.jobs[1]?.runsOn.kind).toBe('invalid');
});

test('more keys and values than GitHub reads are refused, aliases or not', () => {
  const wide = `on: push\nenv:\n${Array.from({ length: 30_000 }, (_, index) => `  k${index}: v`).join('\n')}`;
  expect(readYaml(wide).problems[0]?.message).toMatch(/50,000/);
});

test('what would take long to read is not read', () => {
  const hostile = [`on: [${'a,'.repeat(250_000)}]`, `on: push\n${'\n'.repeat(500_000)}`];
  for (const text of hostile) expect(readYaml(text).problems[0]?.message).toMatch(/was not read/);
});

test('a thousand faults are not a thousand problems', () => {
  expect(readYaml(`on: push\n${'a: b: c\n'.repeat(1000)}`).problems.length).toBeLessThanOrEqual(50);
});
