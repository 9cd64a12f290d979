import { expect, test } from 'vitest';
import { ForgeLimitError } from './forge-limit.ts';
import { nextLook, type PaceFacts } from './watch-pace.ts';

const facts: PaceFacts = { now: 10_000, startedAt: 10_000, hurried: false, failure: null, intervalMs: 2000 };
const failure = (count: number, error = new Error('no')) => ({ error, at: 10_000, count });

test.each<[string, Partial<PaceFacts>, number, string]>([
  ['the first look', { startedAt: null }, 0, 'next'],
  ['two looks in each interval', {}, 1000, 'next'],
  ['counted from the beginning of the last', { now: 10_400 }, 600, 'next'],
  ['late', { now: 99_000 }, 0, 'next'],
  ['in a hurry', { hurried: true, intervalMs: 60_000 }, 500, 'both'],
  ['in a hurry, long after the last', { hurried: true, now: 12_000 }, 0, 'both'],
  ['a clock that was set back', { now: -590_000 }, 1000, 'next'],
  ['failed once', { failure: failure(1) }, 4000, 'both'],
  ['failed once, some time ago', { failure: failure(1), now: 13_000 }, 1000, 'both'],
  ['failed often', { failure: failure(9) }, 60_000, 'both'],
  ['failed, in a hurry', { failure: failure(2), hurried: true }, 8000, 'both'],
  ['limited', { failure: failure(1, new ForgeLimitError('github.com', 310_000, 'pace')) }, 300_000, 'both'],
  [
    'limited, over by now',
    { failure: failure(1, new ForgeLimitError('github.com', 0, 'pace')) },
    2000,
    'both',
  ],
])('%s', (_, more, delayMs, scope) => {
  expect(nextLook({ ...facts, ...more })).toEqual({ delayMs, scope });
});
