import { expect, test } from 'vitest';
import { planUpdate, trialMs, type UpdatableRunner } from './plan.ts';

const now = Date.UTC(2026, 10, 24);
const minute = 60_000;
const runner = (id: string, change: Partial<UpdatableRunner> = {}): UpdatableRunner => ({
  ...{ id, name: `arm-${id}`, state: 'idle', stateSince: now - 5 * minute, version: '2.336.0' },
  ...{ startedAt: now - 60 * minute, draining: false, updating: false, job: null, failure: null },
  ...{ ephemeral: false, hasDoneJob: false },
  ...change,
});
const job = { name: 'Build', startedAt: now, url: null };
const fresh = { version: '2.337.0', startedAt: now - minute } as const;
const plan = (...runners: UpdatableRunner[]) => planUpdate({ runners, offered: '2.337.0', now });

test('nothing is done for runners that are up to date, newer, unknown or made anew for each job', () => {
  expect(plan()).toEqual({ action: 'none' });
  expect(plan(runner('1', { version: '2.337.0' }), runner('2', { version: '2.340.0' }))).toEqual({
    action: 'none',
  });
  expect(plan(runner('1', { version: null }), runner('2', { ephemeral: true }))).toEqual({ action: 'none' });
  expect(planUpdate({ runners: [runner('1', { version: '2.99.0' })], offered: '2.100.0', now }).action).toBe(
    'replace',
  );
});

test('the canary is the runner that has been idle longest, never one that works', () => {
  const busy = runner('1', { state: 'busy', job, stateSince: 0 });
  const long = runner('3', { stateSince: now - 9 * minute });
  expect(plan(busy, runner('2'), long)).toMatchObject({ action: 'replace', runnerId: '3', role: 'canary' });
});

test('while nobody is free, somebody is waited for', () => {
  const occupied = [
    runner('1', { state: 'busy', job }),
    runner('2', { draining: true }),
    runner('3', { updating: true }),
    runner('4', { state: 'reconnecting' }),
    runner('5', { state: 'stopped' }),
    runner('6', { job }),
  ];
  expect(plan(...occupied)).toMatchObject({ action: 'wait', until: null });
});

test('the others wait until the canary has listened for ten minutes', () => {
  const canary = runner('1', fresh);
  expect(plan(canary, runner('2'))).toMatchObject({ action: 'wait', until: now - minute + trialMs });
  const later = planUpdate({
    runners: [canary, runner('2')],
    offered: '2.337.0',
    now: now - minute + trialMs,
  });
  expect(later).toMatchObject({ action: 'replace', runnerId: '2', role: 'follower' });
});

test('a job done proves it at once', () => {
  expect(plan(runner('1', { ...fresh, hasDoneJob: true }), runner('2'))).toMatchObject({ runnerId: '2' });
});

test('one at a time', () => {
  const proven = runner('1', { ...fresh, hasDoneJob: true });
  expect(plan(proven, runner('2', { state: 'deploying' }), runner('3'))).toMatchObject({ action: 'wait' });
});

test('a canary that fails stops the roll-out, with its reason', () => {
  const failure = { code: 'TERMINATED', message: 'The runner gave up.', remedy: null };
  const failed = runner('1', { ...fresh, state: 'failed', startedAt: null, failure });
  const stopped = plan(failed, runner('2'), runner('3'));
  expect(stopped).toMatchObject({ action: 'stop' });
  expect(stopped).toHaveProperty(
    'sentence',
    'arm-1 failed with version 2.337.0, so the other 2 runners stay as before: The runner gave up.',
  );
  // One that is proven says more than one that failed.
  expect(plan(failed, runner('2'), runner('4', { ...fresh, hasDoneJob: true }))).toMatchObject({
    runnerId: '2',
  });
});

test('a canary that starts again and again proves nothing', () => {
  const restarting = runner('1', { ...fresh, state: 'starting', startedAt: null });
  expect(plan(restarting, runner('2'))).toMatchObject({ action: 'wait', until: null });
});
