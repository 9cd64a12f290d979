import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createManualClock } from '../platform/clock.ts';
import { type LogCache, openLogCache } from './log-cache.ts';

const dayMs = 24 * 3_600_000;
const clock = createManualClock();
let folder: string;
let cache: LogCache;

const open = async (): Promise<void> => {
  cache = await openLogCache({ folder, clock, limits: { bytes: 1000, ageMs: 7 * dayMs } });
};
beforeEach(async () => {
  folder = join(await mkdtemp(join(tmpdir(), 'log-cache-')), 'logs');
  await open();
});
afterEach(() => rm(join(folder, '..'), { recursive: true }));

/** Keeps a log of so many bytes, used now. */
async function keep(job: string, bytes: number): Promise<void> {
  const path = cache.pathOf(job);
  const written = await cache.write('a log', bytes);
  await written.append('x'.repeat(bytes));
  await written.close();
  const endUse = cache.use(path);
  await cache.keep(written, path);
  // Its time is written down in the background.
  const { mtimeMs } = await stat(path);
  if (mtimeMs !== clock.now()) {
    cache.use(path)();
    await expect.poll(async () => (await stat(path)).mtimeMs).toBe(clock.now());
  }
  endUse();
}

test('nobody but its owner may read what is kept', async () => {
  await keep('a', 10);
  expect((await stat(folder)).mode & 0o777).toBe(0o700);
  expect((await stat(cache.pathOf('a'))).mode & 0o777).toBe(0o600);
});

test('when there is too much, what was used longest ago goes, but nothing that is in use', async () => {
  await keep('a', 400);
  await clock.advance(1000);
  await keep('b', 400);
  await clock.advance(1000);
  const endUse = cache.use(cache.pathOf('a'));
  await expect.poll(async () => (await stat(cache.pathOf('a'))).mtimeMs).toBe(clock.now());
  await clock.advance(1000);
  await keep('c', 400);
  expect((await readdir(folder)).sort()).toEqual(['a.log', 'c.log']);
  await keep('d', 900);
  expect((await readdir(folder)).sort()).toEqual(['a.log', 'd.log']);
  endUse();
  await clock.advance(1000);
  await keep('e', 10);
  expect((await readdir(folder)).sort()).toEqual(['d.log', 'e.log']);
});

test('what nobody has opened for long goes with the next engine', async () => {
  await keep('old', 10);
  await clock.advance(5 * dayMs);
  await keep('new', 10);
  await clock.advance(3 * dayMs);
  await cache.write('a log that is never ended', null).then((written) => written.close());
  await open();
  expect(await readdir(folder)).toEqual(['new.log']);
});
