import { expect, test } from 'vitest';
import { runnerRow, shiftRow } from '../../testing/rows.ts';
import { lanesOf, mostLeft } from './track-lanes.ts';

const ran = (id: string, runnerName: string, endedAt: number, over: Parameters<typeof shiftRow>[0] = {}) =>
  shiftRow({ id, runnerId: `${runnerName}-id`, runnerName, startedAt: endedAt - 5, endedAt, ...over });
const table = (...shifts: ReturnType<typeof ran>[]) => Object.fromEntries(shifts.map((row) => [row.id, row]));

test('runners that are there come first by name, their jobs in the order of time', () => {
  const shifts = table(ran('b', 'arm-2', 60), ran('a', 'arm-2', 20));
  const { lanes } = lanesOf([runnerRow({ name: 'arm-10' }), runnerRow({ name: 'arm-2' })], shifts, 0);
  expect(lanes.map(({ name }) => name)).toEqual(['arm-2', 'arm-10']);
  expect(lanes[0]?.shifts.map(({ id }) => id)).toEqual(['a', 'b']);
});

test('runners that left stay while their jobs are in sight, the latest first', () => {
  const shifts = table(ran('a', 'x', 100), ran('b', 'y', 300), ran('c', 'z', 20));
  const { lanes } = lanesOf([runnerRow()], shifts, 50);
  expect(lanes.map(({ name, runner, leftAt }) => [name, runner === null, leftAt])).toEqual([
    ['arm-1', false, null],
    ['y', true, 300],
    ['x', true, 100],
  ]);
});

test('one that came back under its name goes on in its lane, but not in that of another repository', () => {
  const shifts = table(ran('a', 'arm-1', 100), ran('b', 'arm-1', 100, { repositoryId: 'r2' }));
  const { lanes } = lanesOf([runnerRow({ id: 'new', name: 'arm-1' })], shifts, 0);
  expect(lanes.map(({ key, shifts: own }) => [key, own.map(({ id }) => id)])).toEqual([
    ['new', ['a']],
    ['arm-1-id', ['b']],
  ]);
});

test('more than a few that left are counted only', () => {
  const many = Array.from({ length: mostLeft + 3 }, (_, index) => ran(`${index}`, `x-${index}`, index + 1));
  const { lanes, unshown } = lanesOf([], table(...many), 0);
  expect([lanes.length, unshown]).toEqual([mostLeft, 3]);
});
