import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import {
  appendFile,
  mkdir,
  mkdtemp,
  readdir,
  rename,
  rm,
  truncate,
  unlink,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { PassThrough } from 'node:stream';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { TracksideError } from '../../shared/errors.ts';
import type { Job } from '../../shared/jobs.ts';
import type { LogSource, LogState, Shift } from '../../shared/model.ts';
import { defaultSettings } from '../../shared/pool-defaults.ts';
import { type BoardPublisher, createBoard } from '../board.ts';
import type { ForgeDownload } from '../forges/forge.ts';
import { testRunner } from '../forges/testing.ts';
import { systemClock } from '../platform/clock.ts';
import { listenerLogPath } from '../runners/control-folder.ts';
import { createLogs, type Logs } from './logs.ts';

let folder: string;
let board: BoardPublisher;
let logs: Logs;
/** What the forge answers when it is asked for a log. */
let answer: (jobId: number) => Promise<ForgeDownload>;
let asked: number[];
let named: (string | undefined)[];
const shifts = new Map<string, Shift>();
const closers: (() => Promise<unknown>)[] = [];

const shift: Shift = {
  ...{ id: 's', runnerId: 'r1', runnerName: 'arm-1', repositoryId: 'x', jobName: 'build' },
  ...{ startedAt: 1000, endedAt: null, result: null, jobId: null, url: null, verdict: null },
};
const job: Job = {
  ...{ id: 'j', repositoryId: 'x', runId: 1, jobId: 7, name: 'build', workflow: 'CI', workflowPath: null },
  ...{ branch: null, event: null, actor: null, labels: [], status: 'in_progress', queuedAt: 0, startedAt: 1 },
  ...{ runnerName: 'arm-1', url: null, waitId: null, position: null, estimate: null },
};

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'logs-'));
  shifts.clear();
  asked = [];
  named = [];
  answer = async () => {
    throw new TracksideError('UNKNOWN', 'There is none.');
  };
  board = createBoard({
    ...{
      now: 0,
      version: '0',
      demo: false,
      host: null,
      load: null,
      tokenStore: 'memory',
      dataFolder: folder,
    },
    ...{ settings: defaultSettings, surroundings: null, quitting: null },
  });
  board.set('runners', 'r1', testRunner({ id: 'r1', repositoryId: 'x', name: 'arm-1' }));
  await mkdir(join(folder, 'control'));
  openLogs();
});
afterEach(async () => {
  await Promise.all(closers.splice(0).map((close) => close()));
  await logs.dispose();
  await rm(folder, { recursive: true });
});

function openLogs(): void {
  logs = createLogs({
    board,
    rootOf(runnerId) {
      if (runnerId !== 'r1') throw new TracksideError('UNKNOWN', 'There is no such runner.');
      return join(folder, 'root');
    },
    controlFolderOf: () => join(folder, 'control'),
    shifts: {
      get: (id) => shifts.get(id) ?? null,
      put: (row) => void shifts.set(row.id, row),
      latest: (runnerId) => [...shifts.values()].findLast((row) => row.runnerId === runnerId) ?? null,
    },
    forgeOf: () => ({
      fullName: 'octo/forge',
      forge: {
        jobLog(_repository, jobId) {
          asked.push(jobId);
          return answer(jobId);
        },
        async jobOnRunner(_repository, _runner, _at, _signal, jobName) {
          named.push(jobName);
          return { id: 7, url: 'https://example.com/7' } as never;
        },
      },
    }),
    cacheFolder: join(folder, 'cache'),
    clock: systemClock,
  });
}

/** Follows a log; `until` resolves with the first state from now on that fits. */
function follow(source: LogSource, tail = 100) {
  const abort = new AbortController();
  const states: LogState[] = [];
  let wake = (): void => {};
  const reading = (async () => {
    for await (const state of logs.follow({ source, tail }, abort.signal)) {
      states.push(state);
      wake();
    }
  })();
  const failed = reading.then(() => new Promise<never>(() => {}));
  failed.catch(() => {});
  const close = async (): Promise<void> => {
    abort.abort();
    await reading.catch(() => {});
  };
  closers.push(close);
  const until = async (fits: (state: LogState) => boolean): Promise<LogState> => {
    for (;;) {
      const found = states.at(-1);
      if (found && fits(found)) return found;
      const next = new Promise<void>((resolve) => {
        wake = resolve;
      });
      await Promise.race([next, failed]);
    }
  };
  return { states, until, failed, close };
}

const listener = { kind: 'listener', runnerId: 'r1' } as const;
const ofJob = { kind: 'job', repositoryId: 'x', jobId: 7 } as const;
const ofRunner = { kind: 'runner-job', runnerId: 'r1' } as const;
const listenerPath = (): string => listenerLogPath(join(folder, 'control'));
const page = (name: string): string => join(folder, 'root/_diag/pages', name);
const cached = (): Promise<string[]> => readdir(join(folder, 'cache/logs')).catch(() => []);
const lines = async (logId: string, from = 0, count = 100): Promise<string[]> =>
  (await logs.lines({ logId, from, count })).lines;

function runJob(startedAt = 1000): void {
  const row = board.current().runners.r1;
  if (row) board.set('runners', 'r1', { ...row, job: { name: 'build', startedAt, url: null } });
  shifts.set(`s${startedAt}`, { ...shift, id: `s${startedAt}`, startedAt });
}
function endJob(): void {
  const row = board.current().runners.r1;
  if (row) board.set('runners', 'r1', { ...row, job: null });
}
function download(text?: string): ForgeDownload & { stream: PassThrough } {
  const stream = new PassThrough();
  if (text !== undefined) stream.end(text);
  return { stream, sizeBytes: text === undefined ? null : Buffer.byteLength(text) };
}

async function all<T>(stream: AsyncIterable<T>): Promise<T[]> {
  const items: T[] = [];
  for await (const item of stream) items.push(item);
  return items;
}

test('a listener’s log: told as it grows, its lines asked for, another one when it is replaced', async () => {
  const { until, states } = follow(listener, 2);
  expect((await until(() => true)).empty).toBe('The listener has written nothing yet.');
  await writeFile(listenerPath(), 'one\ntwo\nthr');
  const first = await until((state) => state.bytes === 11);
  expect(first).toMatchObject({
    lines: 3,
    tail: ['two', 'thr'],
    complete: false,
    fetched: null,
    empty: null,
  });
  await appendFile(listenerPath(), 'ee\nfour\n');
  const second = await until((state) => state.lines === 4);
  expect(second).toMatchObject({ logId: first.logId, tail: ['three', 'four'] });
  expect(await lines(first.logId, 1, 2)).toEqual(['two', 'three']);

  await rename(listenerPath(), `${listenerPath()}.1`);
  await writeFile(listenerPath(), 'new\n');
  const replaced = await until((state) => state.tail.includes('new'));
  expect(replaced.logId).not.toBe(first.logId);
  await expect(lines(first.logId)).rejects.toMatchObject({ code: 'UNKNOWN' });
  await truncate(listenerPath());
  const emptied = await until((state) => state.bytes === 0);
  expect(emptied.empty).toBe('The listener has written nothing yet.');
  await unlink(listenerPath());
  await writeFile(listenerPath(), 'again\n');
  await until((state) => state.tail[0] === 'again');

  board.delete('runners', 'r1');
  expect((await until((state) => state.complete)).tail.length).toBeLessThanOrEqual(1);
  expect(new Set(states.map(({ logId }) => logId)).size).toBeGreaterThanOrEqual(4);
});

test('a runner that does not exist is refused', async () => {
  const stranger = follow({ kind: 'runner-job', runnerId: 'nobody' });
  await expect(stranger.failed).rejects.toMatchObject({ code: 'UNKNOWN' });
});

test('a job here is taken down as its worker writes it, and gives way to the forge’s log at its end', async () => {
  const { until } = follow(ofRunner);
  expect((await until(() => true)).empty).toContain('No job has run on this runner yet');
  await mkdir(join(folder, 'root/_diag/pages'), { recursive: true });
  runJob();
  await writeFile(page('t_a_1.log'), '\uFEFFRun it\n');
  const live = await until((state) => state.tail.includes('Run it'));
  expect(live.complete).toBe(false);
  expect((await cached()).length).toBe(1);
  // The worker deletes its pieces as it uploads them.
  await unlink(page('t_a_1.log'));
  await writeFile(page('t_b_1.log'), 'Then that\n');
  await until((state) => state.lines === 2);
  expect(await lines(live.logId)).toEqual(['Run it', 'Then that']);

  const coming = download();
  answer = async () => coming;
  endJob();
  coming.stream.write('2026-11-21T10:02:11.0000000Z Run it\n');
  // Until all of it is there, what was taken down stays.
  await expect.poll(() => asked).toEqual([7]);
  expect(named).toEqual(['build']);
  coming.stream.end('2026-11-21T10:02:12.0000000Z Then that\nDone');
  const whole = await until((state) => state.complete);
  expect(whole).toMatchObject({ lines: 3, fetched: null });
  expect(whole.logId).not.toBe(live.logId);
  expect(whole.tail.at(-1)).toBe('Done');
  expect(shifts.get('s1000')).toMatchObject({ jobId: 7, url: 'https://example.com/7' });

  // The next job begins anew.
  runJob(5000);
  await writeFile(page('u_a_1.log'), 'Another\n');
  await until((state) => state.tail.includes('Another') && !state.complete);
});

test('any job: told why it cannot be read along, fetched when it has ended, kept for the next time', async () => {
  board.set('jobs', 'j', { ...job, status: 'queued', runnerName: null });
  const first = follow(ofJob);
  expect((await first.until((state) => state.empty !== null)).empty).toMatch(/has not begun/);
  board.set('jobs', 'j', { ...job, runnerName: 'somebody-else' });
  expect((await first.until((state) => /runs on somebody-else/.test(state.empty ?? ''))).lines).toBe(0);
  expect(asked).toEqual([]);
  answer = async () => download('a\r\nb\n');
  board.delete('jobs', 'j');
  const whole = await first.until((state) => state.complete);
  expect(whole).toMatchObject({ lines: 2, tail: ['a', 'b'], empty: null });
  await first.close();
  await logs.dispose();
  expect(await cached()).toEqual(['x-7.log']);
  openLogs();
  const again = follow(ofJob);
  expect((await again.until((state) => state.complete)).tail).toEqual(['a', 'b']);
  expect(asked).toEqual([7]);
});

test('a job that runs here is read along by whoever asks for it by its number', async () => {
  await mkdir(join(folder, 'root/_diag/pages'), { recursive: true });
  await writeFile(page('t_a_1.log'), 'Run it\n');
  runJob();
  board.set('jobs', 'j', job);
  const { until } = follow(ofJob);
  await until((state) => state.tail.includes('Run it'));
  expect(asked).toEqual([]);
  answer = async () => download('Run it\nDone\n');
  endJob();
  board.delete('jobs', 'j');
  expect((await until((state) => state.complete)).tail).toEqual(['Run it', 'Done']);
});

test('a fetch is shown as it comes; one that breaks off says so and leaves nothing', async () => {
  const coming = { ...download(), sizeBytes: 2000 };
  answer = async () => coming;
  const { until, failed } = follow(ofJob);
  await expect.poll(() => asked).toEqual([7]);
  const feeding = setInterval(() => coming.stream.write(`${'x'.repeat(99)}\n`), 20);
  const half = await until((state) => state.lines >= 4);
  clearInterval(feeding);
  expect(half.complete).toBe(false);
  expect(half.fetched).toBeGreaterThan(0.1);
  coming.stream.destroy(new Error('reset'));
  await expect(failed).rejects.toMatchObject({
    code: 'FORGE_UNREACHABLE',
    data: { remedy: 'Open it again.' },
  });
  await expect.poll(cached).toEqual([]);
});

test('a disk without room for a log is told in one sentence', async () => {
  answer = async () => ({ ...download('x'), sizeBytes: 10 ** 18 });
  const { failed } = follow(ofJob);
  await expect(failed).rejects.toMatchObject({
    code: 'HOST_FAILED',
    message: expect.stringMatching(/^The disk has no room for the log of a job\. It needs .* are free in /),
  });
  expect(await cached()).toEqual([]);
});

test('what an earlier engine left half-made goes', async () => {
  await logs.dispose();
  await mkdir(join(folder, 'cache/logs'), { recursive: true });
  await writeFile(join(folder, 'cache/logs/1-1.partial-log'), 'x');
  await writeFile(join(folder, 'cache/logs/x-7.log'), 'kept\n');
  openLogs();
  const { until } = follow(ofJob);
  await until((state) => state.complete);
  expect(await cached()).toEqual(['x-7.log']);
});

test('words are found in a log that is followed', async () => {
  await writeFile(listenerPath(), 'an error\nfine\nERROR, error\n');
  const { until } = follow(listener);
  const { logId } = await until((state) => state.lines === 3);
  const told = await all(logs.search({ logId, query: 'error' }));
  expect(told.flatMap(({ hits }) => hits)).toEqual([
    { line: 0, start: 3 },
    { line: 2, start: 0 },
    { line: 2, start: 7 },
  ]);
  expect(told.at(-1)).toMatchObject({ searched: 3, done: true });
  const rest = await all(logs.search({ logId, query: 'error', from: 1 }));
  expect(rest.flatMap(({ hits }) => hits)).toHaveLength(2);
});

test('200 MB are indexed and searched, and 20,000 lines a second followed, without holding the engine up', async () => {
  const block = Buffer.from(
    `${'2026-11-21T10:02:11.1234567Z some words of a line of a log'.padEnd(99, '.')}\n`.repeat(10_000),
  );
  const file = createWriteStream(listenerPath());
  for (let written = 0; written < 200 * 10 ** 6; written += block.length) {
    if (!file.write(block)) await once(file, 'drain');
  }
  file.write('the needle\n');
  const delay = monitorEventLoopDelay({ resolution: 5 });
  const { until, states } = follow(listener, 200);
  delay.enable();
  const { logId } = await until((state) => state.lines === 2_000_001);
  const found = await all(logs.search({ logId, query: 'Needle' }));
  expect(found.flatMap(({ hits }) => hits)).toEqual([{ line: 2_000_000, start: 4 }]);
  const before = states.length;
  const second = `${'a line that comes'.padEnd(99, '.')}\n`.repeat(1000);
  let sent = 0;
  const writing = setInterval(() => {
    if (sent < 20_000) file.write(second);
    sent += 1000;
  }, 50);
  await until((state) => state.lines === 2_020_001);
  clearInterval(writing);
  delay.disable();
  file.end();
  expect(states.length - before).toBeLessThan(60);
  for (const { tail } of states.slice(before)) expect(tail.length).toBeLessThanOrEqual(200);
  // The middle of what was measured: a busy machine now and then takes this process off its processor.
  expect(delay.percentile(90) / 1e6).toBeLessThan(50);
}, 60_000);
