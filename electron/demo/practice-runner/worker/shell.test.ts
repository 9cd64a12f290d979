import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { resolveShell, shellArguments, which } from './shell.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'trackside-shell-'));
  for (const name of ['bash', 'sh', 'python', 'pwsh', 'perl']) {
    await writeFile(join(folder, name), '');
    await chmod(join(folder, name), 0o755);
  }
  await writeFile(join(folder, 'notes'), '');
});
afterAll(() => rm(folder, { recursive: true }));

test.each([
  [null, 'bash', '-e {0}', '.sh'],
  ['bash', 'bash', '--noprofile --norc -e -o pipefail {0}', '.sh'],
  ['sh', 'sh', '-e {0}', '.sh'],
  ['python', 'python', '{0}', '.py'],
  ['perl -w {0}', 'perl', '-w {0}', ''],
])('%j', (shell, program, format, extension) => {
  const resolved = resolveShell(shell, folder);
  expect(resolved).toMatchObject({ program: join(folder, program), format, extension });
  expect(resolved.wrap('true')).toBe('true');
});

test('PowerShell stops at errors and hands its exit code on', () => {
  const shell = resolveShell('pwsh', folder);
  expect(shell.wrap('ls').split('\n')[0]).toBe("$ErrorActionPreference = 'stop'");
  expect(shellArguments(shell.format, '/t/a b.ps1')).toEqual(['-command', ". '/t/a b.ps1'"]);
});

test('a shell that is not there, or takes no script, is told', () => {
  expect(() => resolveShell('zsh {0}', folder)).toThrow('zsh: command not found');
  expect(() => resolveShell('perl', folder)).toThrow('Invalid shell option');
});

test('only what can be executed is found', () => {
  expect(which('notes', folder)).toBeNull();
  expect(which('bash', `/nowhere::${folder}`)).toBe(join(folder, 'bash'));
});
