import { expect, test } from 'vitest';
import { evaluate, interpolate, interpolateDeep, namesStatus } from './expressions.ts';

const contexts = {
  inputs: { level: 'Full', verbose: true, count: 3, empty: '' },
  matrix: { os: 'linux', versions: [20, 22] },
  github: { ref_name: 'main', event: { inputs: { level: 'Full' } } },
};

test.each([
  ["inputs.level == 'full'", true],
  ["inputs['level'] != 'quick'", true],
  ['inputs.verbose', true],
  ['!inputs.verbose', false],
  ['inputs.count > 2 && inputs.count <= 3', true],
  ["inputs.empty || 'fallback'", 'fallback'],
  ["inputs.verbose && 'loud' || 'still'", 'loud'],
  ['matrix.versions[1]', 22],
  ['matrix.nothing.deeper', null],
  ["contains(matrix.versions, 22) && contains('Hello', 'ELL')", true],
  ["startsWith(github.ref_name, 'ma') && endsWith(github.ref_name, 'in')", true],
  ["format('{0}-{1}', matrix.os, inputs.count)", 'linux-3'],
  ["join(matrix.versions, '/')", '20/22'],
  ['fromJSON(\'{"a": [1]}\').a[0]', 1],
  ["(1 == 1) == ('it''s' == 'it''s')", true],
  ["'3' == 3", true],
  ["null == ''", true],
])('%s is %j', (source, value) => {
  expect(evaluate(source, contexts)).toEqual(value);
  expect(evaluate(`\${{ ${source} }}`, contexts)).toEqual(value);
});

test('status functions say what they are told', () => {
  const failed = { success: false, failure: true, cancelled: false };
  expect(evaluate('failure() || cancelled()', {}, failed)).toBe(true);
  expect(evaluate('success()', {}, failed)).toBe(false);
  expect(evaluate('always()', {}, failed)).toBe(true);
  expect(namesStatus('!cancelled()')).toBe(true);
  expect(namesStatus("inputs.failure == 'x'")).toBe(false);
});

/** The source as it stands in a text. */
const inText = (source: string) => `\${{ ${source} }}`;

test('texts are filled in, and whole expressions keep their type', () => {
  const [level, versions, count] = [
    inText('inputs.level'),
    inText('matrix.versions'),
    inText('inputs.count'),
  ];
  expect(interpolate(`run ${level} on ${inText('matrix.os')}${inText('inputs.none')}`, contexts)).toBe(
    'run Full on linux',
  );
  expect(interpolateDeep({ list: [versions, `v${count}`] }, contexts)).toEqual({ list: [[20, 22], 'v3'] });
  expect(interpolateDeep(`${level}-${count}`, contexts)).toBe('Full-3');
});

test.each(['inputs.', 'a ==', 'unknown()', '(1', '1 2', 'a # b'])('%s is no expression', (source) => {
  expect(() => evaluate(source, contexts)).toThrow(SyntaxError);
});
