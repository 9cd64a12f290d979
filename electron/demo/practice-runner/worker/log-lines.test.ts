import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { readLines } from './lines.ts';
import { createMasks } from './masks.ts';
import { createTimeStamps } from './time-stamps.ts';

test('output is cut into lines wherever it is torn', async () => {
  const stream = new PassThrough();
  const lines: string[] = [];
  readLines(stream, (line) => void lines.push(line));
  const bytes = Buffer.from('eins\r\nzwei: grün\rdrei\n\nvier');
  for (const byte of bytes) stream.write(Buffer.from([byte]));
  stream.end();
  await new Promise((resolve) => stream.once('end', resolve));
  expect(lines).toEqual(['eins', 'zwei: grün', 'drei', '', 'vier']);
});

test('secrets are masked, the longest first, and line by line', () => {
  const masks = createMasks(['abc', 'abcdef', 'line one\nline two', ' ']);
  expect(masks.apply('abcdef abc line two')).toBe('*** *** ***');
});

test('time stamps grow, and a mark lies between what was before and what comes after', () => {
  const stamps = createTimeStamps(() => Date.UTC(2026, 7, 17, 13, 0, 0, 5) + 0.25);
  expect(stamps.next()).toBe('2026-08-17T13:00:00.0052500Z');
  expect(stamps.next()).toBe('2026-08-17T13:00:00.0052501Z');
  expect(stamps.mark()).toBe('2026-08-17T13:00:00.006Z');
  expect(stamps.next()).toBe('2026-08-17T13:00:00.0060000Z');
});
