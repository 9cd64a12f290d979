import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createManualClock, type ManualClock } from '../platform/clock.ts';
import { createWaker, type Waker } from './waker.ts';

let parent: string;
let clock: ManualClock;
let waker: Waker;
let occasions: number;

/** Begins to count the occasions to look at `log` in a folder that is there or not. */
function begin(folder: string): void {
  const abort = new AbortController();
  const concerns = (name: string): boolean => name === 'log';
  waker = createWaker({
    ...{ folders: [folder], concerns, clock, signal: abort.signal },
    pollMs: 1000,
    watchedPollMs: 15_000,
  });
  occasions = 0;
  void (async () => {
    for (;;) {
      await waker.next();
      occasions += 1;
    }
  })();
}

beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'trackside-waker-'));
  clock = createManualClock();
});
afterEach(async () => {
  waker.dispose();
  await rm(parent, { recursive: true, force: true });
});

test('where the folder is watched, changes tell, and it is looked at seldom besides', async () => {
  begin(parent);
  await clock.advance(60_000);
  expect(occasions).toBe(4);
  await writeFile(join(parent, 'other'), '');
  await writeFile(join(parent, 'log'), '');
  await expect.poll(() => occasions).toBeGreaterThan(4);
});

test('without a watch it is looked at often, until there is one', async () => {
  const folder = join(parent, 'later');
  begin(folder);
  await clock.advance(10_000);
  expect(occasions).toBe(10);
  await mkdir(folder);
  await clock.advance(1000);
  expect(occasions).toBe(11);
  await clock.advance(14_000);
  expect(occasions).toBe(11);
  await clock.advance(1000);
  expect(occasions).toBe(12);
});
