import { expect, test } from 'vitest';
import { sparklinePath } from './sparkline-path.ts';

test.each([[[]], [[3]]])('%j is no course', (values) => {
  expect(sparklinePath(values, 4, 80, 20)).toEqual({ line: '', area: '' });
});

test('the top value reaches the upper edge, zero the base, and a larger value raises the top', () => {
  expect(sparklinePath([0, 4], 4, 80, 20).line).toBe('M0 19L80 1.5');
  expect(sparklinePath([4, 8], 4, 80, 20).line).toBe('M0 10.3L80 1.5');
});

test('ten thousand values become a few points, and none is not a number', () => {
  const { line } = sparklinePath(
    Array.from({ length: 10_000 }, (_, index) => index % 7),
    0,
    80,
    20,
  );
  expect(line.split('L')).toHaveLength(60);
  expect(line).not.toContain('NaN');
  expect(sparklinePath([0, 0], 0, 80, 20).line).toBe('M0 19L80 19');
});
