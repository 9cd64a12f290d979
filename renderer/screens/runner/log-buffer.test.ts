import { expect, test } from 'vitest';
import { addChunk, asText, emptyLog, findHits, maxHits, maxLines } from './log-buffer.ts';

const chunk = (lines: string[], over: { reset?: boolean; skipped?: number } = {}) => ({
  reset: false,
  skipped: 0,
  lines,
  ...over,
});
const numbered = (count: number): string[] => Array.from({ length: count }, (_, index) => `line ${index}`);

test('pieces follow each other, a reset begins anew, ids go on', () => {
  const first = addChunk(emptyLog, chunk(['a', 'b'], { reset: true, skipped: 3 }));
  const second = addChunk(first, chunk(['c']));
  expect(second.lines.map(({ id, text }) => [id, text])).toEqual([
    [0, 'a'],
    [1, 'b'],
    [2, 'c'],
  ]);
  expect(second.skipped).toBe(3);
  const anew = addChunk(second, chunk(['d'], { reset: true }));
  expect(anew.lines.map(({ id, text }) => [id, text])).toEqual([[3, 'd']]);
  expect(anew.skipped).toBe(0);
});

test('the newest lines are kept and the others counted', () => {
  const buffer = addChunk(addChunk(emptyLog, chunk(numbered(maxLines))), chunk(['last']));
  expect(buffer.lines).toHaveLength(maxLines);
  expect(buffer.lines.at(-1)?.text).toBe('last');
  expect(buffer.skipped).toBe(1);
});

test('while somebody reads, nothing is taken away until there is twice as much', () => {
  const full = addChunk(emptyLog, chunk(numbered(maxLines)));
  expect(addChunk(full, chunk(numbered(10)), true).skipped).toBe(0);
  const far = addChunk(full, chunk(numbered(maxLines + 1)), true);
  expect(far.lines).toHaveLength(maxLines);
});

test('hits are found in reading order, ignoring case and colours', () => {
  const { lines } = addChunk(
    emptyLog,
    chunk(['an Error, another error', 'fine', '\u001b[31mERR\u001b[0mor']),
  );
  expect(findHits(lines, 'error')).toEqual([
    { line: 0, start: 3 },
    { line: 0, start: 18 },
    { line: 2, start: 0 },
  ]);
  expect(findHits(lines, '')).toEqual([]);
});

test('hits are bounded', () => {
  const { lines } = addChunk(emptyLog, chunk(['a'.repeat(4000), 'a'.repeat(4000)]));
  expect(findHits(lines, 'a')).toHaveLength(maxHits);
});

test('as a file it has times and says what is missing', () => {
  const buffer = addChunk(emptyLog, chunk(['2026-11-21T10:02:11.0000000Z hello', 'there'], { skipped: 2 }));
  expect(asText(buffer)).toBe('[2 earlier lines are left out]\n2026-11-21T10:02:11.000Z hello\nthere\n');
});
