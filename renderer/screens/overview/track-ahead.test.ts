import { expect, test } from 'vitest';
import { runnerRow } from '../../testing/rows.ts';
import { aheadOf } from './track-ahead.ts';

test('right of now stands what is to come', () => {
  const job = { name: 'build', startedAt: 1000, url: null };
  const now = 761_000;
  expect(aheadOf(runnerRow({ state: 'busy', job }), now, 1_080_000)).toMatchObject({
    words: '12:40',
    more: 'about 5 min left',
    share: 760 / 1080,
  });
  expect(aheadOf(runnerRow({ state: 'busy', job, draining: true }), now, null).more).toBe('finishing');
  expect(aheadOf(runnerRow({ stateSince: now - 200_000 }), now, null)).toMatchObject({
    words: 'Idle',
    more: '3 min',
  });
  const step = { detail: null, startedAt: null, endedAt: null };
  const steps = [
    { ...step, id: 'download' as const, status: 'done' as const, progress: null },
    { ...step, id: 'extract' as const, status: 'active' as const, progress: 0.5 },
  ];
  expect(aheadOf(runnerRow({ state: 'deploying', steps }), now, null)).toMatchObject({
    words: 'Unpacking 50 %',
    share: 0.75,
  });
});

test('a job beyond its usual time says so', () => {
  const job = { name: 'build', startedAt: 0, url: null };
  expect(aheadOf(runnerRow({ state: 'busy', job }), 90_000, 60_000)).toMatchObject({
    more: 'longer than usual',
    share: 1,
  });
});

test('an idle runner with a deadline counts down, in the last half minute in another tone', () => {
  const idle = runnerRow({ stateSince: 0, stopsAt: 300_000 });
  expect(aheadOf(idle, 84_000, null)).toEqual({
    look: { tone: 'idle' },
    words: 'leaves in 3:36',
    more: '',
    share: null,
    stay: 0.72,
  });
  expect(aheadOf(idle, 280_000, null)).toMatchObject({ look: { tone: 'wait' }, words: 'leaves in 0:20' });
  expect(aheadOf(idle, 300_000, null)).toMatchObject({ words: 'leaves now', stay: 0 });
});

test('one that starts again says when', () => {
  const failed = runnerRow({ state: 'failed', retryAt: 20_000 });
  expect(aheadOf(failed, 0, null)).toMatchObject({ look: { tone: 'wait' }, words: 'again in 0:20' });
});
