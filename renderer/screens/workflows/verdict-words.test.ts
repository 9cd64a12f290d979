import { expect, test } from 'vitest';
import type { CheckedJob, CheckedWorkflow } from '../../../shared/model.ts';
import { type CheckVerdict, checkHeadline, countVerdicts, troubledFirst } from './verdict-words.ts';

function job(verdict: CheckVerdict): CheckedJob {
  const rest = { labelSets: [], sentence: '', nearest: null, mistake: null, patch: null };
  return { key: verdict, line: 1, verdict, ...rest };
}

function file(
  path: string,
  verdicts: CheckVerdict[],
  problems: CheckedWorkflow['problems'] = [],
): CheckedWorkflow {
  return { path, url: null, name: null, jobs: verdicts.map(job), problems };
}

const problem = { line: 3, column: 1, message: 'A tab.' };

test('the headline tells the worst', () => {
  expect(checkHeadline([]).words).toBe('There is no job to check');
  expect(checkHeadline([file('a', ['ours', 'hosted'])])).toMatchObject({ tone: 'plain' });
  expect(checkHeadline([file('a', ['ours'], [problem])]).words).toContain('wrong');
  expect(checkHeadline([file('a', ['invalid'])]).words).toContain('wrong');
  expect(checkHeadline([file('a', ['ours', 'nobody'], [problem])]).words).toBe('1 job would wait for nobody');
  expect(checkHeadline([file('a', ['nobody']), file('b', ['nobody'])]).words).toContain('2 jobs');
});

test('verdicts are counted over all files, what needs somebody first', () => {
  expect(countVerdicts([file('a', ['ours', 'nobody']), file('b', ['ours'])])).toEqual([
    { verdict: 'nobody', count: 1 },
    { verdict: 'ours', count: 2 },
  ]);
});

test('files with something to do come first, the others keep their order', () => {
  const files = [file('a', ['ours']), file('b', ['nobody']), file('c', []), file('d', [], [problem])];
  expect(troubledFirst(files).map(({ path }) => path)).toEqual(['b', 'd', 'a', 'c']);
});
