import { expect, test } from 'vitest';
import { defaultSettings } from '../../../shared/pool-defaults.ts';
import { keepingChoices } from './keeping.ts';

test('what is set at first is among the choices', () => {
  const { notifications: _, ...kept } = defaultSettings;
  for (const setting of Object.keys(kept) as (keyof typeof kept)[]) {
    const choices = keepingChoices(setting, kept[setting]);
    expect(choices.map(({ value }) => value)).toContain(kept[setting]);
  }
});

test('choices are in words, the gentlest first', () => {
  expect(keepingChoices('removeGhostsAfterMs', null).map(({ title }) => title)).toEqual([
    'Only when you say so',
    'After 1 hour',
    'After 1 day',
    'After 7 days',
    'After 14 days',
  ]);
  expect(keepingChoices('drainBoundMs', 600_000)[0]).toEqual({ value: 0, title: 'Not at all' });
  expect(keepingChoices('historyMaxBytes', 64 * 1024 ** 2).at(-1)?.title).toBe('1 GB');
});

test('a value set elsewhere stays visible, in its place', () => {
  expect(keepingChoices('drainBoundMs', 120_000).map(({ title }) => title)).toEqual([
    'Not at all',
    '1 minute',
    '2 minutes',
    '10 minutes',
    '30 minutes',
    '1 hour',
    '6 hours',
  ]);
});
