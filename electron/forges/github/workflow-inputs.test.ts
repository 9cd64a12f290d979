import { expect, test } from 'vitest';
import { workflowInputs } from './workflow-inputs.ts';

test.each([
  ['on: workflow_dispatch'],
  ['on: [push, workflow_dispatch]'],
  ['on:\n  push:\n  workflow_dispatch:'],
  ['on:\n  workflow_dispatch: {}'],
  ['"on":\n  workflow_dispatch:\n    inputs:'],
])('%j can be started by hand and asks for nothing', (file) => {
  expect(workflowInputs(file)).toEqual([]);
});

test.each([
  ['on: push'],
  ['on: [push, pull_request]'],
  ['on:\n  schedule:\n    - cron: "0 0 * * *"'],
  ['jobs: {}'],
  [''],
  ['just words'],
  ['on: [unclosed'],
  ['a: &a [*a, *a]\non: push'],
])('%j cannot be started by hand', (file) => {
  expect(workflowInputs(file)).toBeNull();
});

test('inputs keep their order, types and defaults', () => {
  const file = `
on:
  workflow_dispatch:
    inputs:
      message:
        description: What to say
        required: true
      level:
        type: choice
        options: [1, low, high]
        default: low
      dry:
        type: boolean
        default: false
      where:
        type: environment
      odd:
        type: colour
      bare:
`;
  expect(workflowInputs(file)).toEqual([
    {
      name: 'message',
      type: 'string',
      description: 'What to say',
      required: true,
      default: null,
      options: [],
    },
    {
      name: 'level',
      type: 'choice',
      description: null,
      required: false,
      default: 'low',
      options: ['1', 'low', 'high'],
    },
    { name: 'dry', type: 'boolean', description: null, required: false, default: 'false', options: [] },
    { name: 'where', type: 'environment', description: null, required: false, default: null, options: [] },
    { name: 'odd', type: 'string', description: null, required: false, default: null, options: [] },
    { name: 'bare', type: 'string', description: null, required: false, default: null, options: [] },
  ]);
});
