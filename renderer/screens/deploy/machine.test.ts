import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Block, describeDivision, divideMachine, layOut } from './machine.ts';

const size = { preset: 'standard', cores: 4, memoryBytes: 8e9 } as const;
const sixteen = { size, fits: 3, reservedCores: 4, usedCores: 0, totalCores: 16 };

const kinds = (blocks: readonly Block[]): string[] => blocks.map(({ kind }) => kind);

test('divides sixteen cores into three runners and the person', () => {
  const division = divideMachine(sixteen, 3);
  expect(kinds(division.inside)).toEqual(['new', 'new', 'new', 'yours']);
  expect(division.outside).toBe(0);
  expect(describeDivision(sixteen, 3)).toBe('16 cores: 3 new of 4 each, 4 for you');
});

test('leaves free what nobody takes, and shows what runs already', () => {
  const plan = { ...sixteen, usedCores: 4, fits: 2 };
  expect(kinds(divideMachine(plan, 1).inside)).toEqual(['used', 'new', 'free', 'yours']);
  expect(describeDivision(plan, 1)).toBe('16 cores: 4 in use by runners, 1 new of 4 each, 4 free, 4 for you');
});

test('draws runners without cores outside of the machine, never on the cores of the person', () => {
  const division = divideMachine(sixteen, 200);
  expect(kinds(division.inside)).toEqual(['new', 'new', 'new', 'yours']);
  expect(division.outside).toBe(197);
});

test('marks runners that have cores but no memory or disk', () => {
  const division = divideMachine({ ...sixteen, fits: 1 }, 3);
  expect(kinds(division.inside)).toEqual(['new', 'over', 'over', 'yours']);
  expect(describeDivision({ ...sixteen, fits: 1 }, 3)).toBe(
    '16 cores: 1 new of 4 each, 2 more than fit, 4 for you',
  );
});

test('draws many runners as one block', () => {
  const plan = { ...sixteen, size: { ...size, cores: 1 }, totalCores: 128, reservedCores: 8, fits: 100 };
  const division = divideMachine(plan, 110);
  expect(division.inside.map(({ kind, runners }) => [kind, runners])).toEqual([
    ['new', 100],
    ['over', 10],
    ['free', 0],
    ['yours', 0],
  ]);
});

test('a machine that is too small has everything outside', () => {
  const plan = { size, fits: 0, reservedCores: 0, usedCores: 0, totalCores: 2 };
  expect(divideMachine(plan, 1)).toEqual({
    inside: [{ key: 'free', kind: 'free', cores: 2, runners: 0 }],
    outside: 1,
  });
});

test('no division gives away more or fewer cores than there are', () => {
  fc.assert(
    fc.property(
      fc.record({
        total: fc.integer({ min: 1, max: 256 }),
        used: fc.integer({ min: 0, max: 300 }),
        reserved: fc.integer({ min: 0, max: 64 }),
        cores: fc.integer({ min: 1, max: 32 }),
        fits: fc.integer({ min: 0, max: 300 }),
        count: fc.integer({ min: 0, max: 200 }),
      }),
      ({ total, used, reserved, cores, fits, count }) => {
        const plan = {
          size: { ...size, cores },
          fits,
          reservedCores: reserved,
          usedCores: used,
          totalCores: total,
        };
        const { inside, outside } = divideMachine(plan, count);
        expect(inside.reduce((so, row) => so + row.cores, 0)).toBeCloseTo(total);
        expect(inside.reduce((so, row) => so + row.runners, 0) + outside).toBe(count);
      },
    ),
  );
});

test('the layout fills the machine, in proportion, without leaving it', () => {
  const cores = fc.array(fc.integer({ min: 1, max: 64 }), { minLength: 1, maxLength: 40 });
  fc.assert(
    fc.property(cores, (list) => {
      const blocks = list.map(
        (value, index): Block => ({ key: `${index}`, kind: 'new', cores: value, runners: 1 }),
      );
      const rectangles = layOut(blocks, 300, 120);
      const total = list.reduce((so, value) => so + value, 0);
      rectangles.forEach((box, index) => {
        expect((box.width * box.height) / (300 * 120)).toBeCloseTo((list[index] ?? 0) / total);
        expect(box.x).toBeGreaterThanOrEqual(0);
        expect(box.x + box.width).toBeLessThanOrEqual(300 + 1e-6);
        expect(box.y + box.height).toBeLessThanOrEqual(120 + 1e-6);
      });
    }),
  );
});

test('an empty machine has no blocks', () => {
  expect(layOut([], 300, 120)).toEqual([]);
});
