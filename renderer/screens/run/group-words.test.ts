import { expect, test } from 'vitest';
import { groupLook, groupWords } from './group-words.ts';
import { runJobRow } from './testing.ts';

const good = runJobRow('good');
const failed = runJobRow('failed', { conclusion: 'failure' });
const runs = runJobRow('runs', { status: 'in_progress', conclusion: null });
const queued = runJobRow('queued', { status: 'queued', conclusion: null });

test('a group looks as the job in it that counts most', () => {
  expect(groupLook([good, queued, runs, failed]).word).toBe('Failed');
  expect(groupLook([good, queued, runs]).word).toBe('Running');
  expect(groupLook([good, queued]).word).toBe('Queued');
  expect(groupLook([good]).word).toBe('Succeeded');
});

test('a group tells how many have ended and failed', () => {
  expect(groupWords([good, failed, runs])).toBe('2 of 3, 1 failed');
  expect(groupWords([good, good])).toBe('2');
});
