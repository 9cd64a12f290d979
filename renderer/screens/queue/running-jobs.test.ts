import { expect, test } from 'vitest';
import { boardWith, jobRow, runnerRow } from '../../testing/rows.ts';
import { runningJobs } from './running-jobs.ts';

const build = { name: 'build', startedAt: 5, url: null };

test('what our runners tell counts; the forge adds what it knows, and the jobs of others', () => {
  const board = boardWith({
    runners: [
      runnerRow({ name: 'arm-10', state: 'busy', job: build }),
      runnerRow({ name: 'arm-2', state: 'busy', job: { ...build, name: 'lint' } }),
      runnerRow({ name: 'arm-3' }),
    ],
    jobs: [
      jobRow({ id: 'a', status: 'in_progress', runnerName: 'arm-10', startedAt: 4 }),
      jobRow({ id: 'b', status: 'in_progress', runnerName: 'old-pi', startedAt: 3, name: 'deploy' }),
      jobRow({ id: 'c', status: 'in_progress', runnerName: 'arm-3' }),
      jobRow({ id: 'd', status: 'in_progress' }),
      jobRow({ id: 'e' }),
    ],
  });
  const found = runningJobs(board).map(({ name, runnerName, runnerId, startedAt, job }) => [
    name,
    runnerName,
    runnerId,
    startedAt,
    job?.id ?? null,
  ]);
  expect(found).toEqual([
    ['lint', 'arm-2', 'arm-2', 5, null],
    ['build', 'arm-10', 'arm-10', 5, 'a'],
    ['deploy', 'old-pi', null, 3, 'b'],
  ]);
});
