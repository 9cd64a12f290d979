import { expect, test } from 'vitest';
import { parseWorkflowFile } from '../file/workflow-file.ts';
import { blockedJobs } from './blocked-jobs.ts';

const { jobs } = parseWorkflowFile(`on: push
jobs:
  build:
    strategy: { matrix: { os: [linux, mac] } }
    runs-on: self-hosted
    steps: [{ run: 'true' }]
  test: { needs: build, name: Test it, runs-on: [self-hosted, gpu], steps: [{ run: 'true' }] }
  lint: { runs-on: self-hosted, steps: [{ run: 'true' }] }
  ship: { needs: [test, lint], runs-on: '\${{ vars.where }}', steps: [{ run: 'true' }] }
`);

test('what needs a job that has not ended is blocked, and what needs that as well', () => {
  expect(blockedJobs(jobs, ['build (linux)'])).toEqual([
    { key: 'test', name: 'Test it', labels: ['self-hosted', 'gpu'], needs: ['build'] },
    { key: 'ship', name: 'ship', labels: [], needs: ['Test it'] },
  ]);
});

test('only what has not ended is named', () => {
  expect(blockedJobs(jobs, ['Test it', 'lint'])).toEqual([
    { key: 'ship', name: 'ship', labels: [], needs: ['Test it', 'lint'] },
  ]);
  expect(blockedJobs(jobs, ['lint']).map(({ key }) => key)).toEqual(['ship']);
});

test('nothing is blocked by what is not in sight, and a job that has begun is not', () => {
  expect(blockedJobs(jobs, [])).toEqual([]);
  expect(blockedJobs(jobs, ['somebody else'])).toEqual([]);
  expect(blockedJobs(jobs, ['build (mac)', 'Test it']).map(({ key }) => key)).toEqual(['ship']);
});
