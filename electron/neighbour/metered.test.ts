import { expect, test } from 'vitest';
import { askProgram } from './ask-program.ts';
import { createMeteredProbe, parseBusctl, parseNmcli } from './metered.ts';

test.each([
  ['u 0\n', null],
  ['u 1\n', true],
  ['u 2\n', false],
  ['u 3\n', true],
  ['u 4\n', false],
  ['nonsense', null],
])('busctl: %j', (text, expected) => {
  expect(parseBusctl(text)).toBe(expected);
});

test.each([
  ['GENERAL.METERED:no (guessed)\n\nGENERAL.METERED:unknown\n', false],
  ['GENERAL.METERED:unknown\n\nGENERAL.METERED:yes\n', true],
  ['GENERAL.METERED:unknown\n', null],
  ['', null],
])('nmcli: %j', (text, expected) => {
  expect(parseNmcli(text)).toBe(expected);
});

test('busctl is asked first, nmcli where it does not answer, and macOS nobody', async () => {
  const asked: string[] = [];
  const answering = (answers: Record<string, string>) => async (command: string) => {
    asked.push(command);
    return answers[command] ?? null;
  };
  expect(await createMeteredProbe('linux', answering({ busctl: 'u 1' }))()).toBe(true);
  expect(await createMeteredProbe('linux', answering({ nmcli: 'GENERAL.METERED:no' }))()).toBe(false);
  expect(await createMeteredProbe('linux', answering({}))()).toBeNull();
  expect(await createMeteredProbe('darwin', answering({}))()).toBeNull();
  expect(asked).toEqual(['busctl', 'busctl', 'nmcli', 'busctl', 'nmcli']);
});

test('a program is asked for real: its answer, its failure, its absence', async () => {
  expect(await askProgram('/bin/sh', ['-c', 'echo told'])).toBe('told');
  expect(await askProgram('/bin/sh', ['-c', 'echo told; exit 1'])).toBeNull();
  expect(await askProgram('a-program-that-nobody-has', [])).toBeNull();
});
