import { expect, test } from 'vitest';
import { parseWorkflowFile } from './workflow-file.ts';

const jobs = (text: string) => `on: push\njobs:\n${text.replace(/^/gm, '  ')}`;

test.each([
  ['on: workflow_dispatch'],
  ['on: [push, workflow_dispatch]'],
  ['on:\n  push:\n  workflow_dispatch:'],
  ['on:\n  workflow_dispatch: {}'],
  ['"on":\n  workflow_dispatch:\n    inputs:'],
  ['%YAML 1.1\n---\non: workflow_dispatch'],
])('%j can be started by hand and asks for nothing', (file) => {
  expect(parseWorkflowFile(file).inputs).toEqual([]);
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
  expect(parseWorkflowFile(file).inputs).toBeNull();
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
  const plain = { description: null, required: false, default: null, options: [] };
  expect(parseWorkflowFile(file).inputs).toEqual([
    { ...plain, name: 'message', type: 'string', description: 'What to say', required: true },
    { ...plain, name: 'level', type: 'choice', default: 'low', options: ['1', 'low', 'high'] },
    { ...plain, name: 'dry', type: 'boolean', default: 'false' },
    { ...plain, name: 'where', type: 'environment' },
    { ...plain, name: 'odd', type: 'string' },
    { ...plain, name: 'bare', type: 'string' },
  ]);
});

test('a workflow is told with its jobs, their order, groups and places', () => {
  const file = `name: CI
concurrency:
  group: ci-\${{ github.ref }}
on: push
jobs:
  build:
    name: Build it
    runs-on: [self-hosted, gpu]
  deploy:
    needs: build
    runs-on: ubuntu-latest
    environment: { name: production, url: https://example.com }
    concurrency: deploy
  call:
    needs: [build, deploy]
    uses: ./.github/workflows/other.yml
`;
  const parsed = parseWorkflowFile(file);
  expect(parsed).toMatchObject({
    name: 'CI',
    inputs: null,
    concurrency: `ci-\${{ github.ref }}`,
    problems: [],
  });
  expect(parsed.jobs).toEqual([
    {
      key: 'build',
      name: 'Build it',
      line: 6,
      needs: [],
      runsOn: { kind: 'labels', sets: [{ labels: ['self-hosted', 'gpu'], group: null }], line: 8 },
      environment: null,
      concurrency: null,
      uses: null,
      words: [
        { text: 'self-hosted', line: 8, column: 15 },
        { text: 'gpu', line: 8, column: 28 },
      ],
    },
    {
      key: 'deploy',
      name: null,
      line: 9,
      needs: ['build'],
      runsOn: { kind: 'labels', sets: [{ labels: ['ubuntu-latest'], group: null }], line: 11 },
      environment: 'production',
      concurrency: 'deploy',
      uses: null,
      words: [{ text: 'ubuntu-latest', line: 11, column: 14 }],
    },
    {
      key: 'call',
      name: null,
      line: 14,
      needs: ['build', 'deploy'],
      runsOn: { kind: 'reusable', line: 16 },
      environment: null,
      concurrency: null,
      uses: './.github/workflows/other.yml',
      words: [],
    },
  ]);
});

test('each problem of sound YAML is told with its place, and the jobs are told all the same', () => {
  const file = jobs(`a:
  runs-on:
b:
  runs-on: ubuntu-latest
  needs: [a, nobody]
c:
  uses: ./.github/workflows/x.yml
  runs-on: ubuntu-latest
d: {}`);
  const { problems, jobs: parsed } = parseWorkflowFile(file);
  expect(parsed.map(({ key }) => key)).toEqual(['a', 'b', 'c', 'd']);
  expect(problems).toEqual([
    { line: 4, column: 5, message: '`runs-on` is empty.' },
    { line: 7, column: 5, message: 'The job `b` needs `nobody`, which this file does not have.' },
    { line: 10, column: 5, message: 'A job that calls a workflow with `uses` cannot have a `runs-on`.' },
    { line: 11, column: 3, message: 'The job has neither `runs-on` nor `uses`.' },
  ]);
});

test('300 inputs are all told, and that GitHub takes 25', () => {
  const inputs = Array.from({ length: 300 }, (_, index) => `      input${index}:`).join('\n');
  const file = `on:\n  workflow_dispatch:\n    inputs:\n${inputs}\njobs: {a: {runs-on: x}}`;
  const parsed = parseWorkflowFile(file);
  expect(parsed.inputs).toHaveLength(300);
  expect(parsed.problems).toEqual([
    { line: 3, column: 5, message: 'It asks for 300 inputs; GitHub allows 25 and refuses the file.' },
  ]);
});
