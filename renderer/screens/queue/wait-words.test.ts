import { expect, test } from 'vitest';
import { waitKindSchema } from '../../../shared/model.ts';
import { waitRow } from '../../testing/rows.ts';
import { placeWords, startWords, waitKinds, waitLook, waitTitle } from './wait-words.ts';

test('every kind has a title', () => {
  expect([...waitKinds].sort()).toEqual([...waitKindSchema.options].sort());
});

test('a place in the line', () => {
  const places = [null, 1, 2, 3, 4, 11, 22, 1003].map((position) => placeWords({ position }));
  expect(places).toEqual([
    '',
    'next in line',
    '2nd in line',
    '3rd in line',
    '4th in line',
    '11th in line',
    '22nd in line',
    '1,003rd in line',
  ]);
});

test('when it starts, roughly, as it is known roughly', () => {
  const words = (leftMs: number) => startWords({ estimate: { startsAt: leftMs, basis: '' } }, 0);
  expect([-10_000, 4000, 12_000, 61_000, 240_000, 7_260_000].map(words)).toEqual([
    'any moment',
    'any moment',
    'in about 15 s',
    'in about 2 min',
    'in about 4 min',
    'in about 2 h 1 min',
  ]);
  expect(startWords({ estimate: null }, 0)).toBe('');
});

test('what is about to fail looks worse than what needs somebody, and that than what passes', () => {
  expect(waitLook(waitRow({ failsAt: 1, passes: true })).tone).toBe('fail');
  expect(waitLook(waitRow()).tone).toBe('wait');
  expect(waitLook(waitRow({ passes: true, kind: 'starting' })).tone).toBe('busy');
  expect(waitLook(waitRow({ passes: true, kind: 'needs' })).tone).toBe('off');
  expect(waitTitle(null, 2)).toBe('2 jobs were seen a moment ago');
});
