import { expect, test } from 'vitest';
import { readCommandLine } from './command-line.ts';
import { createPrompts, InputEnded } from './prompts.ts';
import type { Terminal } from './terminal.ts';

function setUp(args: string[], answers: string[]) {
  const printed: string[] = [];
  const none = () => {};
  const terminal: Terminal = {
    write: (text) => void printed.push(text),
    writeLine: (text = '') => void printed.push(text),
    writeError: none,
    section: none,
    success: none,
    readLine: async () => answers.shift() ?? null,
  };
  return { prompts: createPrompts(readCommandLine(args, {}), terminal), printed };
}

const name = { name: 'name', text: 'Enter the name of runner:', fallback: 'host' };
const labels = {
  name: 'labels',
  text: 'Labels:',
  optional: true,
  isValid: (text: string) => text.length < 4,
};

test('a value that is given is not asked for', async () => {
  const { prompts, printed } = setUp(['configure', '--name', 'mine'], []);
  expect(await prompts.value(name)).toBe('mine');
  expect(printed).toEqual([]);
});

test('an empty answer takes what the hint says', async () => {
  const { prompts, printed } = setUp(['configure'], ['', '  ']);
  expect(await prompts.value(name)).toBe('host');
  expect(await prompts.value(labels)).toBe('');
  expect(printed).toEqual([
    'Enter the name of runner: [press Enter for host] ',
    'Labels: [press Enter to skip] ',
  ]);
});

test('a bad value is asked for again', async () => {
  const { prompts, printed } = setUp(['configure', '--labels', 'toolong'], ['again-too-long', 'a,b']);
  expect(await prompts.value(labels)).toBe('a,b');
  expect(printed).toContain('Entered value is invalid');
});

test('unattended, a default or nothing is taken, and what is needed is told', async () => {
  const { prompts } = setUp(['configure', '--unattended'], []);
  expect(await prompts.value(name)).toBe('host');
  expect(await prompts.value(labels)).toBe('');
  expect(await prompts.confirm('replace', 'Replace?')).toBe(false);
  await expect(prompts.value({ name: 'url', text: 'URL?' })).rejects.toThrow(
    'Invalid configuration provided for url. Terminating unattended configuration.',
  );
});

test.each([
  ['Y', true],
  ['true', true],
  ['n', false],
  ['', false],
])('the answer %j confirms: %s', async (answer, expected) => {
  expect(await setUp(['configure'], [answer]).prompts.confirm('replace', 'Replace?')).toBe(expected);
});

test('nobody there to answer is an error', async () => {
  await expect(setUp(['configure'], []).prompts.value(name)).rejects.toThrow(InputEnded);
});
