import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  endOf,
  mostLines,
  type Stretch,
  stretchAround,
  stretchAt,
  stretchBeyond,
  stretchWith,
} from './stretch.ts';

const holds = ({ start, count }: Stretch, line: number): boolean => line >= start && line < start + count;

test('a log that is not long is one stretch', () => {
  expect(stretchAt(0, 0)).toEqual({ start: 0, count: 0 });
  expect(endOf(mostLines)).toEqual({ start: 0, count: mostLines });
  expect(stretchBeyond(endOf(5000), { first: 0, last: 40 }, 5000)).toBeNull();
});

test('the end stays in one stretch while the log grows', () => {
  expect(endOf(mostLines + 1).start).toBe(endOf(mostLines + 90_000).start);
  expect(endOf(2_000_000)).toEqual({ start: 1_800_000, count: mostLines });
});

const logAndLine = fc
  .integer({ min: 1, max: 5_000_000 })
  .chain((lines) => fc.tuple(fc.constant(lines), fc.integer({ min: 0, max: lines - 1 })));

test('any line of any log is in its stretch, which is never too long and ends with the log at most', () => {
  fc.assert(
    fc.property(logAndLine, fc.nat(5_000_000), ([lines, line], present) => {
      for (const stretch of [stretchAround(line, lines), stretchWith(line, present, lines)]) {
        expect(holds(stretch, line)).toBe(true);
        expect(stretch.count).toBeLessThanOrEqual(mostLines);
        expect(stretch.start + stretch.count).toBeLessThanOrEqual(lines);
      }
      expect(holds(endOf(lines), lines - 1)).toBe(true);
    }),
  );
});

test('whoever scrolls to an edge goes on beyond it, and has room to scroll on', () => {
  const lines = 2_000_000;
  const present = stretchAround(1_000_000, lines);
  expect(stretchBeyond(present, { first: 1_000_000, last: 1_000_040 }, lines)).toBeNull();
  const up = stretchBeyond(present, { first: present.start + 10, last: present.start + 50 }, lines);
  expect(up && holds(up, present.start - 10_000)).toBe(true);
  const end = present.start + present.count;
  const down = stretchBeyond(present, { first: end - 50, last: end - 10 }, lines);
  expect(down && holds(down, end + 10_000)).toBe(true);
});
