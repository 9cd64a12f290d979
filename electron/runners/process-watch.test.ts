import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createManualClock, type ManualClock } from '../platform/clock.ts';
import { createProcessTable, type ProcessTable } from '../platform/processes.ts';
import { createEndWatch } from './process-watch.ts';

const table = createProcessTable();
let clock: ManualClock;
let folder: string;
let sleepers: ChildProcess[];
/** How many processes each look was at. */
let looks: number[];
const counting: Pick<ProcessTable, 'exists' | 'findAll'> = {
  exists: table.exists,
  findAll(pids) {
    looks.push(pids.length);
    return table.findAll(pids);
  },
};

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'trackside-watch-'));
  clock = createManualClock();
  looks = [];
  sleepers = Array.from({ length: 3 }, () => spawn('sleep', ['60'], { stdio: 'ignore' }));
  await Promise.all(sleepers.map((child) => once(child, 'spawn')));
});
afterEach(async () => {
  for (const child of sleepers) child.kill('SIGKILL');
  await rm(folder, { recursive: true, force: true });
});

async function end(child: ChildProcess | undefined): Promise<void> {
  if (!child) throw new Error('There is no such child.');
  const exited = once(child, 'exit');
  child.kill('SIGKILL');
  await exited;
}

/** Watches all sleepers. @returns which have ended, by their place */
async function watchAll(signal: AbortSignal): Promise<{ ended: Set<number>; ends: Promise<void>[] }> {
  const { untilEnd } = createEndWatch({ processes: counting, clock });
  const ended = new Set<number>();
  const found = await Promise.all(sleepers.map(({ pid = 0 }) => table.find(pid)));
  const ends = found.map(async (info, index) => {
    if (!info) throw new Error('A sleeper is gone already.');
    await untilEnd({ pid: info.pid, startToken: info.startToken, controlFolder: folder, signal });
    ended.add(index);
  });
  return { ended, ends };
}

test('the end of each is noticed within a second, and all are looked at together', async () => {
  const { ended, ends } = await watchAll(new AbortController().signal);
  await clock.advance(30_000);
  expect(ended).toEqual(new Set());
  expect(looks).toEqual([3, 3, 3]);
  await end(sleepers[1]);
  await clock.advance(1000);
  await ends[1];
  expect(ended).toEqual(new Set([1]));
  await end(sleepers[0]);
  await end(sleepers[2]);
  await clock.advance(1000);
  await Promise.all(ends);
  looks = [];
  await clock.advance(60_000);
  expect(looks, 'nobody is left to look at').toEqual([]);
});

test('another process with the number of one that is gone is not taken for it', async () => {
  const { untilEnd } = createEndWatch({ processes: counting, clock });
  const pid = sleepers[0]?.pid ?? 0;
  const signal = new AbortController().signal;
  const gone = untilEnd({ pid, startToken: 'of another time', controlFolder: folder, signal });
  await clock.advance(10_000);
  await gone;
});

test('the record of an exit code is reason to look at once', async () => {
  const { ends } = await watchAll(new AbortController().signal);
  await end(sleepers[0]);
  await writeFile(join(folder, 'exit'), '0\n');
  await ends[0];
});

test('whoever let go of it is told nothing', async () => {
  const abort = new AbortController();
  const { ended } = await watchAll(abort.signal);
  abort.abort();
  await end(sleepers[0]);
  await clock.advance(30_000);
  expect(ended).toEqual(new Set());
  expect(looks).toEqual([]);
});
