import { expect, test } from 'vitest';
import { defaultSettings } from '../../../shared/pool-defaults.ts';
import { delayChoices } from './notification-words.ts';

test('what is set at first is among the choices, in words', () => {
  expect(delayChoices(defaultSettings.notifications.afterMs).map(({ title }) => title)).toEqual([
    'At once',
    'After 1 minute',
    'After 2 minutes',
    'After 5 minutes',
    'After 15 minutes',
    'After 1 hour',
  ]);
});

test('a value set elsewhere stays visible, in its place', () => {
  expect(delayChoices(90_000).map(({ value }) => value)).toContain(90_000);
  expect(delayChoices(90_000)[2]).toEqual({ value: 90_000, title: 'After 1 min' });
  expect(delayChoices(2 * 3_600_000).at(-1)?.title).toBe('After 2 h');
});
