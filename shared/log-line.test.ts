import fc from 'fast-check';
import { expect, test } from 'vitest';
import { clean, cutNote, findInLine, findWords, maxLineLength, readLine, wordsPattern } from './log-line.ts';

const e = '\u001b';

test('colours stay, every other escape goes', () => {
  expect(clean(`${e}[31mred${e}[0m`)).toBe(`${e}[31mred${e}[0m`);
  expect(clean(`a${e}[2J${e}[10;10Hb${e}[?25lc`)).toBe('abc');
  expect(clean(`a${e}]0;owned\u0007b${e}]8;;https://x${e}\\link${e}]8;;${e}\\`)).toBe('ablink');
  expect(clean(`a${e}(Bb${e}cc${e}`)).toBe('abc');
  expect(clean('a\u009b31mb')).toBe(`a${e}[31mb`);
});

test('controls and marks that turn text around are shown as what they are', () => {
  expect(clean('bell\u0007 nul\u0000 del\u007f')).toBe('bell^G nul^@ del^?');
  expect(clean('a\u202eb')).toBe('a⟨U+202E⟩b');
  expect(clean('tab\tstays')).toBe('tab\tstays');
});

test('of a line that was written over, the last is shown, with its time', () => {
  const line = readLine('2026-11-21T10:02:18.0000000Z progress 10%\rprogress 100%\r');
  expect(line.text).toBe('progress 100%');
  expect(line.at).toBe(Date.UTC(2026, 10, 21, 10, 2, 18));
});

test.each([
  ['2026-11-21T10:02:11.1234567Z ##[error]It broke', 'error', 'It broke'],
  ['2026-11-21T10:02:11.1234567Z ##[group]Run make', 'group', 'Run make'],
  ['##[endgroup]', 'end', ''],
  ['2026-11-21 10:00:01Z: Listening for Jobs', 'plain', 'Listening for Jobs'],
  ['plain words ##[error] inside', 'plain', 'plain words ##[error] inside'],
])('%j is a line of the kind %s', (raw, kind, text) => {
  const line = readLine(raw);
  expect([line.kind, line.text]).toEqual([kind, text]);
});

test('a long line is cut, and its true length told', () => {
  const line = readLine('x'.repeat(9000));
  expect(line.text).toHaveLength(maxLineLength);
  expect(line.whole).toBe('9,000 characters');
  expect(readLine('x'.repeat(9000) + cutNote(1_000_000)).whole).toBe('1,000,000 bytes');
  expect(readLine('short').whole).toBeNull();
});

test('whatever is printed, no control character reaches the page but tab and the colours’ own', () => {
  const hostile = fc.string({
    unit: fc.oneof(
      fc.constantFrom(
        e,
        `${e}[`,
        `${e}]`,
        '[31m',
        'm',
        '\u0007',
        '\r',
        '\u009b',
        '\u202e',
        ';',
        '0',
        '?',
        '\\',
      ),
      fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
    ),
  });
  fc.assert(
    fc.property(hostile, (raw) => {
      const { text, coloured } = readLine(raw);
      // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
      expect(text).not.toMatch(/[\u0000-\u0008\u000a-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/);
      expect(coloured.replace(new RegExp(`${e}\\[[0-9;]*m`, 'g'), '')).toBe(text);
      // The search of the engine sees the text that is shown.
      expect(findInLine(raw, wordsPattern('m'))).toHaveLength(findWords(text, wordsPattern('m')).length);
    }),
    { numRuns: 3000 },
  );
});

test('words are found in what is shown, at their places in what was written', () => {
  const places = (raw: string, words: string): number[] => findInLine(raw, wordsPattern(words));
  expect(places('an Error, another error', 'error')).toEqual([3, 18]);
  expect(places(`${e}[31mERR${e}[0mor`, 'error')).toEqual([5]);
  expect(places('2026-11-21T10:02:11.0000000Z ##[error]10 errors', '10')).toEqual([38]);
  expect(places('2026-11-21T10:02:11.0000000Z ##[error]10 errors', 'error')).toEqual([41]);
  expect(places('progress 10%\rprogress 100%', '10')).toEqual([22]);
  expect(places('a\u0000b', '^@B')).toEqual([1]);
  expect(places('a.b*c', '.B*')).toEqual([1]);
  expect(places('GRÜN İ grün', 'grün')).toEqual([0, 7]);
  expect(places('', 'x')).toEqual([]);
});
