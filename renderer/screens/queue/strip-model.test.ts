import { expect, test } from 'vitest';
import { jobRow } from '../../testing/rows.ts';
import { stairsOf, stairsPath, stripScale } from './strip-model.ts';

const minute = 60_000;
const day = 24 * 60 * minute;
const now = 10 * day;

test('now is somewhere in the middle, near times are wide, far ones narrow', () => {
  const scale = stripScale(day, 10 * minute, 1000);
  expect(scale.nowX).toBe(600);
  expect(scale.x(0)).toBe(600);
  expect(scale.x(-day)).toBeCloseTo(0);
  expect(scale.x(10 * minute)).toBeCloseTo(1000);
  const lastMinute = scale.nowX - scale.x(-minute);
  const firstHour = scale.x(-23 * 60 * minute) - scale.x(-day);
  expect(lastMinute).toBeGreaterThan(10 * firstHour);
  expect([scale.x(-30 * day), scale.x(30 * day)]).toEqual([0, 1000]);
});

test('a young queue still shows five minutes on each side', () => {
  const scale = stripScale(0, 0, 600);
  expect(scale.nowX).toBe(300);
  expect(scale.x(-5 * minute)).toBeCloseTo(0);
  expect(scale.ticks.map(({ words }) => words)).toEqual(['−1 min', '+1 min']);
});

test('words below the picture do not touch', () => {
  for (const width of [300, 600, 1100]) {
    const { ticks, nowX } = stripScale(3 * day, 3 * 60 * minute, width);
    const all = [...ticks.map(({ x }) => x), nowX].sort((a, b) => a - b);
    for (const [index, x] of all.slice(1).entries()) expect(x - (all[index] ?? 0)).toBeGreaterThanOrEqual(52);
  }
});

const job = (id: string, waitedMs: number, startsInMs: number | null) =>
  jobRow({
    id,
    name: id,
    queuedAt: now - waitedMs,
    estimate: startsInMs === null ? null : { startsAt: now + startsInMs, basis: '' },
  });

test('the queue grew job by job and empties by the estimates; what nobody knows stays', () => {
  const scale = stripScale(5 * minute, 5 * minute, 400);
  const jobs = [job('a', 5 * minute, null), job('b', minute, 4 * minute), job('c', 0, -minute)];
  const stairs = stairsOf(jobs, now, scale);
  expect(stairs.grown.map(({ count }) => count)).toEqual([1, 2, 3]);
  expect(stairs.ahead.map(({ count }) => count)).toEqual([2, 1]);
  expect(stairs.starts.map(({ names }) => names)).toEqual([['c'], ['b']]);
  expect(stairs.nextAt).toBe(now);
  expect(stairsOf(jobs.slice(0, 1), now, scale).nextAt).toBeNull();
});

test('jobs that start at about the same pixel share a mark', () => {
  const scale = stripScale(5 * minute, 60 * minute, 400);
  const jobs = Array.from({ length: 2000 }, (_, index) => job(`${index}`, minute, index * 1800));
  const { starts, ahead, total } = stairsOf(jobs, now, scale);
  expect(starts.length).toBeLessThan(30);
  expect(starts.reduce((sum, { names }) => sum + names.length, 0)).toBe(2000);
  expect(ahead.length).toBeLessThan(400);
  expect(ahead.at(-1)?.count).toBe(0);
  expect(total).toBe(2000);
});

test('the area under steps', () => {
  const steps = [
    { x: 0, count: 1 },
    { x: 10, count: 2 },
  ];
  expect(stairsPath(steps, 30, 2, 20)).toBe('M0 20V10H10V0H30V20Z');
  expect(stairsPath([], 30, 0, 20)).toBe('');
});
