import { expect, test } from 'vitest';
import type { WorkflowInput } from '../../../shared/model.ts';
import { checkInputs } from './dispatch-inputs.ts';

const input = (name: string, change: Partial<WorkflowInput> = {}): WorkflowInput => ({
  ...{ name, type: 'string', description: null, required: false, default: null, options: [] },
  ...change,
});
const declared = [
  input('version', { required: true }),
  input('channel', { type: 'choice', options: ['stable', 'beta'], required: true, default: 'stable' }),
  input('dry-run', { type: 'boolean' }),
  input('copies', { type: 'number' }),
  input('target', { type: 'environment' }),
];

test.each([
  [{ version: '1.0' }],
  [{ version: '1.0', channel: 'beta', 'dry-run': 'false', copies: '2.5', target: 'production' }],
  [{ version: '1.0', copies: '', 'dry-run': '' }],
])('%j is taken', (given) => {
  expect(() => checkInputs(declared, given)).not.toThrow();
});

test.each([
  [{}, 'inputs.version', '"version" is required.'],
  [{ version: '' }, 'inputs.version', '"version" is required.'],
  [{ version: '1', channel: '' }, 'inputs.channel', '"channel" is required.'],
  [{ version: '1', channel: 'Beta' }, 'inputs.channel', '"channel" must be one of "stable", "beta".'],
  [{ version: '1', 'dry-run': 'yes' }, 'inputs.dry-run', '"dry-run" must be true or false.'],
  [{ version: '1', copies: 'two' }, 'inputs.copies', '"copies" must be a number.'],
  [{ version: '1', copies: ' ' }, 'inputs.copies', '"copies" must be a number.'],
  [{ version: '1', copies: 'Infinity' }, 'inputs.copies', '"copies" must be a number.'],
  [{ version: '1', color: 'red' }, 'inputs.color', 'The workflow has no input "color".'],
  [{ version: 'x'.repeat(70_000) }, 'inputs', 'The inputs together are longer than 65535 characters.'],
  [
    Object.fromEntries(Array.from({ length: 300 }, (_, at) => [`i${at}`, ''])),
    'inputs',
    'A workflow takes at most 25 inputs; these are 300.',
  ],
])('%# is refused by its field', (given, field, message) => {
  expect(() => checkInputs(declared, given)).toThrow(
    expect.objectContaining({ code: 'INVALID_REQUEST', message, data: expect.objectContaining({ field }) }),
  );
});

test('names of the language itself are no inputs', () => {
  expect(() => checkInputs([input('constructor', { required: true })], {})).toThrow('is required');
  expect(() => checkInputs([], { constructor: 'x' })).toThrow('has no input "constructor"');
});
