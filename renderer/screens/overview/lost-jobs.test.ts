import { expect, test } from 'vitest';
import { shiftRow, verdictRow } from '../../testing/rows.ts';
import { lostJobs, needsRerun, rerunWords } from './lost-jobs.ts';

const minute = 60_000;
const now = 100 * minute;
const ended = (id: string, endedAt: number, verdict = verdictRow() as ReturnType<typeof verdictRow> | null) =>
  shiftRow({ id, endedAt, result: 'Failed', verdict });

test('jobs lost in the last hour are told, the latest first; failed and cancelled ones are not lost', () => {
  const shifts = {
    a: ended('a', 50 * minute),
    b: ended('b', 90 * minute),
    old: ended('old', 30 * minute),
    failed: ended('failed', 90 * minute, null),
    cancelled: ended('cancelled', 90 * minute, verdictRow({ cause: 'cancelled-here' })),
  };
  expect(lostJobs(shifts, now).map(({ id }) => id)).toEqual(['b', 'a']);
});

test('what becomes of it is told, and whether somebody has to do it', () => {
  const at = new Date(2026, 10, 21, 14, 5).getTime();
  const asked = verdictRow({ rerun: { status: 'asked', at, sentence: '' } });
  const refused = verdictRow({ rerun: { status: 'failed', at, sentence: 'GitHub refused: too old.' } });
  expect(rerunWords(asked)).toBe('GitHub was asked at 14:05 to run it again.');
  expect(rerunWords(refused)).toBe('GitHub refused: too old.');
  expect(rerunWords(verdictRow())).toBe('It is not run again by itself.');
  expect([asked, refused, verdictRow()].map(needsRerun)).toEqual([false, true, true]);
});
