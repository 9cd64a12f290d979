import { expect, test } from 'vitest';
import { boardWith, poolRow, runnerRow, waitRow } from '../testing/rows.ts';
import { matchCommands, paletteCommands } from './palette-commands.ts';

const job = { name: 'nightly', startedAt: 0, url: null };
const board = boardWith({
  runners: [runnerRow({ name: 'arm-10' }), runnerRow({ name: 'arm-2', state: 'busy', job })],
});
const ids = (query: string): string[] => matchCommands(paletteCommands(board), query).map(({ id }) => id);

test('without words all is offered, places first', () => {
  expect(ids('')).toEqual([
    'overview',
    'queue',
    'workflows',
    'runners',
    'pools',
    'history',
    'settings',
    'deploy',
    'run',
    'import',
    'export',
    'connect',
    'theme',
    'quit',
    'runner-arm-2',
    'runner-arm-10',
    'pool-p1',
    'pause-p1',
    'start-one-p1',
  ]);
});

test('a start of the title wins over a word in it, and that over words anywhere', () => {
  expect(ids('run')).toEqual(['runners', 'run', 'workflows', 'deploy']);
  expect(ids('10')).toEqual(['runner-arm-10']);
  expect(ids('busy nightly')).toEqual(['runner-arm-2']);
  expect(ids('nothing')).toEqual([]);
});

test('a pool can be opened, paused or resumed, and given one more runner', () => {
  expect(ids('arm').slice(0, 3)).toEqual(['runner-arm-2', 'runner-arm-10', 'pool-p1']);
  expect(ids('start one')).toEqual(['start-one-p1']);
  const paused = boardWith({ pools: [poolRow({ paused: true })] });
  const found = matchCommands(paletteCommands(paused), 'resume');
  expect(found.map(({ target }) => target)).toEqual([{ kind: 'pool', poolId: 'p1', deed: 'resume' }]);
});

test('what cannot be done yet is not offered', () => {
  const bare = boardWith({ connections: [], repositories: [], pools: [] });
  expect(paletteCommands(bare).map(({ id }) => id)).toEqual([
    'overview',
    'queue',
    'workflows',
    'runners',
    'pools',
    'history',
    'settings',
    'connect',
    'theme',
    'quit',
  ]);
});

test('what jobs wait for leads to the queue, unless it passes by itself', () => {
  const waiting = boardWith({ waits: [waitRow(), waitRow({ id: 'w2', passes: true })] });
  expect(matchCommands(paletteCommands(waiting), 'gpu')).toEqual([
    {
      id: 'wait-w1',
      title: '1 job waits for a runner with label “gpu”',
      hint: 'Queue: label missing',
      target: { kind: 'place', path: '/queue?wait=w1' },
    },
  ]);
});
