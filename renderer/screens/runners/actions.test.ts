import { expect, test } from 'vitest';
import type { RunnerState } from '../../../shared/model.ts';
import { runnerRow } from '../../testing/rows.ts';
import { actionsFor, applicable, confirmationFor, type RunnerAction } from './actions.ts';

const idle = (name: string) => runnerRow({ name });
const busy = (name: string) =>
  runnerRow({ name, state: 'busy', job: { name: 'build', startedAt: 1000, url: null } });
const now = 1000 + 4 * 60_000;

test.each<[RunnerState, string]>([
  ['deploying', 'cancel-deploy'],
  ['starting', 'stop remove'],
  ['idle', 'stop restart remove'],
  ['busy', 'stop restart remove'],
  ['reconnecting', 'stop restart remove'],
  ['stopping', ''],
  ['stopped', 'start remove'],
  ['removing', ''],
  ['failed', 'retry remove'],
])('a runner that is %s offers: %s', (state, actions) => {
  expect(actionsFor(runnerRow({ state })).join(' ')).toBe(actions);
});

test('a runner that finishes its job can be kept', () => {
  expect(actionsFor(runnerRow({ state: 'busy', draining: true }))).toContain('keep');
});

test('a runner of a pool that manages itself leaves instead of being stopped', () => {
  const offers = (over: Parameters<typeof runnerRow>[0]) => actionsFor(runnerRow(over), true).join(' ');
  expect(offers({ stopsAt: 5 })).toBe('keep-for leave restart');
  expect(offers({ stopsAt: null })).toBe('leave restart');
  expect(offers({ state: 'busy' })).toBe('restart remove');
  expect(offers({ state: 'busy', draining: true })).toBe('keep remove');
  expect(offers({ state: 'failed' })).toBe('retry remove');
});

test('stopping a busy runner tells of its job and lets one choose', () => {
  const asked = confirmationFor('stop', [busy('arm-2')], now, 'octo/forge');
  expect(asked.title).toBe('Stop arm-2?');
  expect(asked.sentences).toEqual([
    'arm-2 has run “build” for 4 min.',
    'It stays registered with octo/forge and can be started again.',
  ]);
  expect(asked.choice?.drain).toContain('The job is finished first; then the runner stops.');
  expect(asked.choice?.now).toContain('cancelled');
});

test('stopping an idle runner asks no choice and says that it is at once', () => {
  const asked = confirmationFor('stop', [idle('a')], now, 'octo/forge');
  expect(asked.choice).toBeNull();
  expect(asked.sentences[0]).toBe('No job runs on it, so it stops at once.');
});

test('a restart never cancels a job', () => {
  const asked = confirmationFor('restart', [busy('a')], now, 'octo/forge');
  expect(asked.choice).toBeNull();
  expect(asked.sentences).toContain('It starts anew when its job has ended. No job is cancelled.');
});

test('removing several names those that work, and counts what would be cancelled', () => {
  const asked = confirmationFor('remove', [busy('a'), busy('b'), idle('c')], now, 'octo/forge');
  expect(asked.title).toBe('Remove 3 runners?');
  expect(asked.confirmLabel).toBe('Remove 3 runners');
  expect(asked.sentences[0]).toBe('a and b run jobs now.');
  expect(asked.sentences[1]).toContain('octo/forge forgets them.');
  expect(asked.choice?.now).toContain('2 jobs are cancelled');
});

test('of a selection only those are taken that the action fits', () => {
  const stopped = runnerRow({ name: 'c', state: 'stopped' });
  const names = (action: RunnerAction, managed = false) =>
    applicable(action, [idle('a'), stopped], () => managed).map(({ name }) => name);
  expect(names('stop')).toEqual(['a']);
  expect(names('start')).toEqual(['c']);
  expect(names('stop', true)).toEqual([]);
  expect(names('remove', true)).toEqual(['a', 'c']);
});

test('removing from a pool that manages itself says that others come', () => {
  const asked = confirmationFor('remove', [busy('a')], now, 'octo/forge', true);
  expect(asked.sentences.at(-1)).toBe('This cannot be taken back; its pool starts others when jobs wait.');
});
