import { expect, test } from 'vitest';
import { resolveRunsOn } from './runs-on.ts';

const admit = () => true;
const sets = (...labels: string[][]) => ({
  kind: 'labels',
  sets: labels.map((set) => ({ labels: set, group: null })),
});
const os = `\${{ matrix.os }}`;

test.each([
  ['ubuntu-latest', undefined, sets(['ubuntu-latest'])],
  [['self-hosted', 'gpu'], undefined, sets(['self-hosted', 'gpu'])],
  ['self-hosted, gpu', undefined, sets(['self-hosted, gpu'])],
  // GitHub takes numbers and truth values for the words they are written with (TemplateReader.Validate).
  [42, undefined, sets(['42'])],
  [true, undefined, sets(['true'])],
  [['self-hosted', 24.04], undefined, sets(['self-hosted', '24.04'])],
  [{ group: 'big' }, undefined, { kind: 'labels', sets: [{ labels: [], group: 'big' }] }],
  [
    { group: 'organization/big', labels: ['gpu'] },
    undefined,
    { kind: 'labels', sets: [{ labels: ['gpu'], group: 'big' }] },
  ],
  [{ labels: 'gpu' }, undefined, sets(['gpu'])],
  [`\${{ 'gpu' }}`, undefined, sets(['gpu'])],
  [`\${{ fromJSON('["self-hosted", "gpu"]') }}`, undefined, sets(['self-hosted', 'gpu'])],
  [
    `\${{ fromJSON('{"group":"big","labels":["a"]}') }}`,
    undefined,
    { kind: 'labels', sets: [{ labels: ['a'], group: 'big' }] },
  ],
  [os, { os: ['a', 'b'] }, sets(['a'], ['b'])],
  [`\${{ matrix['os'] }}`, { os: ['a'] }, sets(['a'])],
  [`\${{ matrix.OS }}`, { os: ['a'] }, sets(['a'])],
  [`\${{ format('{0}-{1}', matrix.os, matrix.v) }}`, { os: ['a'], v: [1, 2] }, sets(['a-1'], ['a-2'])],
  [`\${{ matrix.os }}-\${{ matrix.v }}`, { os: ['a'], v: [1, 2] }, sets(['a-1'], ['a-2'])],
  [['self-hosted', os], { os: ['a', 'b'] }, sets(['self-hosted', 'a'], ['self-hosted', 'b'])],
  [os, { os: [['self-hosted', 'gpu'], 'b'] }, sets(['self-hosted', 'gpu'], ['b'])],
  [`\${{ matrix.on.label }}`, { on: [{ label: 'a' }, { label: 'b' }] }, sets(['a'], ['b'])],
  [`\${{ matrix.big && 'large' || 'small' }}`, { big: [true, false] }, sets(['large'], ['small'])],
  // The same set twice, whatever the case and order, is one set.
  [os, { os: ['a', 'A'], v: [1, 2, 3] }, sets(['A'])],
  [os, { include: [{ os: 'a' }, { os: 'b' }] }, sets(['a'], ['b'])],
  [os, { os: ['a', 'b'], exclude: [{ os: 'a' }] }, sets(['b'])],
  [
    os,
    {
      os: ['a', 'b'],
      v: [1, 2],
      exclude: [
        { os: 'A', v: 1 },
        { os: 'a', v: 2 },
      ],
    },
    sets(['b']),
  ],
  [`\${{ matrix.on }}`, { os: ['a', 'b'], include: [{ on: 'x' }, { os: 'b', on: 'y' }] }, sets(['x'], ['y'])],
  [os, { os: ['a'], include: [{ os: 'c' }] }, sets(['a'], ['c'])],
  // Only another dimension depends on the run.
  [os, { os: ['a', 'b'], shard: `\${{ fromJSON(needs.x.outputs.y) }}` }, sets(['a'], ['b'])],
  [os, { os: `\${{ fromJSON('["a"]') }}` }, sets(['a'])],
  [os, `\${{ fromJSON('{"os":["a"]}') }}`, sets(['a'])],
])('%j with the matrix %j asks for %j', (runsOn, matrix, expected) => {
  expect(resolveRunsOn(runsOn, matrix, admit)).toEqual(expected);
});

test.each([
  [`\${{ inputs.runner }}`, undefined, `\${{ inputs.runner }}`],
  [`\${{ inputs.runner || 'ubuntu-latest' }}`, undefined, `\${{ inputs.runner || 'ubuntu-latest' }}`],
  [`\${{ vars.RUNNER }}`, undefined, `\${{ vars.RUNNER }}`],
  [['self-hosted', `\${{ vars.SIZE }}`], undefined, `\${{ vars.SIZE }}`],
  [`\${{ fromJSON(needs.pick.outputs.labels) }}`, undefined, `\${{ fromJSON(needs.pick.outputs.labels) }}`],
  [os, `\${{ fromJSON(needs.pick.outputs.matrix) }}`, `\${{ fromJSON(needs.pick.outputs.matrix) }}`],
  [os, { os: ['a', `\${{ vars.OTHER }}`] }, os],
  [os, { os: ['a'], include: `\${{ fromJSON(needs.x.outputs.y) }}` }, 'strategy.matrix.include'],
  // Whether `on` is there depends on what a run puts into `os`.
  [`\${{ matrix.on }}`, { os: [`\${{ vars.OS }}`], include: [{ os: 'a', on: 'x' }] }, `\${{ matrix.on }}`],
])('%j with the matrix %j is only known in a run', (runsOn, matrix, expression) => {
  expect(resolveRunsOn(runsOn, matrix, admit)).toEqual({ kind: 'dynamic', expression });
});

test.each([
  [undefined, undefined, 'The job has neither `runs-on` nor `uses`.'],
  [null, undefined, '`runs-on` is empty.'],
  ['', undefined, '`runs-on` asks for nothing: A label in it is empty.'],
  [[], undefined, '`runs-on` is an empty list: it names no label.'],
  [{}, undefined, '`runs-on` names neither a group nor a label.'],
  [[null], undefined, '`runs-on` asks for nothing: A label in it is empty.'],
  [[['a']], undefined, '`runs-on` has a list or a mapping where one label belongs.'],
  [[{ a: 1 }], undefined, '`runs-on` has a list or a mapping where one label belongs.'],
  [{ label: 'a' }, undefined, '`runs-on` takes `group` and `labels`, and no `label`.'],
  [
    { group: 'my/big' },
    undefined,
    '`my/big` is no name of a runner group: only `organization/` or `enterprise/` may stand before it.',
  ],
  [os, undefined, `\`runs-on\` asks for nothing: \`\${{ matrix.os }}\` is empty.`],
  [`\${{ matrix.oss }}`, { os: ['a'] }, `\`runs-on\` asks for nothing: \`\${{ matrix.oss }}\` is empty.`],
  [`\${{ matrix. }}`, { os: ['a'] }, /^The expression in `runs-on` is wrong: /],
  [`\${{ secrets.X }}`, undefined, /^The expression in `runs-on` is wrong: .*secrets/],
  [`\${{ matrix.os`, { os: ['a'] }, /not closed/],
  [`\${{ fromJSON('[') }}`, undefined, /^The expression in `runs-on` is wrong: /],
  [
    os,
    { os: Array.from({ length: 17 }, (_, index) => `a${index}`), v: Array(17).fill(1) },
    'The matrix has 289 combinations; GitHub allows 256 for one job.',
  ],
])('%j with the matrix %j is told as wrong', (runsOn, matrix, message) => {
  expect(resolveRunsOn(runsOn, matrix, admit)).toEqual({
    kind: 'invalid',
    message: typeof message === 'string' ? message : expect.stringMatching(message),
  });
});
