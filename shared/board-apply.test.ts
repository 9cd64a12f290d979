import { expect, test } from 'vitest';
import type { Change } from './board.ts';
import { applyChanges, applyInPlace, copyBoard, emptyBoard } from './board-apply.ts';
import type { ForeignRunner } from './model.ts';
import { defaultSettings } from './pool-defaults.ts';

const empty = emptyBoard({
  now: 1,
  version: '0',
  demo: false,
  host: null,
  load: null,
  tokenStore: 'memory',
  dataFolder: '/data',
  settings: defaultSettings,
  surroundings: null,
  quitting: null,
});

const row = (id: string, name: string): ForeignRunner => ({
  id,
  repositoryId: 'r',
  name,
  labels: [],
  status: 'online',
  busy: false,
  group: null,
  excluded: null,
});
const set = (id: string, name: string): Change => ({
  kind: 'set',
  table: 'foreignRunners',
  id,
  row: row(id, name),
});

const changes: Change[] = [
  set('a', 'first'),
  set('b', 'other'),
  set('a', 'second'),
  { kind: 'delete', table: 'foreignRunners', id: 'b' },
  { kind: 'panel', state: { now: 9 } },
];

test('changes applied together give what they give one by one', () => {
  const oneByOne = changes.reduce((board, change) => applyChanges(board, [change]), empty);
  expect(applyChanges(empty, changes)).toEqual(oneByOne);
  expect(oneByOne.foreignRunners).toEqual({ a: row('a', 'second') });
  expect(oneByOne.panel.now).toBe(9);
});

test('the board before stays as it was, and untouched tables keep their identity', () => {
  const before = structuredClone(empty);
  const after = applyChanges(empty, changes);
  expect(empty).toEqual(before);
  expect(after.runners).toBe(empty.runners);
  expect(after.foreignRunners).not.toBe(empty.foreignRunners);
});

test('changed in place, a board becomes what a changed copy would be; a copy of before stays as it was', () => {
  const board = copyBoard(empty);
  applyInPlace(board, set('a', 'first'));
  const before = copyBoard(board);
  for (const change of changes) applyInPlace(board, change);
  expect(board).toEqual(applyChanges(empty, changes));
  expect(before.foreignRunners).toEqual({ a: row('a', 'first') });
  expect(before.panel.now).toBe(1);
});
