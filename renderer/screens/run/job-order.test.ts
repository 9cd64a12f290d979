import { expect, test } from 'vitest';
import { jobLanes } from './job-order.ts';
import { runJobRow } from './testing.ts';

const none = new Set<string>();
const words = (jobs: Parameters<typeof jobLanes>[0], toggled: ReadonlySet<string> = none): string[] =>
  jobLanes(jobs, toggled).map((lane) =>
    lane.kind === 'group' ? `${lane.title}:` : `${lane.indented ? '  ' : ''}${lane.title}`,
  );

test('what is needed stands above what needs it, whatever the order it comes in', () => {
  const jobs = [
    runJobRow('deploy', { needs: ['test', 'lint'] }),
    runJobRow('test', { needs: ['build'] }),
    runJobRow('lint', { startedAt: 500 }),
    runJobRow('build', { startedAt: 0 }),
  ];
  expect(words(jobs)).toEqual(['build', 'lint', 'test', 'deploy']);
});

test('a job that has not begun comes after its siblings that have', () => {
  const jobs = [runJobRow('late', { startedAt: null }), runJobRow('early', { startedAt: 3 })];
  expect(words(jobs)).toEqual(['early', 'late']);
});

test('jobs of a matrix and of a called workflow stand together under their name', () => {
  const jobs = [
    runJobRow('1', { name: 'test (20, linux)' }),
    runJobRow('2', { name: 'lint' }),
    runJobRow('3', { name: 'test (22, linux)', startedAt: 9 }),
    runJobRow('4', { name: 'ship / pack' }),
    runJobRow('5', { name: 'ship / upload', needs: ['4'] }),
    runJobRow('6', { name: 'alone (1)' }),
  ];
  expect(words(jobs)).toEqual([
    'test:',
    '  20, linux',
    '  22, linux',
    'lint',
    'ship:',
    '  pack',
    '  upload',
    'alone (1)',
  ]);
});

test('a large group begins folded, and a person may unfold it', () => {
  const jobs = Array.from({ length: 40 }, (_, index) => runJobRow(`${index}`, { name: `test (${index})` }));
  expect(words(jobs)).toEqual(['test:']);
  expect(words(jobs, new Set(['group test']))).toHaveLength(41);
  expect(words(jobs.slice(0, 3), new Set(['group test']))).toEqual(['test:']);
});

test('a cycle and a need that is not there do no harm', () => {
  const jobs = [runJobRow('a', { needs: ['b'] }), runJobRow('b', { needs: ['a', 'gone'] })];
  expect(words(jobs)).toHaveLength(2);
});
