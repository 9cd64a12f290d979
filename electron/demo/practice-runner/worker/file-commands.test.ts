import { expect, test } from 'vitest';
import { parsePairs } from './file-commands.ts';

test('reads values and blocks', () => {
  const text = 'A=1\n\nB=x=y<<z\nC<<END\nline 1\nD=not me\nEND\nE=\n';
  expect(parsePairs(text)).toEqual([
    ['A', '1'],
    ['B', 'x=y<<z'],
    ['C', 'line 1\nD=not me'],
    ['E', ''],
  ]);
});

test('reads lines of any system', () => {
  expect(parsePairs('A=1\r\nB<<E\r\nx\r\nE\r\n')).toEqual([
    ['A', '1'],
    ['B', 'x'],
  ]);
});

test.each([
  ['nothing', "Invalid format 'nothing'"],
  ['=value', "Invalid format '=value'"],
  ['<<END\nx\nEND', 'Name must not be empty'],
  ['A<<\nx', 'delimiter must not be empty'],
  ['A<<END\nx', "Matching delimiter not found 'END'"],
])('refuses %j', (text, message) => {
  expect(() => parsePairs(text)).toThrow(message);
});
