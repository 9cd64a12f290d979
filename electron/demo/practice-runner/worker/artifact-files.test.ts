import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { findArtifactFiles } from './artifact-files.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'trackside-artifact-files-'));
  for (const name of [
    'out/a.txt',
    'out/deep/b.txt',
    'out/deep/c.log',
    'out/.secret',
    'other/d.txt',
    'one.txt',
  ]) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), name);
  }
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const namesOf = async (patterns: string, includeHidden = false) =>
  (await findArtifactFiles({ patterns, folder, includeHidden })).map(({ name }) => name);

test.each([
  ['a folder', 'out', ['a.txt', 'deep/b.txt', 'deep/c.log']],
  ['a folder with a slash', 'out/', ['a.txt', 'deep/b.txt', 'deep/c.log']],
  ['a file', 'out/deep/b.txt', ['b.txt']],
  ['an absolute path', '/PLACE/one.txt', ['one.txt']],
  ['a pattern', 'out/*.txt', ['a.txt']],
  ['a pattern at any depth', 'out/**/*.txt', ['a.txt', 'deep/b.txt']],
  ['a pattern that matches folders', 'out/d*', ['deep/b.txt', 'deep/c.log']],
  ['several lines', 'out/deep\n\n  other\n', ['other/d.txt', 'out/deep/b.txt', 'out/deep/c.log']],
  ['the same file twice', 'one.txt\none.txt', ['one.txt']],
  ['what is left out', 'out\n!out/**/*.log', ['a.txt', 'deep/b.txt']],
  ['a folder that is left out', 'out\n!out/deep', ['a.txt']],
  ['nothing there', 'none/**', []],
  ['nothing at all', '\n', []],
])('%s', async (_, patterns, names) => {
  expect(await namesOf(patterns.replace('/PLACE', folder))).toEqual(names);
});

test('hidden files only where they are asked for', async () => {
  expect(await namesOf('out', true)).toContain('.secret');
  expect(await namesOf('out/.secret')).toEqual([]);
});
