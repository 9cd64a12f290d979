import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readWorkflowFolder } from './local-files.ts';

let base: string;
let folder: string;
const inside = (name: string): string => join(folder, '.github', 'workflows', name);

beforeEach(async () => {
  base = await mkdtemp(join(tmpdir(), 'trackside-folder-'));
  folder = join(base, 'checkout');
  await mkdir(join(folder, '.github', 'workflows'), { recursive: true });
});
afterEach(() => rm(base, { recursive: true, force: true }));

test('reads what GitHub would take for workflows, by name', async () => {
  await writeFile(inside('b.yml'), 'on: push');
  await writeFile(inside('a.yaml'), 'on: []');
  await writeFile(inside('notes.md'), '');
  await writeFile(join(folder, 'other.yml'), '');
  expect(await readWorkflowFolder(folder)).toEqual([
    { path: '.github/workflows/a.yaml', text: 'on: []' },
    { path: '.github/workflows/b.yml', text: 'on: push' },
  ]);
});

test('a folder without workflows of its own is taken for one of them', async () => {
  await writeFile(inside('a.yml'), 'on: push');
  expect(await readWorkflowFolder(join(folder, '.github', 'workflows'))).toEqual([
    { path: 'a.yml', text: 'on: push' },
  ]);
});

test('links within the folder are followed; those that leave it, pipes, folders and what is huge are refused', async () => {
  await writeFile(join(folder, 'real.yml'), 'on: push');
  await writeFile(join(base, 'secret.yml'), 'password: hunter2');
  await symlink('../../real.yml', inside('a.yml'));
  await symlink('../../../secret.yml', inside('b.yml'));
  await symlink('/dev/zero', inside('c.yml'));
  await promisify(execFile)('mkfifo', [inside('d.yml')]);
  await mkdir(inside('e.yml'));
  await symlink('nowhere', inside('f.yml'));
  await writeFile(inside('g.yml'), '#'.repeat(5 * 1024 * 1024));
  const out = 'It is a link that leads out of the folder and was not read.';
  const path = (letter: string): string => `.github/workflows/${letter}.yml`;
  expect(await readWorkflowFolder(folder)).toEqual([
    { path: path('a'), text: 'on: push' },
    { path: path('b'), refused: out },
    { path: path('c'), refused: out },
    { path: path('d'), refused: 'It is no plain file and was not read.' },
    { path: path('e'), refused: 'It is no plain file and was not read.' },
    { path: path('f'), refused: 'It cannot be read (ENOENT).' },
    { path: path('g'), refused: expect.stringMatching(/^The file has 5,242,880 bytes and was not read/) },
  ]);
});

test('a workflow folder that is itself a link out of the folder is refused', async () => {
  await mkdir(join(base, 'elsewhere'));
  await rm(join(folder, '.github'), { recursive: true });
  await mkdir(join(folder, '.github'));
  await symlink(join(base, 'elsewhere'), join(folder, '.github', 'workflows'));
  await expect(readWorkflowFolder(folder)).rejects.toMatchObject({
    code: 'INVALID_REQUEST',
    data: { field: 'folder' },
  });
});

test.each([['relative/path'], ['/nowhere/at/all'], ['']])('%j is no folder to read', async (path) => {
  await expect(readWorkflowFolder(path)).rejects.toMatchObject({
    code: 'INVALID_REQUEST',
    data: { field: 'folder' },
  });
});
