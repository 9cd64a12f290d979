import { expect, test } from 'vitest';
import type { RunJob } from '../../../shared/model.ts';
import { jobLanes } from './job-order.ts';
import { runJobRow } from './testing.ts';
import { futureColumns, layOutTimeline } from './timeline-layout.ts';

const room = { width: 1000, laneHeight: 30, groupHeight: 20 };
const unfolded = new Set<string>();
const layOut = (jobs: readonly RunJob[], nowMs: number, startedAt: number | null = 0) =>
  layOutTimeline(jobLanes(jobs, unfolded), { startedAt, nowMs }, room);
const blocked = {
  status: 'blocked',
  conclusion: null,
  startedAt: null,
  endedAt: null,
  queuedAt: null,
} as const;
const running = { status: 'in_progress', conclusion: null, endedAt: null } as const;
const queued = { status: 'queued', conclusion: null, startedAt: null, endedAt: null } as const;

test('a run that has ended fills the whole width, with no line of now', () => {
  const { lanes, nowX, height } = layOut(
    [
      runJobRow('build', { startedAt: 0, endedAt: 60_000 }),
      runJobRow('test', { needs: ['build'], startedAt: 60_000, endedAt: 100_000, conclusion: 'failure' }),
    ],
    999_000,
  );
  expect(nowX).toBeNull();
  expect(height).toBe(60);
  expect(lanes.map(({ bar, y }) => ({ ...bar, y }))).toEqual([
    { x: 0, width: 600, kind: 'succeeded', y: 0 },
    { x: 600, width: 400, kind: 'failed', y: 30 },
  ]);
});

test('what is to come stands right of now in the order of its needs', () => {
  const { lanes, nowX } = layOut(
    [
      runJobRow('build', { ...running, startedAt: 0 }),
      runJobRow('test', { ...blocked, needs: ['build'] }),
      runJobRow('deploy', { ...blocked, needs: ['test'] }),
    ],
    10_000,
  );
  expect(nowX).toBe(1000 - 2 * 76);
  expect(lanes[0]?.bar).toEqual({ x: 0, width: 848, kind: 'running' });
  expect(lanes.map(({ outline }) => outline?.x ?? null)).toEqual([null, 851, 927]);
  expect(lanes.slice(1).every(({ bar, wait }) => bar === null && wait === null)).toBe(true);
});

test('columns of the future count only what has not begun, and a cycle ends', () => {
  const jobs = [
    runJobRow('a', { ...queued }),
    runJobRow('b', { ...running }),
    runJobRow('c', { ...blocked, needs: ['a', 'b'] }),
    runJobRow('d', { ...blocked, needs: ['b'] }),
    runJobRow('e', { ...blocked, needs: ['f', 'gone'] }),
    runJobRow('f', { ...blocked, needs: ['e'] }),
  ];
  const columns = futureColumns(jobs);
  expect(['a', 'b', 'c', 'd'].map((key) => columns.get(key))).toEqual([0, undefined, 1, 0]);
  expect(columns.size).toBe(5);
});

test('a chain of many leaves the past its room', () => {
  const chain = Array.from({ length: 30 }, (_, index) =>
    runJobRow(`j${index}`, { ...blocked, needs: index === 0 ? ['first'] : [`j${index - 1}`] }),
  );
  const { nowX, lanes } = layOut([runJobRow('first', { ...running }), ...chain], 5000);
  expect(nowX).toBe(580);
  expect(lanes.every(({ outline }) => outline === null || outline.x + outline.width <= 1001)).toBe(true);
});

test('a long wait before the first job takes no more than its share, and is drawn from the edge', () => {
  const job = runJobRow('build', { queuedAt: 0, startedAt: 3_600_000, endedAt: 3_670_000 });
  const [lane] = layOut([job], 9_000_000).lanes;
  expect(lane?.wait).toEqual({ x: 0, width: 300 });
  expect(lane?.bar).toEqual({ x: 300, width: 700, kind: 'succeeded' });
});

test('a queued job has its wait until now and its place after it', () => {
  const [lane] = layOut([runJobRow('build', { ...queued, queuedAt: 0 })], 8000).lanes;
  expect(lane).toMatchObject({ bar: null, wait: { x: 0, width: 924 }, outline: { x: 927, width: 70 } });
});

test('steps lie inside of the job; the running one reaches to now, the shortest are left out unless they failed', () => {
  const step = { name: 'x', status: 'completed', conclusion: 'success' } as const;
  const job = runJobRow('build', {
    ...running,
    startedAt: 0,
    steps: [
      { ...step, number: 1, startedAt: 0, endedAt: 40_000 },
      { ...step, number: 2, startedAt: 40_000, endedAt: 40_000 },
      { ...step, number: 3, conclusion: 'failure', startedAt: 40_000, endedAt: 40_000 },
      { ...step, number: 4, status: 'in_progress', conclusion: null, startedAt: 50_000, endedAt: null },
      { ...step, number: 5, status: 'queued', conclusion: null, startedAt: null, endedAt: null },
    ],
  });
  expect(layOut([job], 100_000).lanes[0]?.steps).toEqual([
    { x: 0, width: 400, kind: 'succeeded', number: 1 },
    { x: 400, width: 2, kind: 'failed', number: 3 },
    { x: 500, width: 500, kind: 'running', number: 4 },
  ]);
});

test('clocks that disagree do not throw anything off the picture', () => {
  const { lanes } = layOut(
    [
      runJobRow('a', { ...running, startedAt: 50_000 }),
      runJobRow('b', { startedAt: 9000, endedAt: 2000 }),
      runJobRow('c', { startedAt: 0, endedAt: 90_000 }),
    ],
    10_000,
  );
  for (const { bar } of lanes) {
    expect(bar?.x).toBeGreaterThanOrEqual(0);
    expect((bar?.x ?? 0) + (bar?.width ?? 0)).toBeLessThanOrEqual(1000);
    expect(bar?.width).toBeGreaterThanOrEqual(3);
  }
});

test('a job of an earlier attempt is a stub at the edge and does not stretch the axis', () => {
  const { lanes } = layOut(
    [
      runJobRow('build', { startedAt: 0, endedAt: 60_000 }),
      runJobRow('test', { needs: ['build'], queuedAt: 900_000, startedAt: 900_000, endedAt: 910_000 }),
    ],
    999_000,
    900_000,
  );
  expect(lanes[0]).toMatchObject({ earlier: true, bar: { x: 0, width: 6 } });
  expect(lanes[1]).toMatchObject({ earlier: false, bar: { x: 0, width: 1000 } });
});

test('a skipped job has no bar', () => {
  const skipped = runJobRow('deploy', { conclusion: 'skipped', startedAt: 5, endedAt: 5 });
  expect(layOut([runJobRow('build'), skipped], 5000).lanes[1]).toMatchObject({
    bar: null,
    wait: null,
    outline: null,
  });
});

test('a folded group is one lane from its first to its last job, as bad as its worst', () => {
  const jobs = Array.from({ length: 20 }, (_, index) =>
    runJobRow(`t${index}`, {
      name: `test (${index})`,
      startedAt: index * 1000,
      endedAt: index * 1000 + 1000,
      conclusion: index === 3 ? 'failure' : 'success',
    }),
  );
  const { lanes, links } = layOut(
    [...jobs, runJobRow('deploy', { needs: ['t1', 't2'], startedAt: 20_000, endedAt: 30_000 })],
    0,
  );
  expect(lanes).toHaveLength(2);
  expect(lanes[0]?.bar).toMatchObject({ x: 0, kind: 'failed' });
  expect(links.map(({ key }) => key)).toEqual(['group test → deploy']);
});

test('ticks are round, leave room for their words, and stay on the axis', () => {
  const { ticks } = layOut([runJobRow('a', { startedAt: 0, endedAt: 95_000 })], 0);
  expect(ticks.map(({ spanMs }) => spanMs)).toEqual(
    [0, 10, 20, 30, 40, 50, 60, 70, 80, 90].map((s) => s * 1000),
  );
  expect(ticks.every(({ x }) => x >= 0 && x <= 1000)).toBe(true);
});

test('no jobs, no picture', () => {
  expect(layOut([], 5000)).toMatchObject({ lanes: [], height: 0, links: [] });
});
