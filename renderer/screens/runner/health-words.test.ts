import { expect, test } from 'vitest';
import type { HealthCheck } from '../../../shared/model.ts';
import { healthSentence, restartSentence, versionTerm } from './health-words.ts';

const check = (id: HealthCheck['id'], status: HealthCheck['status']): HealthCheck => ({
  id,
  title: id.toUpperCase(),
  status,
  detail: '',
  checkedAt: 0,
});
const day = 24 * 3_600_000;

test('the worst is told first', () => {
  expect(healthSentence([])).toBe('Not checked yet.');
  expect(healthSentence([check('disk', 'ok'), check('forge', 'unknown')])).toBe('Everything is fine.');
  expect(healthSentence([check('disk', 'warning'), check('forge', 'ok')])).toBe('Well, but watch: disk.');
  expect(healthSentence([check('disk', 'warning'), check('process', 'failed')])).toBe('Not well: process.');
});

test('restarts are told with the last reason', () => {
  expect(restartSentence({ restarts: 0, lastRestart: null }, 0)).toBeNull();
  const lastRestart = { at: 0, reason: 'The listener ended with 1.' };
  expect(restartSentence({ restarts: 1, lastRestart }, 60_000)).toBe(
    'Restarted 1 min ago: The listener ended with 1.',
  );
  expect(restartSentence({ restarts: 3, lastRestart }, 60_000)).toBe(
    '3 restarts in a row; the last 1 min ago: The listener ended with 1.',
  );
});

test.each([
  [45, 'plain', 'gets jobs for 45 days more'],
  [30, 'wait', 'gets jobs for 30 days more'],
  [8, 'wait', 'gets jobs for 8 days more'],
  [7, 'fail', 'gets jobs for 7 days more'],
  [1, 'fail', 'gets jobs for 1 day more'],
  [0.5, 'fail', 'gets jobs for 12 h more'],
  [-1, 'fail', 'GitHub gives it no jobs any more'],
])('with %d days left a version is %s', (days, tone, words) => {
  expect(versionTerm(days * day, 0)).toEqual({ words, tone });
});
