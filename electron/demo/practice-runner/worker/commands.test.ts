import { expect, test } from 'vitest';
import { createCommandReader } from './commands.ts';
import { createMasks } from './masks.ts';

function read(lines: string[], isDebug = false) {
  const written: string[] = [];
  const masks = createMasks([]);
  const log = { write: (text: string) => void written.push(text), error: () => {}, end: async () => {} };
  const onLine = createCommandReader(log, masks, isDebug);
  for (const line of lines) onLine(line);
  return { written, masks };
}

test.each([
  ['::group::Build', '##[group]Build'],
  ['::endgroup::', '##[endgroup]'],
  ['::error file=a.ts,line=1::It broke', '##[error]It broke'],
  ['  ::warning::100%25 %0Aof it', '##[warning]100% \nof it'],
  ['::notice title=a::b::c', '##[notice]b::c'],
  ['::unknown::x', '::unknown::x'],
  ['std::vector::size', 'std::vector::size'],
  ['##[error]raw', '##[error]raw'],
])('%j is logged as %j', (line, expected) => {
  expect(read([line]).written).toEqual([expected]);
});

test('a mask hides what it names and is not shown itself', () => {
  const { written, masks } = read(['::add-mask::hunter2']);
  expect(written).toEqual([]);
  expect(masks.apply('the hunter2')).toBe('the ***');
});

test('debug lines show on request', () => {
  expect(read(['::debug::x']).written).toEqual([]);
  expect(read(['::debug::x'], true).written).toEqual(['##[debug]x']);
});

test('commands can be stopped until a token', () => {
  const lines = ['::stop-commands::abc', '::error::not one', '::abc::', '::error::one'];
  expect(read(lines).written).toEqual([
    '::stop-commands::abc',
    '::error::not one',
    '::abc::',
    '##[error]one',
  ]);
});
