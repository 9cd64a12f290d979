import {
  chmod,
  copyFile,
  cp,
  link,
  mkdir,
  mkdtemp,
  readFile,
  rm,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { countSharedWritableFiles } from './sharing.ts';

let base = '';
beforeEach(async () => {
  base = await mkdtemp(join(tmpdir(), 'trackside-sharing-'));
  await mkdir(join(base, 'tree/externals'), { recursive: true });
  await writeFile(join(base, 'tree/file'), 'content');
  await writeFile(join(base, 'tree/externals/tool'), 'tool');
  await cp(join(base, 'tree'), join(base, 'a'), { recursive: true });
  await cp(join(base, 'tree'), join(base, 'b'), { recursive: true });
});
afterEach(() => rm(base, { recursive: true, force: true }));

const count = () => countSharedWritableFiles(join(base, 'tree'), [join(base, 'a'), join(base, 'b')]);

test('copies share nothing, and are as they were afterwards', async () => {
  await writeFile(join(base, 'tree/empty'), '');
  await writeFile(join(base, 'a/empty'), '');
  await writeFile(join(base, 'b/empty'), '');
  expect(await count()).toBe(0);
  for (const name of ['empty', 'externals/tool', 'file']) {
    expect(await readFile(join(base, 'a', name), 'utf8')).toBe(
      await readFile(join(base, 'tree', name), 'utf8'),
    );
  }
});

test('a hard link between siblings, or into the tree, is found', async () => {
  await rm(join(base, 'b/file'));
  await link(join(base, 'a/file'), join(base, 'b/file'));
  expect(await count()).toBeGreaterThan(0);
});

test('a link into a tree that can be written is found, one inside the clone is not', async () => {
  await copyFile(join(base, 'a/file'), join(base, 'a/other'));
  await symlink('other', join(base, 'a/link'));
  expect(await count()).toBe(0);
  await rm(join(base, 'a/externals'), { recursive: true });
  await chmod(join(base, 'tree/externals/tool'), 0o644);
  await symlink(join(base, 'tree/externals'), join(base, 'a/externals'));
  expect(await count()).toBeGreaterThan(0);
});
