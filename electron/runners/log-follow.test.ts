import { appendFile, mkdir, mkdtemp, open, rename, rm, truncate, unlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { systemClock } from '../platform/clock.ts';
import { followJobLog, followLines, type LogChunk } from './log-follow.ts';
import { createLineCutter } from './log-reader.ts';

let folder: string;
let abort: AbortController;
const readers: Promise<void>[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'log-follow-'));
  abort = new AbortController();
});

afterEach(async () => {
  abort.abort();
  await Promise.all(readers.splice(0));
  await rm(folder, { recursive: true });
});

const options = (more: { pollMs?: number } = {}) => ({
  signal: abort.signal,
  clock: systemClock,
  ...more,
});

/** What a panel would show: each reset empties it. `history` keeps everything that ever came. */
function collect(chunks: AsyncGenerator<LogChunk>) {
  const shown = { lines: [] as string[], resets: 0, history: [] as string[] };
  const reading = (async () => {
    for await (const { reset, lines } of chunks) {
      if (reset) {
        shown.lines = [];
        shown.resets += 1;
      }
      shown.lines.push(...lines);
      shown.history.push(...lines);
    }
  })();
  readers.push(reading);
  return shown;
}

const follow = (path: string) => collect(followLines(path, options()));

test('waits for a file, holds the unfinished line back, ends when it is told to', async () => {
  const path = join(folder, 'listener.log');
  const shown = follow(path);
  await expect.poll(() => shown.resets).toBe(1);
  await writeFile(path, 'one\ntwo\r\nthr');
  await expect.poll(() => shown.lines).toEqual(['one', 'two']);
  await appendFile(path, 'ee\n\nfi');
  await expect.poll(() => shown.lines).toEqual(['one', 'two', 'three', '']);
  abort.abort();
  await Promise.all(readers);
  expect(shown.lines).toHaveLength(4);
});

test('characters and lines cut anywhere come out whole', () => {
  const text = '\uFEFFgrün\n“日本語”\r\n🛤️ track\n';
  const bytes = Buffer.from(text);
  const whole = ['grün', '“日本語”', '🛤️ track'];
  for (let size = 1; size <= bytes.length; size += 1) {
    const cutter = createLineCutter();
    const lines: string[] = [];
    for (let at = 0; at < bytes.length; at += size) lines.push(...cutter.push(bytes.subarray(at, at + size)));
    expect(lines, `pieces of ${size} bytes`).toEqual(whole);
    expect(cutter.rest()).toBe('');
  }
});

test('a very long line is cut at a whole character, with a note', () => {
  const cutter = createLineCutter();
  const megabyte = Buffer.from(`x${'ü'.repeat(500_000)}`);
  const lines = [megabyte.subarray(0, 70_001), megabyte.subarray(70_001), Buffer.from('\nnext\n')].flatMap(
    (piece) => cutter.push(piece),
  );
  expect(lines[0]).toMatch(/^xü+ … \(cut: this line has 1000001 bytes\)$/);
  expect(lines[0]?.length).toBeLessThan(9000);
  expect(lines[1]).toBe('next');
});

test('a rotated file is read to its end, then the new one from its start', async () => {
  const path = join(folder, 'listener.log');
  await writeFile(path, 'a1\n');
  const shown = follow(path);
  await expect.poll(() => shown.lines).toEqual(['a1']);
  const old = await open(path, 'a');
  await rename(path, join(folder, 'listener.1.log'));
  await old.write('a2\na3 unfinished');
  await old.close();
  await writeFile(path, 'b1\n');
  await expect.poll(() => shown.lines).toEqual(['b1']);
  expect(shown.history).toEqual(['a1', 'a2', 'a3 unfinished', 'b1']);
  expect(shown.resets).toBe(2);
});

test('a file cut short begins anew', async () => {
  const path = join(folder, 'listener.log');
  await writeFile(path, 'a1\na2\n');
  const shown = follow(path);
  await expect.poll(() => shown.lines).toEqual(['a1', 'a2']);
  await truncate(path);
  await expect.poll(() => shown.resets).toBe(2);
  await appendFile(path, 'b\n');
  await expect.poll(() => shown.lines).toEqual(['b']);
});

const timeline = '7f3c6d1e-0000-4000-8000-000000000001';
const page = (record: string, number: number, of = timeline): string =>
  join(folder, '_diag/pages', `${of}_${record}_${number}.log`);

test('follows a job step by step, although its pages are deleted, and begins anew with the next job', async () => {
  const shown = collect(followJobLog(folder, options({ pollMs: 50 })));
  await expect.poll(() => shown.resets).toBe(1);
  await mkdir(join(folder, '_diag/pages'), { recursive: true });
  await writeFile(page('a', 1), '\uFEFFa1\na2\n');
  await expect.poll(() => shown.lines).toEqual(['a1', 'a2']);
  await writeFile(page('b', 1), 'b1\n');
  await expect.poll(() => shown.lines).toEqual(['a1', 'a2', 'b1']);
  // Written and deleted in one go, as at a step's end.
  await appendFile(page('b', 1), 'b2\nb3 unfinished');
  await unlink(page('b', 1));
  await unlink(page('a', 1));
  await expect.poll(() => shown.lines).toEqual(['a1', 'a2', 'b1', 'b2', 'b3 unfinished']);
  await writeFile(page('c', 1, 'another'), 'c1\n');
  await expect.poll(() => shown.lines).toEqual(['c1']);
});

test('a job is seen at once although the folder of its pages is made for it', async () => {
  // Polling so rarely that only the watch can tell.
  const shown = collect(followJobLog(folder, options({ pollMs: 3_600_000 })));
  await expect.poll(() => shown.resets).toBe(1);
  await mkdir(join(folder, '_diag'));
  await writeFile(join(folder, '_diag/Runner_20261120-101010-utc.log'), '');
  await mkdir(join(folder, '_diag/pages'));
  await writeFile(page('a', 1), 'a1\n');
  await expect.poll(() => shown.lines).toEqual(['a1']);
});

test('begins with all pages of the running job, in order', async () => {
  await mkdir(join(folder, '_diag/pages'), { recursive: true });
  for (const number of [1, 2, 10]) await writeFile(page('a', number), `a${number}\n`);
  await writeFile(page('b', 1), 'b1\nb2\n');
  const shown = collect(followJobLog(folder, options()));
  await expect.poll(() => shown.lines).toEqual(['a1', 'a2', 'a10', 'b1', 'b2']);
});

test('prefers the record of the job itself, which repeats what the steps say', async () => {
  await mkdir(join(folder, '_diag/pages'), { recursive: true });
  await writeFile(
    join(folder, '_diag/Worker_20261120-101010-utc.log'),
    '[2026-11-20 10:10:10Z INFO Worker] Job message:\n {}\n[2026-11-20 10:10:10Z INFO JobRunner] Job ID the-job\n',
  );
  await writeFile(page('step', 1), 'Run it\n');
  await writeFile(page('the-job', 1), 'Run it\n');
  const shown = collect(followJobLog(folder, options({ pollMs: 50 })));
  await expect.poll(() => shown.lines).toEqual(['Run it']);
  await writeFile(page('step2', 1), 'Then that\n');
  await appendFile(page('the-job', 1), 'Then that\n');
  await writeFile(page('the-job', 2), 'Done\n');
  await expect.poll(() => shown.history).toEqual(['Run it', 'Then that', 'Done']);
});

test('follows the steps when the job has no record of its own', async () => {
  await mkdir(join(folder, '_diag/pages'), { recursive: true });
  await writeFile(
    join(folder, '_diag/Worker_20261120-101010-utc.log'),
    '[2026-11-20 10:10:10Z INFO JobRunner] Job ID the-job\n',
  );
  await writeFile(page('step', 1), 'Run it\n');
  const shown = collect(followJobLog(folder, options({ pollMs: 50 })));
  await expect.poll(() => shown.lines, { timeout: 3000 }).toEqual(['Run it']);
});
