import { expect, test } from 'vitest';
import type { ForgeRunJob } from '../../forges/forge.ts';
import { parseWorkflowFile } from '../file/workflow-file.ts';
import { jobsNamed } from './job-keys.ts';
import { runJobs } from './run-jobs.ts';

const workflow = parseWorkflowFile(`
on: push
jobs:
  lint:
    runs-on: ubuntu-latest
    steps: []
  build:
    needs: lint
    strategy: { matrix: { os: [linux, mac], node: [22, 24] } }
    runs-on: [self-hosted, "\${{ matrix.os }}"]
    steps: []
  test:
    name: Test \${{ matrix.part }} of it
    needs: [build]
    strategy: { matrix: { part: [one, two] } }
    runs-on: [self-hosted, gpu]
    steps: []
  deploy:
    name: Deploy
    needs: [build, test]
    uses: ./.github/workflows/deploy.yml
  report:
    needs: deploy
    runs-on: [self-hosted, Linux]
    steps: []
`);

function job(id: number, name: string, change: Partial<ForgeRunJob> = {}): ForgeRunJob {
  return {
    ...{
      id,
      name,
      runId: 1,
      runAttempt: 1,
      labels: [],
      url: null,
      status: 'in_progress',
      queuedAt: 0,
      steps: [],
    },
    ...{ ended: false, conclusion: null, runnerName: null, startedAt: null, endedAt: null },
    ...change,
  };
}

test.each([
  ['lint', ['lint']],
  ['build (linux, 22)', ['build']],
  ['build (linux, 22', ['build']],
  ['Test one of it', ['test']],
  ['Test one of it (x)', ['test']],
  ['Test one', []],
  ['Deploy / upload', ['deploy']],
  ['Deploy (eu) / upload', ['deploy']],
  ['report', ['report']],
  ['reports', []],
])('%s belongs to %j', (name, keys) => {
  expect(jobsNamed(workflow.jobs, name).map(({ key }) => key)).toEqual(keys);
});

test('a name that says nothing fits many; one that is written out goes first', () => {
  const { jobs } = parseWorkflowFile(`
on: push
jobs:
  a: { name: "\${{ matrix.x }}", runs-on: x, steps: [] }
  b: { name: "\${{ matrix.y }}", runs-on: x, steps: [] }
  c: { runs-on: x, steps: [] }
`);
  expect(jobsNamed(jobs, 'anything').map(({ key }) => key)).toEqual(['a', 'b']);
  expect(jobsNamed(jobs, 'c').map(({ key }) => key)).toEqual(['c']);
});

test('a hostile name with hundreds of expressions is looked at in no time', () => {
  const name = `a\${{ x }}`.repeat(500);
  const { jobs } = parseWorkflowFile(`on: push\njobs:\n  a: { name: "${name}b", runs-on: x, steps: [] }\n`);
  const started = performance.now();
  expect(jobsNamed(jobs, 'a'.repeat(2000))).toEqual([]);
  expect(performance.now() - started).toBeLessThan(100);
});

test('jobs to come stand behind those there are, each with what it needs', () => {
  const jobs = [job(1, 'lint'), job(2, 'build (linux, 22)'), job(3, 'build (mac, 22)')];
  const rows = runJobs({
    ...{ run: { status: 'in_progress' }, jobs, workflow },
    runnerIdOf: ({ id }) => (id === 2 ? 'ours' : null),
  });
  expect(rows.map(({ key, needs, status, runnerId }) => [key, needs, status, runnerId])).toEqual([
    ['1', [], 'in_progress', null],
    ['2', ['1'], 'in_progress', 'ours'],
    ['3', ['1'], 'in_progress', null],
    ['test', ['2', '3'], 'blocked', null],
    ['deploy', ['2', '3', 'test'], 'blocked', null],
    ['report', ['deploy'], 'blocked', null],
  ]);
  expect(rows.map(({ name }) => name).slice(3)).toEqual(['test', 'Deploy', 'report']);
  expect(rows.at(-1)?.labels).toEqual(['self-hosted', 'Linux']);
});

test('a run that waits as a whole shows its first jobs as waiting', () => {
  const rows = runJobs({ run: { status: 'pending' }, jobs: [], workflow, runnerIdOf: () => null });
  expect(rows.map(({ status }) => status)).toEqual(['pending', 'blocked', 'blocked', 'blocked', 'blocked']);
});

test('where it cannot be told which job it is, nothing is drawn and nothing is made up', () => {
  const unclear = parseWorkflowFile(`
on: push
jobs:
  a: { name: "\${{ matrix.x }}", runs-on: x, steps: [] }
  b: { name: "\${{ matrix.y }}", needs: a, runs-on: x, steps: [] }
`);
  const run = { status: 'in_progress' } as const;
  const rows = runJobs({ run, jobs: [job(1, 'first')], workflow: unclear, runnerIdOf: () => null });
  expect(rows.map(({ key, needs }) => [key, needs])).toEqual([['1', []]]);
});

test('a run that has ended has no jobs to come; an unknown conclusion is neutral', () => {
  const jobs = [job(1, 'lint', { status: 'completed', ended: true, conclusion: 'vanished' })];
  const rows = runJobs({ run: { status: 'completed' }, jobs, workflow, runnerIdOf: () => null });
  expect(rows.map(({ key, conclusion }) => [key, conclusion])).toEqual([['1', 'neutral']]);
  expect(
    runJobs({ run: { status: 'in_progress' }, jobs, workflow: null, runnerIdOf: () => null }),
  ).toHaveLength(1);
});
