import { expect, test } from 'vitest';
import { eventWords, runClock, runLook, runPath, runsHeadline, spanOf, stepLook } from './run-words.ts';

test('what ended looks as it ended, anything else as what it does', () => {
  expect(runLook({ status: 'completed', conclusion: 'failure' })).toEqual({
    tone: 'fail',
    shape: 'cross',
    word: 'Failed',
  });
  expect(runLook({ status: 'completed', conclusion: null }).word).toBe('Ended');
  expect(runLook({ status: 'in_progress', conclusion: null }).word).toBe('Running');
  expect(runLook({ status: 'blocked', conclusion: null }).word).toBe('To come');
  expect(stepLook({ status: 'queued', conclusion: null }).word).toBe('To come');
  expect(stepLook({ status: 'completed', conclusion: 'skipped' }).word).toBe('Skipped');
});

test('a span runs until its end, or until now, and is never negative', () => {
  expect(spanOf({ startedAt: null, endedAt: null }, 9)).toBeNull();
  expect(spanOf({ startedAt: 2000, endedAt: null }, 9000)).toBe(7000);
  expect(spanOf({ startedAt: 9000, endedAt: 2000 }, 0)).toBe(0);
  expect(runClock({ status: 'completed', startedAt: 0, updatedAt: 65_000 }, 900_000)).toBe('1:05');
  expect(runClock({ status: 'queued', startedAt: null, updatedAt: 1 }, 900_000)).toBe('');
});

test('events are told in words, an unknown one as it is called', () => {
  expect(eventWords('workflow_dispatch')).toBe('by hand');
  expect(eventWords('deployment_status')).toBe('deployment status');
  expect(runPath('a/b', 12)).toBe('/runs/a%2Fb/12');
});

test('the headline counts what goes on and what waits', () => {
  const running = { status: 'in_progress' as const };
  const queued = { status: 'queued' as const };
  expect(runsHeadline([{ status: 'completed' }])).toBe('No run is under way');
  expect(runsHeadline([running])).toBe('1 run under way');
  expect(runsHeadline([queued, queued])).toBe('2 runs wait');
  expect(runsHeadline([running, running, queued])).toBe('2 runs under way, 1 waits');
});
