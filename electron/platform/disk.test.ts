import { link, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  DiskFullError,
  describeBytes,
  diskSpace,
  explainDiskFull,
  folderUsage,
  listFolder,
  requireSpace,
} from './disk.ts';

let base = '';
beforeEach(async () => {
  base = await mkdtemp(join(tmpdir(), 'trackside-disk-'));
});
afterEach(() => rm(base, { recursive: true, force: true }));

test('tells the space of the disk that a folder will be on before it is made', async () => {
  const here = await diskSpace(base);
  const there = await diskSpace(join(base, 'not/made/yet'));
  expect(there.totalBytes).toBe(here.totalBytes);
  expect(here.freeBytes).toBeGreaterThan(0);
});

test('says how much is needed, how much is free and where when it does not fit', async () => {
  await requireSpace(base, 1, 'a byte');
  const asked = requireSpace(base, 1e18, 'the moon');
  await expect(asked).rejects.toThrow(DiskFullError);
  await expect(asked).rejects.toThrow(
    /no room for the moon\. It needs 1000000 TB\. .* are free in .*trackside-disk-/,
  );
  const full = Object.assign(new Error('ENOSPC'), { code: 'ENOSPC' });
  expect(await explainDiskFull(full, base, 'this', null)).toBeInstanceOf(DiskFullError);
  const other = new Error('other');
  expect(await explainDiskFull(other, base, 'this', null)).toBe(other);
});

test('counts hard links once, holes not at all, and what links point to never', async () => {
  const empty = await folderUsage(base);
  await mkdir(join(base, 'folder'));
  await writeFile(join(base, 'folder/file'), Buffer.alloc(1_000_000, 1));
  await link(join(base, 'folder/file'), join(base, 'same'));
  await symlink('/usr', join(base, 'link'));
  const usage = (await folderUsage(base)) - empty;
  expect(usage).toBeGreaterThanOrEqual(1_000_000);
  expect(usage).toBeLessThan(1_100_000);
  const { folders, files, links } = await listFolder(base);
  expect(folders.map(({ path }) => path)).toEqual(['folder']);
  expect(files.map(({ path }) => path).sort()).toEqual(['folder/file', 'same']);
  expect(links).toEqual([{ path: 'link', target: '/usr' }]);
});

test('writes sizes as people read them', () => {
  expect([0, 999, 1000, 97_400_000, 1_250_000_000, 31e9, 5e15].map(describeBytes)).toEqual([
    '0 bytes',
    '999 bytes',
    '1 kB',
    '97 MB',
    '1.3 GB',
    '31 GB',
    '5000 TB',
  ]);
});
