import { expect, test } from 'vitest';
import { runnerRow } from '../testing/rows.ts';
import { needsSomebody, runnerLook } from './runner-state.ts';

test.each([
  ['Idle', 'idle', runnerRow()],
  ['Finishing', 'busy', runnerRow({ state: 'busy', draining: true })],
  ['Updating', 'busy', runnerRow({ state: 'starting', updating: true })],
  ['Starts again', 'wait', runnerRow({ state: 'failed', retryAt: 20_000 })],
  ['Starts again', 'wait', runnerRow({ state: 'starting', retryAt: 20_000 })],
  ['Failed', 'fail', runnerRow({ state: 'failed' })],
])('%s is told in the tone %s', (word, tone, runner) => {
  expect(runnerLook(runner)).toMatchObject({ word, tone });
});

test('only a failure that is not mended by itself needs somebody', () => {
  expect(needsSomebody(runnerRow({ state: 'failed' }))).toBe(true);
  expect(needsSomebody(runnerRow({ state: 'failed', retryAt: 1 }))).toBe(false);
  expect(needsSomebody(runnerRow({ state: 'stopped' }))).toBe(false);
});
