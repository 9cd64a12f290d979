import { expect, test } from 'vitest';
import type { WorkflowInput } from '../../../shared/model.ts';
import { initialValues, inputAt, inputPayload, inputProblems } from './inputs.ts';

function input(name: string, type: WorkflowInput['type'], rest: Partial<WorkflowInput> = {}): WorkflowInput {
  return { name, type, description: null, required: false, default: null, options: [], ...rest };
}

test('starts with the declared defaults', () => {
  const inputs = [
    input('target', 'choice', { options: ['debug', 'release'] }),
    input('level', 'choice', { options: ['low', 'high'], default: 'high' }),
    input('verbose', 'boolean'),
    input('publish', 'boolean', { default: 'true' }),
    input('note', 'string', { default: 'hello' }),
    input('parallel', 'number'),
  ];
  expect(initialValues(inputs)).toEqual({
    target: 'debug',
    level: 'high',
    verbose: 'false',
    publish: 'true',
    note: 'hello',
    parallel: '',
  });
});

test.each([
  [input('note', 'string', { required: true }), '', '“note” is required.'],
  [input('note', 'string', { required: true }), '  ', '“note” is required.'],
  [input('note', 'string'), '', null],
  [input('parallel', 'number'), 'two', '“parallel” takes a number, and “two” is none.'],
  [input('parallel', 'number'), ' 2.5 ', null],
  [
    input('target', 'choice', { options: ['debug', 'release'] }),
    'fast',
    '“target” is one of debug, release.',
  ],
  [input('target', 'choice', { options: ['debug', 'release'] }), 'debug', null],
  [input('place', 'environment', { required: true }), '', '“place” is required.'],
])('checks %j', (declared, value, problem) => {
  const found = inputProblems([declared], { [declared.name]: value });
  expect(found).toEqual(problem === null ? {} : { [declared.name]: problem });
});

test('leaves an optional empty input out, and sends booleans as words', () => {
  const inputs = [
    input('note', 'string'),
    input('verbose', 'boolean'),
    input('parallel', 'number', { required: true }),
  ];
  expect(inputPayload(inputs, { note: '', verbose: 'false', parallel: ' 2 ' })).toEqual({
    verbose: 'false',
    parallel: '2',
  });
});

test('a refusal is shown at the input that it names', () => {
  const inputs = [input('note', 'string')];
  expect(inputAt(inputs, 'note')).toBe('note');
  expect(inputAt(inputs, 'inputs.note')).toBe('note');
  expect(inputAt(inputs, 'ref')).toBeNull();
  expect(inputAt(inputs, null)).toBeNull();
});
