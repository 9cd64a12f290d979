import { expect, test } from 'vitest';
import { jobRow, waitRow } from '../../testing/rows.ts';
import { headlineText } from '../overview/headline.ts';
import { queueHeadline } from './queue-headline.ts';
import type { Cause } from './waiting-jobs.ts';

const cause = (jobs: number, over: Parameters<typeof waitRow>[0] = {}): Cause => ({
  key: 'w1',
  wait: waitRow(over),
  jobs: [jobRow(), ...Array.from({ length: jobs - 1 }, () => jobRow())],
});
const passing = { passes: true };

test.each<[string, Cause[], number, string]>([
  ['nothing at all', [], 0, 'Nothing waits.'],
  ['only running ones', [], 2, 'Nothing waits; 2 jobs run.'],
  ['one that needs somebody', [cause(1)], 0, '1 job waits. It needs you.'],
  ['several of one kind', [cause(12)], 1, '12 jobs wait, 1 runs. They need you.'],
  ['some of them', [cause(1), cause(3, passing)], 2, '4 jobs wait, 2 run. 1 of them needs you.'],
  ['none of them', [cause(2000, passing)], 0, '2,000 jobs wait. Nothing needs you.'],
])('%s', (_name, causes, running, words) => {
  expect(headlineText(queueHeadline(causes, running))).toBe(words);
});

test('what is about to fail is red', () => {
  expect(queueHeadline([cause(2, { failsAt: 1 })], 0).at(-1)?.tone).toBe('fail');
  expect(queueHeadline([cause(2)], 0).at(-1)?.tone).toBe('wait');
});
