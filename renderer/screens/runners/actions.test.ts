import { expect, test } from 'vitest';
import type { RunnerState } from '../../../shared/model.ts';
import { runnerRow } from '../../testing/rows.ts';
import { actionsFor, applicable, confirmationFor } from './actions.ts';

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
  expect(actionsFor({ state: 'busy', draining: true })).toContain('keep');
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
  expect(applicable('stop', [idle('a'), stopped]).map(({ name }) => name)).toEqual(['a']);
  expect(applicable('start', [idle('a'), stopped]).map(({ name }) => name)).toEqual(['c']);
});
