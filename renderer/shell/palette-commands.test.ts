import { expect, test } from 'vitest';
import { boardWith, runnerRow } from '../testing/rows.ts';
import { matchCommands, paletteCommands } from './palette-commands.ts';

const job = { name: 'nightly', startedAt: 0, url: null };
const board = boardWith({
  runners: [runnerRow({ name: 'arm-10' }), runnerRow({ name: 'arm-2', state: 'busy', job })],
});
const ids = (query: string): string[] => matchCommands(paletteCommands(board), query).map(({ id }) => id);

test('without words all is offered, places first', () => {
  expect(ids('')).toEqual([
    'overview',
    'runners',
    'settings',
    'deploy',
    'run',
    'connect',
    'theme',
    'runner-arm-2',
    'runner-arm-10',
  ]);
});

test('a start of the title wins over a word in it, and that over words anywhere', () => {
  expect(ids('run')).toEqual(['runners', 'run', 'deploy']);
  expect(ids('10')).toEqual(['runner-arm-10']);
  expect(ids('busy nightly')).toEqual(['runner-arm-2']);
  expect(ids('nothing')).toEqual([]);
});

test('what cannot be done yet is not offered', () => {
  const bare = boardWith({ connections: [], repositories: [] });
  expect(paletteCommands(bare).map(({ id }) => id)).toEqual([
    'overview',
    'runners',
    'settings',
    'connect',
    'theme',
  ]);
});
