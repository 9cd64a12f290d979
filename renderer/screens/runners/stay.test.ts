import { expect, test } from 'vitest';
import { poolRow, runnerRow } from '../../testing/rows.ts';
import { keptWords, managesItself, stayOf, staySentence } from './stay.ts';

const at = (hour: number, minute: number): number => new Date(2026, 10, 21, hour, minute).getTime();
const now = at(14, 0);

test('an idle runner with a deadline leaves, one without stays', () => {
  const idle = runnerRow({ stateSince: at(13, 58), stopsAt: at(14, 3) });
  expect(stayOf(idle, now)).toEqual({ kind: 'leaves', fromMs: at(13, 58), untilMs: at(14, 3), note: null });
  expect(stayOf(runnerRow(), now)).toBeNull();
  expect(stayOf(runnerRow({ state: 'busy', stopsAt: at(14, 3) }), now)).toBeNull();
});

test('a wish is told until its time has passed', () => {
  expect(keptWords({ keptUntil: at(14, 20) }, now)).toBe('kept until 14:20');
  expect(keptWords({ keptUntil: at(13, 20) }, now)).toBeNull();
  const kept = runnerRow({ stopsAt: at(14, 20), keptUntil: at(14, 20) });
  expect(stayOf(kept, now)).toMatchObject({ note: 'kept until 14:20' });
});

test('one that failed tells when it starts again and why', () => {
  const failure = { code: 'X', message: 'The listener ended.', remedy: null };
  const failed = runnerRow({ state: 'failed', stateSince: now, retryAt: at(14, 1), failure });
  expect(stayOf(failed, now)).toEqual({
    kind: 'retries',
    fromMs: now,
    untilMs: at(14, 1),
    reason: 'The listener ended.',
  });
  const starting = runnerRow({ state: 'starting', retryAt: at(14, 1), cause: 'It lost its session.' });
  expect(stayOf(starting, now)).toMatchObject({ kind: 'retries', reason: 'It lost its session.' });
});

test('an update is told by its cause', () => {
  const runner = runnerRow({ state: 'starting', updating: true, cause: 'It updates itself to 2.331.0.' });
  expect(stayOf(runner, now)).toEqual({ kind: 'updates', reason: 'It updates itself to 2.331.0.' });
});

test('the sentence names the time of day, so that it does not change every second', () => {
  expect(staySentence({ kind: 'leaves', fromMs: now, untilMs: at(14, 3), note: null })).toBe(
    'It leaves at 14:03 if no job comes.',
  );
  expect(staySentence({ kind: 'leaves', fromMs: now, untilMs: at(14, 20), note: 'kept until 14:20' })).toBe(
    'It leaves at 14:20 if no job comes; kept until 14:20.',
  );
  expect(staySentence({ kind: 'retries', fromMs: now, untilMs: at(14, 1), reason: '' })).toBe(
    'It starts again at 14:01.',
  );
});

test('only a manual pool does not manage itself', () => {
  expect(managesItself(poolRow())).toBe(false);
  expect(managesItself(poolRow({ lifecycle: { mode: 'ephemeral' } }))).toBe(true);
  expect(managesItself(undefined)).toBe(false);
});
