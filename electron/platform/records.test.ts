import { mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { z } from 'zod';
import { openRecords } from './records.ts';

const schema = z.object({ id: z.string(), value: z.number() });
let folder: string;
const open = () => openRecords({ folder, schema, now: () => 7 });

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'records-'));
});
afterEach(() => rm(folder, { recursive: true }));

test('what was put is there again for the next engine', async () => {
  const records = await open();
  await records.put({ id: 'a/b', value: 1 });
  await records.put({ id: 'a/b', value: 2 });
  expect((await open()).all()).toEqual([{ id: 'a/b', value: 2 }]);
});

test('many writes at once leave the last one, whole', async () => {
  const records = await open();
  await Promise.all(Array.from({ length: 50 }, (_, value) => records.put({ id: 'x', value })));
  expect((await open()).get('x')).toEqual({ id: 'x', value: 49 });
  expect(await readdir(folder)).toEqual(['x.json']);
});

test('a deleted record stays away', async () => {
  const records = await open();
  await records.put({ id: 'x', value: 1 });
  await records.delete('x');
  expect((await open()).all()).toEqual([]);
});

test('only this user can read them', async () => {
  await (await open()).put({ id: 'x', value: 1 });
  expect((await stat(join(folder, 'x.json'))).mode & 0o777).toBe(0o600);
});

test.each([
  ['half a file', '{"id":"x","val'],
  ['a file of another shape', '{"id":"x","value":"one"}'],
  ['a file under another name', '{"id":"y","value":1}'],
])('%s is set aside, never deleted', async (_name, content) => {
  await writeFile(join(folder, 'x.json'), content);
  const records = await open();
  expect(records.all()).toEqual([]);
  expect(records.setAside).toEqual([join(folder, 'x.json.unreadable-7')]);
  expect(await readFile(join(folder, 'x.json.unreadable-7'), 'utf8')).toBe(content);
});

test('whatever else has the name of a record is set aside as well', async () => {
  await mkdir(join(folder, 'x.json', 'inside'), { recursive: true });
  await symlink('nowhere', join(folder, 'y.json'));
  const records = await open();
  expect(records.setAside.toSorted()).toEqual(
    ['x', 'y'].map((id) => join(folder, `${id}.json.unreadable-7`)),
  );
  expect(await readdir(join(folder, 'x.json.unreadable-7'))).toEqual(['inside']);
  await records.put({ id: 'x', value: 1 });
  expect((await open()).get('x')).toEqual({ id: 'x', value: 1 });
});

test('a file in the place of the folder, or of the one above it, is set aside', async () => {
  for (const inTheWay of [join(folder, 'state'), join(folder, 'state', 'runners')]) {
    await mkdir(dirname(inTheWay), { recursive: true });
    await writeFile(inTheWay, 'not a folder');
    const records = await openRecords({ folder: join(folder, 'state', 'runners'), schema, now: () => 7 });
    expect(records.setAside).toEqual([`${inTheWay}.unreadable-7`]);
    expect(await readFile(`${inTheWay}.unreadable-7`, 'utf8')).toBe('not a folder');
    await records.put({ id: 'x', value: 1 });
    await rm(join(folder, 'state', 'runners'), { recursive: true });
  }
});

test('the temporary file of a crash is swept', async () => {
  await writeFile(join(folder, 'x.json.1.tmp'), 'half');
  await open();
  expect(await readdir(folder)).toEqual([]);
});
