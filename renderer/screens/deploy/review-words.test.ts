import { expect, test } from 'vitest';
import { defaultScaling } from '../../../shared/pool-defaults.ts';
import { amountWords, comingAndGoing } from './review-words.ts';

const auto = { mode: 'auto', idleTimeoutMs: 300_000 } as const;

test('an automatic pool tells when its runners come and leave', () => {
  const wanted = { count: 0, lifecycle: auto, scaling: defaultScaling };
  expect(amountWords(wanted)).toBe('up to 4');
  expect(comingAndGoing(wanted)).toEqual([
    'The first one starts when a job waits.',
    'As many as jobs wait. One of them stays 10 min after the last job.',
    'Idle for 5 min, a runner leaves; none runs while nothing waits.',
  ]);
  expect(comingAndGoing({ ...wanted, count: 3 })[0]).toBe('3 start now.');
});

test('fresh runners come with their jobs, spare ones at once', () => {
  const wanted = { count: 0, lifecycle: { mode: 'ephemeral' } as const, scaling: defaultScaling };
  expect(comingAndGoing(wanted)[1]).toBe('The first one starts when a job waits.');
  const spare = { ...wanted, count: 1, scaling: { ...defaultScaling, minRunners: 1 } };
  expect(comingAndGoing(spare)[1]).toBe('1 starts now and waits ready.');
});

test('a fixed pool is a number', () => {
  const wanted = { count: 4, lifecycle: { mode: 'manual' } as const, scaling: defaultScaling };
  expect(amountWords(wanted)).toBe('4');
  expect(comingAndGoing(wanted)).toEqual(['They start now and stay until you stop them.']);
});
