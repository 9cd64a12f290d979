import { expect, test } from 'vitest';
import { ApiError } from '../http.ts';
import { acceptInputs } from './inputs.ts';
import { expandMatrix, matrixSuffix } from './matrix.ts';
import { planJobs } from './plan.ts';
import { parseWorkflow } from './workflow-file.ts';

const contexts = { github: {}, inputs: { runner: 'gpu', systems: '["linux","mac"]' } };

function plan(jobs: string) {
  return planJobs(parseWorkflow(`on: workflow_dispatch\njobs:\n${jobs}`, 'x.yml'), contexts);
}

test('a matrix multiplies, excludes, extends and adds', () => {
  const matrix = {
    os: ['linux', 'mac'],
    node: [20, 22],
    exclude: [{ os: 'mac', node: 20 }],
    include: [
      { os: 'linux', extra: true },
      { os: 'windows', node: 24 },
    ],
  };
  expect(expandMatrix(matrix)).toEqual([
    { os: 'linux', node: 20, extra: true },
    { os: 'linux', node: 22, extra: true },
    { os: 'mac', node: 22 },
    { os: 'windows', node: 24 },
  ]);
  expect(expandMatrix(undefined)).toEqual([{}]);
  expect(expandMatrix({ include: [{ a: 1 }, { a: 2 }] })).toEqual([{ a: 1 }, { a: 2 }]);
  expect(() => expandMatrix({ a: Array.from({ length: 257 }, (_, index) => index) })).toThrow(
    '257 combinations',
  );
  expect(matrixSuffix({ os: 'linux', node: 20, more: { deep: 1 } })).toBe(' (linux, 20)');
});

test('labels come as text, list, object or expression', () => {
  const jobs = plan(`
  one: { runs-on: ubuntu-latest }
  two: { runs-on: [self-hosted, '\${{ inputs.runner }}'] }
  three: { runs-on: { group: Default, labels: [self-hosted, big] } }
  four:
    name: Test \${{ matrix.os }}
    runs-on: ['self-hosted', '\${{ matrix.os }}']
    strategy: { max-parallel: 1, fail-fast: false, matrix: { os: '\${{ fromJSON(inputs.systems) }}' } }`);
  expect(jobs.map((job) => [job.name, job.labels])).toEqual([
    ['one', ['ubuntu-latest']],
    ['two', ['self-hosted', 'gpu']],
    ['three', ['self-hosted', 'big']],
    ['Test linux', ['self-hosted', 'linux']],
    ['Test mac', ['self-hosted', 'mac']],
  ]);
  expect(jobs[3]).toMatchObject({ key: 'four', failFast: false, maxParallel: 1, timeoutMinutes: 360 });
});

test('steps keep what is written; actions become a harmless message', () => {
  const [job] = plan(`
  one:
    runs-on: self-hosted
    defaults: { run: { shell: bash } }
    steps:
      - uses: actions/checkout@v5
        with: { ref: "it's" }
      - { name: Try, run: 'make', if: always(), working-directory: sub, timeout-minutes: 2, continue-on-error: true }
      - run: |
          first line
          second line`);
  expect(job?.defaults).toEqual({ shell: 'bash', workingDirectory: null });
  expect(job?.steps.map((step) => step.name)).toEqual(['Run actions/checkout@v5', 'Try', 'Run first line']);
  expect(job?.steps[0]?.script).toContain(`'  ref: it'\\''s'`);
  expect(job?.steps[1]).toMatchObject({ condition: 'always()', workingDirectory: 'sub', timeoutMinutes: 2 });
});

test.each([
  ['\n  one: { steps: [] }', 'says no runs-on'],
  ['\n  one: { runs-on: a, needs: two }', 'needs a job that does not exist'],
  ['\n  one: { runs-on: a, needs: two }\n  two: { runs-on: a, needs: [one] }', 'needs itself'],
  ['\n  one: { uses: ./other.yml }', 'calls another workflow'],
])('what cannot run is refused: %s', (jobs, message) => {
  expect(() => plan(jobs)).toThrow(message);
});

const declared = parseWorkflow(
  `on:
  workflow_dispatch:
    inputs:
      target: { type: string, required: true }
      level: { type: choice, options: [quick, full] }
      verbose: { type: boolean }
      count: { type: number, default: 2 }
jobs: { one: {} }`,
  'x.yml',
).inputs;

test('inputs get their types and defaults', () => {
  expect(acceptInputs(declared ?? [], { target: 'x', verbose: 'true' })).toEqual({
    target: 'x',
    level: 'quick',
    verbose: true,
    count: 2,
  });
});

test.each([
  [{ target: 'x', other: '1' }, 'Unexpected inputs provided: ["other"]'],
  [{}, "Required input 'target' not provided"],
  [
    { target: 'x', level: 'huge' },
    "Provided value 'huge' for input 'level' not in the list of allowed values",
  ],
  [{ target: 'x', verbose: 'perhaps' }, "Provided value 'perhaps' for input 'verbose' is not a boolean"],
  [{ target: 'x', count: 'many' }, "Provided value 'many' for input 'count' is not a number"],
])('inputs %j are refused', (sent, message) => {
  expect(() => acceptInputs(declared ?? [], sent)).toThrow(new ApiError(422, message));
});
