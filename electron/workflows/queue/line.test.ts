import fc from 'fast-check';
import { expect, test } from 'vitest';
import { serveLine, steadyEstimate } from './line.ts';

const minute = 60_000;
const group = (key: string, ...runners: string[]) => ({ key, runners });
const job = (id: string, key: string, queuedAt: number, usualMs: number | null = 4 * minute) => ({
  ...{ id, group: key, queuedAt, usualMs },
});

test('two runners serve one line, the longest waiting first', () => {
  const places = serveLine({
    now: 0,
    jobs: [job('c', 'x', 3), job('a', 'x', 1), job('b', 'x', 2)],
    groups: [group('x', 'one', 'two')],
    freeAt: new Map([
      ['one', minute],
      ['two', 2 * minute],
    ]),
  });
  expect(places.get('a')).toEqual({
    position: 1,
    estimate: {
      startsAt: minute,
      basis: 'One of 2 runners should be free then, by how long such jobs took.',
    },
  });
  expect(places.get('b')?.estimate?.startsAt).toBe(2 * minute);
  expect(places.get('c')).toEqual({
    position: 3,
    estimate: { startsAt: 5 * minute, basis: '2 jobs are before it; they take about 4 min each.' },
  });
});

test('groups that share a runner stand in one line, others do not', () => {
  const places = serveLine({
    now: 0,
    jobs: [job('a', 'x', 1), job('b', 'xy', 2), job('c', 'z', 3)],
    groups: [group('x', 'one'), group('xy', 'one', 'two'), group('z', 'three')],
    freeAt: new Map([
      ['one', minute],
      ['two', null],
      ['three', 0],
    ]),
  });
  expect([...places].map(([id, { position }]) => [id, position])).toEqual([
    ['a', 1],
    ['b', 2],
    ['c', 1],
  ]);
  expect(places.get('b')?.estimate?.startsAt, 'after a').toBe(5 * minute);
  expect(places.get('c')?.estimate, 'its runner is free').toBeNull();
});

test('behind a job of which nothing is known nothing is told', () => {
  const places = serveLine({
    now: 0,
    jobs: [job('a', 'x', 1, null), job('b', 'x', 2)],
    groups: [group('x', 'one')],
    freeAt: new Map([['one', minute]]),
  });
  expect(places.get('a')?.estimate?.startsAt).toBe(minute);
  expect(places.get('b')).toEqual({ position: 2, estimate: null });
});

test('positions of one line are the numbers from one on, and nobody overtakes who waited longer', () => {
  const jobs = fc.array(fc.record({ queuedAt: fc.nat(100), usualMs: fc.option(fc.nat(1000)) }), {
    maxLength: 30,
  });
  fc.assert(
    fc.property(jobs, fc.array(fc.option(fc.nat(500)), { maxLength: 4 }), (given, free) => {
      const waiting = given.map((each, index) => ({
        ...each,
        id: String(index).padStart(3, '0'),
        group: 'x',
      }));
      const names = free.map((_, index) => `runner ${index}`);
      const places = serveLine({
        now: 0,
        jobs: waiting,
        groups: [group('x', ...names)],
        freeAt: new Map(names.map((name, index) => [name, free[index] ?? null])),
      });
      const inOrder = [...places.values()];
      expect(inOrder.map(({ position }) => position)).toEqual(inOrder.map((_, index) => index + 1));
      const starts = inOrder.flatMap(({ estimate }) => estimate?.startsAt ?? []);
      expect(starts).toEqual(starts.toSorted((one, other) => one - other));
    }),
  );
});

test('an estimate is told anew only when it has moved', () => {
  const basis = 'b';
  const told = { startsAt: 100_000, basis: 'a' };
  expect(steadyEstimate(told, { startsAt: 114_000, basis }, 0)).toEqual({ startsAt: 100_000, basis });
  expect(steadyEstimate(told, { startsAt: 116_000, basis }, 0)).toEqual({ startsAt: 116_000, basis });
  expect(steadyEstimate({ ...told, startsAt: 1_000_000 }, { startsAt: 1_090_000, basis }, 0)?.startsAt).toBe(
    1_000_000,
  );
  expect(steadyEstimate(told, { startsAt: 110_000, basis }, 100_500)?.startsAt, 'it has passed').toBe(
    110_000,
  );
  expect(steadyEstimate(told, null, 0)).toBeNull();
  expect(steadyEstimate(null, told, 0)).toBe(told);
});
