import { expect, test } from 'vitest';
import type { Shift } from '../../../shared/model.ts';
import { shiftRow, verdictRow } from '../../testing/rows.ts';
import {
  barKindOf,
  byName,
  describeBar,
  expectedDurationMs,
  fitWords,
  layBars,
  zoomFor,
} from './track-model.ts';

const window = { fromMs: 0, nowMs: 1000 };
const shift = (
  id: string,
  startedAt: number,
  endedAt: number | null,
  result: Shift['result'] = 'Succeeded',
) => shiftRow({ id, startedAt, endedAt, result: endedAt === null ? null : result });
const place = (shifts: Shift[], width = 1000) =>
  layBars(shifts, window, width).map(({ kind, x, width: wide, shifts: held }) => [
    kind,
    x,
    wide,
    held.length,
  ]);

test('a job lies where it ran, and a running one reaches now', () => {
  expect(place([shift('a', 100, 300), shift('b', 700, null)])).toEqual([
    ['succeeded', 100, 198.5, 1],
    ['running', 700, 298.5, 1],
  ]);
});

test('what ended before the window is not drawn, what reaches into it is cut', () => {
  expect(place([shift('a', -500, -10), shift('b', -50, 40)])).toEqual([['succeeded', 0, 38.5, 1]]);
});

test('jobs too short to be told apart share a bar of the worse colour, and long ones stay apart', () => {
  const short = Array.from({ length: 6 }, (_, index) => shift(`s${index}`, index * 3, index * 3 + 2));
  const failed = shift('f', 20, 22, 'Failed');
  expect(place([...short, failed, shift('long', 60, 400)])).toEqual([
    ['failed', 0, 22, 7],
    ['succeeded', 60, 338.5, 1],
  ]);
});

test('a failed job colours its neighbourhood, not all that is joined', () => {
  const many = Array.from({ length: 300 }, (_, index) =>
    shift(`s${index}`, index * 3, index * 3 + 2, index === 150 ? 'Failed' : 'Succeeded'),
  );
  const bars = layBars(many, window, 1000);
  expect(bars.filter(({ kind }) => kind === 'failed')).toHaveLength(1);
  expect(Math.max(...bars.map(({ width }) => width))).toBeLessThanOrEqual(28);
  expect(bars.flatMap(({ shifts }) => shifts)).toHaveLength(300);
});

test('ten thousand jobs in a window become no more bars than there is room for', () => {
  const many = Array.from({ length: 10_000 }, (_, index) =>
    shift(`s${index}`, index / 10, index / 10 + 0.05),
  );
  expect(layBars(many, window, 800).length).toBeLessThan(200);
});

test('lanes are in the order of names, numbers counted as numbers', () => {
  expect(byName([{ name: 'arm-10' }, { name: 'arm-2' }]).map(({ name }) => name)).toEqual([
    'arm-2',
    'arm-10',
  ]);
});

test('words are shortened to their room, or left out', () => {
  expect(fitWords('lint', 100, 7)).toBe('lint');
  expect(fitWords('build (debian-stable)', 70, 7)).toBe('build (de…');
  expect(fitWords('build', 20, 7)).toBe('');
});

test('a job is expected to take the median of its last five successful runs', () => {
  const job = { jobName: 'build', repositoryId: 'r1' };
  expect(expectedDurationMs([shift('a', 0, 50)], job)).toBeNull();
  const runs = [900, 10, 20, 30, 40, 50].map((span, index) =>
    shift(`${index}`, index * 1000, index * 1000 + span),
  );
  const others = [
    shift('f', 9000, 9999, 'Failed'),
    shiftRow({ jobName: 'lint', endedAt: 9, result: 'Succeeded' }),
  ];
  expect(expectedDurationMs([...runs, ...others], job)).toBe(30);
});

test('the track begins with the closest zoom that shows all, at most an hour', () => {
  const minute = 60_000;
  expect(zoomFor(null, 0).title).toBe('5 min');
  expect(zoomFor(0, 4 * minute).title).toBe('5 min');
  expect(zoomFor(0, 14 * minute).title).toBe('15 min');
  expect(zoomFor(0, 300 * minute).title).toBe('1 h');
});

test('a job that was lost with its runner did not fail', () => {
  const lost = shift('a', 0, 500, 'Failed');
  expect(barKindOf({ ...lost, verdict: verdictRow() })).toBe('lost');
  expect(barKindOf({ ...lost, verdict: verdictRow({ cause: 'cancelled-here' }) })).toBe('cancelled');
  expect(barKindOf(shift('b', 0, 1, 'Lost'))).toBe('lost');
  const [bar] = layBars([{ ...lost, verdict: verdictRow() }], window, 1000);
  expect(bar && describeBar(bar, 1000)).toBe('lost with its runner after 0 s');
});

test('bars that share a place tell how many failed and how many were lost', () => {
  const results = ['Failed', 'Lost', 'Lost', 'Succeeded'] as const;
  const several = results.map((result, index) => shift(`${index}`, index * 3, index * 3 + 2, result));
  const [bar] = layBars(several, window, 1000);
  expect(bar?.kind).toBe('failed');
  expect(bar && describeBar(bar, 1000)).toBe('1 failed, 2 lost with the runner');
});
