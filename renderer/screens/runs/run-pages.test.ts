import { expect, test } from 'vitest';
import type { Run } from '../../../shared/model.ts';
import { runRow } from '../run/testing.ts';
import { appendRuns, latestByWorkflow, pagesToRefresh, replaceNewest } from './run-pages.ts';

const run = (id: number, over: Partial<Run> = {}): Run => runRow({ id, createdAt: id * 1000, ...over });
const ids = (runs: readonly Run[]): number[] => runs.map(({ id }) => id);

test('a page that moved down because of a new run brings nothing twice', () => {
  expect(ids(appendRuns([run(5), run(4)], [run(4), run(3)]))).toEqual([5, 4, 3]);
  expect(appendRuns([run(4)], [run(4, { title: 'later' })])[0]?.title).toBe('later');
});

test('a later look replaces the newest part and keeps what is older', () => {
  const loaded = [run(5, { status: 'in_progress' }), run(4), run(3), run(2)];
  const fresh = [run(6), run(5), run(4)];
  expect(ids(replaceNewest(loaded, fresh, true))).toEqual([6, 5, 4, 3, 2]);
  expect(replaceNewest(loaded, fresh, true)[1]?.status).toBe('completed');
  expect(ids(replaceNewest(loaded, [run(6), run(4)], true))).toEqual([6, 4, 3, 2]);
  expect(ids(replaceNewest(loaded, [run(6)], false))).toEqual([6]);
  expect(replaceNewest(loaded, [], false)).toEqual([]);
});

test('pages are asked for again down to the last active run', () => {
  const active = run(1, { status: 'in_progress' });
  expect(pagesToRefresh([], 2, 3)).toBe(1);
  expect(pagesToRefresh([run(5), run(4), run(3)], 2, 3)).toBe(1);
  expect(pagesToRefresh([run(5), run(4), run(3), active], 2, 3)).toBe(2);
  expect(pagesToRefresh([run(9), run(8), run(7), run(6), run(5), run(4), run(3), active], 2, 3)).toBe(3);
});

test('the latest run of each workflow', () => {
  const runs = [run(1, { workflowId: 7 }), run(3, { workflowId: 7 }), run(2, { workflowId: 8 })];
  expect([...latestByWorkflow(runs)].map(([workflow, { id }]) => [workflow, id])).toEqual([
    [7, 3],
    [8, 2],
  ]);
});
