import fc from 'fast-check';
import { expect, test } from 'vitest';
import { contrast, paletteColour, parseRgb, readableColour, textOn } from './log-colours.ts';

test.each([
  [16, [0, 0, 0]],
  [208, [255, 135, 0]],
  [231, [255, 255, 255]],
  [232, [8, 8, 8]],
  [255, [238, 238, 238]],
] as const)('palette number %d', (index, colour) => {
  expect(paletteColour(index)).toEqual(colour);
});

const part = fc.integer({ min: 0, max: 255 });

test('every colour can be read on the log’s ground, and readable ones stay as they are', () => {
  fc.assert(
    fc.property(fc.tuple(part, part, part), (colour) => {
      const shown = readableColour(colour);
      expect(contrast(shown, [24, 22, 20])).toBeGreaterThanOrEqual(4.5);
      if (contrast(colour, [24, 22, 20]) >= 4.5) expect(shown).toEqual(colour);
    }),
  );
});

test('text on every background can be read', () => {
  fc.assert(
    fc.property(fc.tuple(part, part, part), (colour) => {
      expect(contrast(textOn(colour), colour)).toBeGreaterThanOrEqual(4.5);
    }),
  );
});

test('only three numbers are a colour', () => {
  expect(parseRgb('187, 0, 0')).toEqual([187, 0, 0]);
  expect(parseRgb('1, 2')).toBeNull();
  expect(parseRgb('1, 2, 300')).toBeNull();
  expect(parseRgb(null)).toBeNull();
});
