import { expect, test } from 'vitest';
import { runnerRow } from '../testing/rows.ts';
import { atWork, endedWords, quitChoices, quittingWords } from './quit-words.ts';

const job = { name: 'build', startedAt: 0, url: null };
const busy = runnerRow({ state: 'busy', job });
const details = (...of: Parameters<typeof quitChoices>): string[] =>
  quitChoices(...of).map(({ detail }) => detail);

test('counts runners that run, and jobs', () => {
  const gone = runnerRow({ state: 'stopped', pid: null });
  expect(atWork([busy, runnerRow(), gone])).toEqual({ runners: 2, jobs: 1 });
});

test('each way says what it does to what runs', () => {
  const choices = quitChoices({ runners: 4, jobs: 2 }, 600_000);
  expect(choices.map(({ title }) => title)).toEqual([
    'Finish jobs, then quit',
    'Leave runners running',
    'Stop now (cancels 2 jobs)',
  ]);
  expect(choices.map(({ detail }) => detail)).toEqual([
    '2 jobs run to their end, no new one begins. It waits 10 min at most: a job that takes longer goes on, and the next start finds it.',
    '4 runners go on and take jobs. None comes or leaves by itself until Trackside is back.',
    '2 jobs are cancelled and fail on the forge.',
  ]);
});

test('where nothing runs nothing is threatened', () => {
  expect(details({ runners: 1, jobs: 0 }, 600_000)).toEqual([
    'No job runs, so 1 runner stops and it ends at once.',
    '1 runner goes on and takes jobs. None comes or leaves by itself until Trackside is back.',
    'Everything is stopped at once.',
  ]);
  expect(details({ runners: 0, jobs: 0 }, 600_000)[0]).toBe('No job runs, so it ends at once.');
});

test('the banner and the last page tell how it goes', () => {
  expect(quittingWords({ how: 'finish-jobs', jobs: 2 })).toBe(
    'Trackside ends when 2 jobs are done. No new one begins.',
  );
  expect(quittingWords({ how: 'finish-jobs', jobs: 0 })).toContain('is ending');
  expect(endedWords('leave-running', { runners: 4, jobs: 2 })).toBe(
    '4 runners go on and take jobs. The next start finds them again.',
  );
  expect(endedWords('stop-now', { runners: 0, jobs: 0 })).toContain('have stopped');
  expect(endedWords('finish-jobs', { runners: 0, jobs: 0 })).toContain('finished first');
  expect(endedWords('finish-jobs', { runners: 1, jobs: 1 })).toBe(
    '1 job took longer than it waits, and goes on. The next start finds it.',
  );
});
