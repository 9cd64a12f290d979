import { expect, test } from 'vitest';
import { eachPiece, fileNameOf, plainText } from './whole-log.ts';

const log = Array.from({ length: 5000 }, (_, line) => `line ${line}`);
const { signal } = new AbortController();

test('all lines come in order, however few are given at once', async () => {
  const got: string[] = [];
  const befores: number[] = [];
  const fetch = async (from: number, count: number) => log.slice(from, from + Math.min(count, 1500));
  await eachPiece(
    fetch,
    5000,
    (lines, before) => {
      got.push(...lines);
      befores.push(before);
    },
    signal,
  );
  expect(got).toEqual(log);
  expect(befores).toEqual([0, 1500, 3000, 4500]);
});

test('a log that ends early ends, an aborted one throws', async () => {
  const got: string[] = [];
  await eachPiece(
    async (from) => log.slice(from, from + 2).filter((_, index) => from + index < 3),
    10,
    (lines) => got.push(...lines),
    signal,
  );
  expect(got).toEqual(['line 0', 'line 1', 'line 2']);
  await expect(
    eachPiece(
      async () => ['a'],
      10,
      () => {},
      AbortSignal.abort(),
    ),
  ).rejects.toThrow();
});

test('copied lines have their times and no colours', () => {
  expect(plainText('2026-11-21T10:02:11.0000000Z \u001b[31mhello')).toBe('2026-11-21T10:02:11.000Z hello');
  expect(plainText('there')).toBe('there');
});

test('a title is a file’s name', () => {
  expect(fileNameOf('Log of build / test (ubuntu) on arm-1')).toBe('log-of-build-test-ubuntu-on-arm-1.log');
  expect(fileNameOf('///')).toBe('log.log');
});
