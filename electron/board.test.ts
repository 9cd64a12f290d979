import { expect, test } from 'vitest';
import type { Board, BoardEvent, PanelState } from '../shared/board.ts';
import { applyChanges } from '../shared/board-apply.ts';
import type { Pool } from '../shared/model.ts';
import { defaultNeighbour, defaultScaling, defaultSettings } from '../shared/pool-defaults.ts';
import { presets } from '../shared/sizes.ts';
import { createBoard } from './board.ts';
import { createManualClock } from './platform/clock.ts';

const panel: PanelState = {
  now: 0,
  version: '0',
  demo: false,
  host: null,
  load: null,
  tokenStore: 'memory',
  dataFolder: '/data',
  settings: defaultSettings,
  surroundings: null,
  quitting: null,
};
const pool = (id: string): Pool => ({
  id,
  name: id,
  repositoryId: 'r',
  labels: [],
  size: presets.small,
  lifecycle: { mode: 'manual' },
  target: { kind: 'repository' },
  scaling: defaultScaling,
  neighbour: defaultNeighbour,
  rerunLost: true,
  paused: false,
  createdAt: 0,
});

async function next(events: AsyncGenerator<BoardEvent>): Promise<BoardEvent> {
  const { value, done } = await events.next();
  if (done) throw new Error('The stream has ended.');
  return value;
}

test('a snapshot, then changes with consecutive numbers that lead to the same board', async () => {
  const board = createBoard(panel, createManualClock(0));
  board.set('pools', 'before', pool('before'));
  const events = board.watch(new AbortController().signal);
  const first = await next(events);
  if (first.kind !== 'snapshot') throw new Error('The first event is a snapshot.');
  expect(Object.keys(first.board.pools)).toEqual(['before']);
  let copy: Board = first.board;
  let sequence = first.sequence;
  for (const id of ['a', 'b', 'c']) {
    board.set('pools', id, pool(id));
    const event = await next(events);
    if (event.kind !== 'changes') throw new Error('Changes follow.');
    expect(event.sequence).toBe(sequence + 1);
    sequence = event.sequence;
    copy = applyChanges(copy, event.changes);
  }
  board.delete('pools', 'a');
  const last = await next(events);
  if (last.kind === 'changes') copy = applyChanges(copy, last.changes);
  expect(copy).toEqual(board.current());
});

test('changes made together travel together', async () => {
  const board = createBoard(panel, createManualClock(0));
  const events = board.watch(new AbortController().signal);
  await next(events);
  const pending = next(events);
  for (let index = 0; index < 100; index += 1) board.set('pools', `p${index}`, pool(`p${index}`));
  const event = await pending;
  expect(event.kind === 'changes' && event.changes.length).toBe(100);
});

test('a reader that fell behind gets a new snapshot', async () => {
  const board = createBoard(panel, createManualClock(0));
  const events = board.watch(new AbortController().signal);
  await next(events);
  for (let index = 0; index < 5000; index += 1) board.set('pools', 'p', pool('p'));
  expect((await next(events)).kind).toBe('snapshot');
});

test('an aborted watch ends and is counted out', async () => {
  const board = createBoard(panel, createManualClock(0));
  const abort = new AbortController();
  const counts: number[] = [];
  board.onWatchers((count) => counts.push(count));
  const events = board.watch(abort.signal);
  await next(events);
  const end = events.next();
  abort.abort();
  expect((await end).done).toBe(true);
  expect(counts).toEqual([1, 0]);
});

test('when() resolves on the change that makes it true, and rejects when aborted', async () => {
  const board = createBoard(panel, createManualClock(0));
  const found = board.when(({ pools }) => 'x' in pools);
  board.set('pools', 'x', pool('x'));
  expect((await found).pools.x?.id).toBe('x');
  const abort = new AbortController();
  const never = board.when(() => false, abort.signal);
  abort.abort(new Error('given up'));
  await expect(never).rejects.toThrow('given up');
});

test('what was given out stays as it was', async () => {
  const board = createBoard(panel, createManualClock(0));
  const first = await next(board.watch(new AbortController().signal));
  const kept = board.snapshot();
  const found = board.when(({ pools }) => 'a' in pools);
  board.set('pools', 'a', pool('a'));
  board.set('pools', 'b', pool('b'));
  board.delete('pools', 'a');
  expect(first.kind === 'snapshot' && first.board.pools).toEqual({});
  expect(kept.pools).toEqual({});
  expect(Object.keys((await found).pools)).toEqual(['a']);
  expect(Object.keys(board.current().pools)).toEqual(['b']);
});
