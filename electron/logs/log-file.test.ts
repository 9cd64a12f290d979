import { appendFile, mkdtemp, rename, rm, truncate, unlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { cutNote, maxLineBytes } from '../../shared/log-line.ts';
import { systemClock } from '../platform/clock.ts';
import { type LogFile, openLogFile } from './log-file.ts';
import { mostHits, searchLog } from './log-search.ts';

let folder: string;
let path: string;
const opened: LogFile[] = [];
const { signal } = new AbortController();

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'log-file-'));
  path = join(folder, 'a.log');
});
afterEach(async () => {
  await Promise.all(opened.splice(0).map((log) => log.close()));
  await rm(folder, { recursive: true });
});

async function openLog(content?: string | Buffer): Promise<LogFile> {
  if (content !== undefined) await writeFile(path, content);
  const log = await openLogFile('log', path);
  if (!log) throw new Error('There is no log');
  opened.push(log);
  await log.grow(signal);
  return log;
}

async function search(log: LogFile, words: string, from = 0) {
  const hits: [line: number, start: number][] = [];
  let searched = 0;
  for await (const told of searchLog(log, words, { from, signal, clock: systemClock })) {
    hits.push(...told.hits.map(({ line, start }): [number, number] => [line, start]));
    searched = told.searched;
  }
  return { hits, searched };
}

test('a log that is not there yet is none', async () => {
  expect(await openLogFile('log', path)).toBeNull();
});

test('a growing log: each part once, the unfinished line as far as it is written', async () => {
  const log = await openLog('one\ntwo\r\nthr');
  expect([log.lines(), log.bytes()]).toEqual([3, 12]);
  expect(await log.read(0, 10)).toEqual(['one', 'two', 'thr']);
  await appendFile(path, 'ee\n\nfour\n');
  expect(await log.grow(signal)).toBe(true);
  expect(await log.grow(signal)).toBe(false);
  expect(log.lines()).toBe(5);
  expect(await log.read(1, 3)).toEqual(['two', 'three', '']);
  expect(await log.read(4, 3)).toEqual(['four']);
  expect(await log.read(5, 3)).toEqual([]);
});

test('a log cut short, replaced or deleted: what was read stays readable as far as it is there', async () => {
  const log = await openLog('one\ntwo\n');
  expect(await log.replaced()).toBe(false);
  await rename(path, `${path}.old`);
  expect(await log.replaced()).toBe(false);
  await writeFile(path, 'new\n');
  expect(await log.replaced()).toBe(true);
  expect(await log.read(0, 2)).toEqual(['one', 'two']);
  const next = await openLog();
  await truncate(path, 1);
  expect(await next.replaced()).toBe(true);
  await unlink(path);
  expect(await next.read(0, 2)).toEqual(['n']);
});

test('a byte order mark, NULs, invalid characters and colours survive', async () => {
  const bad = Buffer.concat([Buffer.from('\uFEFFgrün\r\na\u0000b '), Buffer.from([0xff, 0xc3, 10])]);
  const log = await openLog(Buffer.concat([bad, Buffer.from('\u001b[31mred\u001b[0m\n')]));
  expect(await log.read(0, 9)).toEqual(['grün', 'a\u0000b \ufffd\ufffd', '\u001b[31mred\u001b[0m']);
  expect((await search(log, 'RED')).hits).toEqual([[2, 5]]);
  expect((await search(log, 'GRÜ')).hits).toEqual([[0, 0]]);
});

test('lines of a megabyte, with and without an end, are cut with their true length', async () => {
  const long = 'é'.repeat(500_000);
  const log = await openLog(`a\n${long}\nb\n${long}needle`);
  expect(log.lines()).toBe(4);
  const [a, first = '', b, last = ''] = await log.read(0, 4);
  expect([a, b]).toEqual(['a', 'b']);
  expect(first).toBe(`${'é'.repeat(maxLineBytes / 2)}${cutNote(1_000_000)}`);
  expect(last.endsWith(cutNote(1_000_006))).toBe(true);
  expect(await log.read(2, 1)).toEqual(['b']);
  expect((await search(log, 'éNEEDLE')).hits).toEqual([[3, 499_999]]);
  expect((await search(log, 'b')).hits).toEqual([[2, 0]]);
});

test('a cut note of a line that was cut before is not cut again', async () => {
  const cut = `${'x'.repeat(maxLineBytes)}${cutNote(1_000_000)}`;
  expect(await (await openLog(`${cut}\n`)).read(0, 1)).toEqual([cut]);
});

test('any line of many is found, and one answer is bounded', async () => {
  const lines = Array.from({ length: 20_000 }, (_, line) => `${line} ${'·'.repeat(line % 90)}`);
  const log = await openLog(`${lines.join('\n')}\n`);
  expect(log.lines()).toBe(20_000);
  for (const from of [0, 511, 512, 513, 7000, 19_990]) {
    expect(await log.read(from, 20)).toEqual(lines.slice(from, from + 20));
  }
  const wide = await openLog(`${`${'w'.repeat(10_000)}\n`.repeat(500)}`);
  expect((await wide.read(3, 500)).length).toBeLessThan(120);
});

test('words are found over the borders of what is read at once, each once, from a line on', async () => {
  const filler = `${'.'.repeat(99)}\n`;
  const log = await openLog(`${filler.repeat(5200)}Needle in the hay needle\n${filler.repeat(6000)}NEEDLE`);
  const { hits, searched } = await search(log, 'needle');
  expect(hits).toEqual([
    [5200, 0],
    [5200, 18],
    [11_201, 0],
  ]);
  expect(searched).toBe(11_202);
  expect((await search(log, 'needle', 5201)).hits).toEqual([[11_201, 0]]);
  const long = await openLog(`${'.'.repeat(4 * 1024 ** 2 - 2)}needle${'.'.repeat(6_000_000)}needle`);
  expect((await search(long, 'needle')).hits).toEqual([
    [0, 4_194_302],
    [0, 10_194_308],
  ]);
});

test('lines that are made to take long do not', async () => {
  const hostile = [
    '\r'.repeat(400_000),
    '\u001b]'.repeat(100_000),
    '\u001b['.repeat(100_000),
    '\u001b[1'.repeat(100_000),
    ' '.repeat(400_000),
  ];
  const log = await openLog(hostile.map((line) => `${line}needle\n`).join(''));
  const startedAt = performance.now();
  const { searched } = await search(log, 'needle');
  expect(searched).toBe(hostile.length);
  expect(await log.read(0, 10)).toHaveLength(hostile.length);
  expect(performance.now() - startedAt).toBeLessThan(5000);
});

test('no more than the most hits are told, and an aborted search ends', async () => {
  const log = await openLog('a a a\n'.repeat(10_000));
  expect((await search(log, 'a')).hits).toHaveLength(mostHits);
  const aborted = AbortSignal.abort();
  const told = searchLog(log, 'a', { from: 0, signal: aborted, clock: systemClock });
  expect(await told.next()).toEqual({ value: undefined, done: true });
});

test('a closed log says so', async () => {
  const log = await openLog('a\n');
  await log.close();
  await expect(log.read(0, 1)).rejects.toMatchObject({ code: 'UNKNOWN' });
});
