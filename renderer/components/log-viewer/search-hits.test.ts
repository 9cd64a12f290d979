import { expect, test } from 'vitest';
import { mostHits, noHits, ordinalOf, startAnew, stepFrom, takeFound } from './search-hits.ts';

const hits = [
  { line: 3, start: 0 },
  { line: 3, start: 9 },
  { line: 8, start: 2 },
];

test('hits grow as they are found, up to the most that are told', () => {
  const some = takeFound(noHits, { hits, searched: 100, done: false });
  const more = takeFound(some, { hits: [{ line: 200, start: 1 }], searched: 300, done: true });
  expect(more).toEqual({ hits: [...hits, { line: 200, start: 1 }], searched: 300, done: true });
  const many = Array.from({ length: mostHits }, (_, line) => ({ line, start: 0 }));
  expect(takeFound(more, { hits: many, searched: 400, done: true }).hits).toHaveLength(mostHits);
});

test('a log that has grown is searched on from its last line, whose hits come again', () => {
  const before = { hits, searched: 9, done: true };
  expect(startAnew(before)).toEqual({ hits: hits.slice(0, 2), searched: 8, done: false });
  expect(startAnew(noHits)).toEqual({ hits: [], searched: 0, done: false });
});

test.each([
  ['to the next', 0, 1, 0, 1],
  ['over the end', 2, 1, 0, 0],
  ['over the beginning', 0, -1, 0, 2],
  ['to the first after the lines in view', null, 1, 4, 2],
  ['to the last before the lines in view', null, -1, 4, 1],
  ['around when nothing comes after', null, 1, 9, 0],
  ['around when nothing comes before', null, -1, 0, 2],
] as const)('steps %s', (_what, current, by, from, expected) => {
  expect(stepFrom(hits, current, by, from)).toBe(expected);
});

test('without hits there is nowhere to go', () => {
  expect(stepFrom([], null, 1, 0)).toBeNull();
});

test('a hit knows its place in its line', () => {
  expect([0, 1, 2].map((index) => ordinalOf(hits, index))).toEqual([0, 1, 0]);
});
