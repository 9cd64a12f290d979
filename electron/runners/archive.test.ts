import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { RunnerPackage } from '../forges/forge.ts';
import { systemClock } from '../platform/clock.ts';
import { unmount } from '../platform/mounts.ts';
import { type Archive, createArchive, type ObtainStep } from './archive.ts';
import {
  type FileServer,
  packageOf,
  serveBroken,
  serveWhole,
  sha256Of,
  smallRunner,
  startFileServer,
  tarGzOf,
} from './test-archives.ts';

const run = promisify(execFile);
const content = tarGzOf(smallRunner);
let cacheFolder = '';
const cleanUps: (() => unknown)[] = [];

beforeEach(async () => {
  cacheFolder = await mkdtemp(join(tmpdir(), 'trackside-archive-'));
  cleanUps.push(() => rm(cacheFolder, { recursive: true, force: true }));
});
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

async function serve(answer: Parameters<typeof startFileServer>[0]): Promise<FileServer> {
  const server = await startFileServer(answer);
  cleanUps.push(server.close);
  return server;
}

function newArchive(folder = cacheFolder): Archive {
  const archive = createArchive({ cacheFolder: folder, clock: systemClock, fetch, retryDelayMs: 1 });
  cleanUps.push(archive.dispose);
  return archive;
}

interface Told {
  step: ObtainStep;
  status: string;
  progress: number | null;
  detail: string | null;
}

function obtain(archive: Archive, runnerPackage: RunnerPackage, signal = new AbortController().signal) {
  const told: Told[] = [];
  const tree = archive.obtain(runnerPackage, {
    signal,
    onStep: (step, status, progress, detail) => told.push({ step, status, progress, detail }),
  });
  tree.catch(() => {});
  const detailOf = (step: ObtainStep) => told.findLast((row) => row.step === step)?.detail;
  return { tree, told, detailOf };
}

/** Everything in the cache that is not a session, by name. */
async function cached(folder: 'archives' | 'trees'): Promise<string[]> {
  return readdir(join(cacheFolder, folder)).catch(() => []);
}

test('eight askers share one download, one check and one extraction, and each sees every step', async () => {
  const server = await serve(serveWhole(content));
  const archive = newArchive();
  const askers = Array.from({ length: 8 }, () => obtain(archive, packageOf(server.url, content)));
  const trees = await Promise.all(askers.map(({ tree }) => tree));
  expect(server.requests).toHaveLength(1);
  expect(new Set(trees).size).toBe(1);
  expect(trees[0]).toMatchObject({ version: '2.336.0', files: 5, fromCache: false });
  for (const { told } of askers) {
    const done = told.filter(({ status }) => status === 'done').map(({ step }) => step);
    expect(done).toEqual(['download', 'verify', 'extract']);
    expect(told.some(({ step, progress }) => step === 'download' && progress === 1)).toBe(true);
  }
  expect(askers[0]?.detailOf('verify')).toBe(`SHA-256 ${sha256Of(content).slice(0, 12)}… as published`);
});

test('later askers get it from the cache, also from another engine, without the network', async () => {
  const server = await serve(serveWhole(content));
  const first = newArchive();
  const { folder } = await obtain(first, packageOf(server.url, content)).tree;
  await first.dispose();
  const later = obtain(newArchive(), packageOf(server.url, content));
  expect(await later.tree).toMatchObject({ folder, fromCache: true, files: 5 });
  expect(server.requests).toHaveLength(1);
  expect(later.told.map(({ detail }) => detail)).toEqual([
    'from cache',
    'from cache',
    '5 files, 65 kB from cache',
  ]);
});

test('one asker may go without ending the work of the others', async () => {
  let finish = (): void => {};
  const server = await serve((_, response) => {
    response.writeHead(200, { 'content-length': content.length });
    response.write(content.subarray(0, 100));
    finish = () => response.end(content.subarray(100));
  });
  const archive = newArchive();
  const abort = new AbortController();
  const leaving = obtain(archive, packageOf(server.url, content), abort.signal);
  const staying = obtain(archive, packageOf(server.url, content));
  await expect.poll(() => staying.told.length).toBeGreaterThan(1);
  abort.abort(new Error('cancelled'));
  await expect(leaving.tree).rejects.toThrow('cancelled');
  finish();
  expect(await staying.tree).toMatchObject({ files: 5 });
  expect(server.requests).toHaveLength(1);
});

test('the work ends when the last asker has gone, and leaves nothing', async () => {
  let gone = false;
  const server = await serve((_, response) => {
    response.writeHead(200, { 'content-length': content.length });
    response.write(content.subarray(0, 100));
    response.on('close', () => {
      gone = true;
    });
  });
  const archive = newArchive();
  const aborts = [new AbortController(), new AbortController()];
  const askers = aborts.map(({ signal }) => obtain(archive, packageOf(server.url, content), signal));
  await expect.poll(() => askers[1]?.told.length).toBeGreaterThan(1);
  for (const abort of aborts) abort.abort(new Error('cancelled'));
  await Promise.all(askers.map(({ tree }) => expect(tree).rejects.toThrow('cancelled')));
  await expect.poll(() => gone).toBe(true);
  await expect.poll(() => cached('archives')).toEqual([]);
});

test('a dropped connection is resumed where it broke off, with the token', async () => {
  let drop = (): void => {};
  const server = await serve((request, response, count) => {
    if (count > 1) return serveWhole(content)(request, response);
    response.writeHead(200, { etag: '"one"', 'content-length': content.length });
    response.write(content.subarray(0, 200));
    drop = () => response.socket?.destroy();
  });
  const asked = obtain(newArchive(), packageOf(server.url, content, { downloadToken: 'planted-token' }));
  await expect.poll(() => asked.detailOf('download')).toMatch(/^200 bytes of/);
  drop();
  expect(await asked.tree).toMatchObject({ files: 5 });
  expect(server.requests.map(({ range }) => range)).toEqual([null, 'bytes=200-']);
  expect(server.requests.every(({ authorization }) => authorization === 'Bearer planted-token')).toBe(true);
});

test('begins anew where the server cannot resume, or has another file by now', async () => {
  const other = tarGzOf([...smallRunner, { path: './new', content: 'x' }]);
  const ignoresRanges = await serve((request, response, count) => {
    if (count === 1) return serveBroken(content, 200)(request, response);
    response.writeHead(200, { 'content-length': content.length }).end(content);
  });
  expect(await obtain(newArchive(), packageOf(ignoresRanges.url, content)).tree).toMatchObject({ files: 5 });
  const changed = await serve((request, response, count) => {
    if (count === 1) return serveBroken(content, 200)(request, response);
    serveWhole(other, '"two"')(request, response);
  });
  expect(await obtain(newArchive(), packageOf(changed.url, other)).tree).toMatchObject({ files: 6 });
  const wrongPart = await serve((request, response, count) => {
    if (count === 1) return serveBroken(content, 200)(request, response);
    if (request.headers.range === undefined) return serveWhole(content)(request, response);
    response.writeHead(206, { 'content-range': `bytes 0-9/${content.length}` }).end(content.subarray(0, 10));
  });
  const renamed = packageOf(wrongPart.url, content, { filename: 'another.tar.gz' });
  expect(await obtain(newArchive(), renamed).tree).toMatchObject({ files: 5 });
});

test('waits as asked when the server is overloaded, and gives up with a sentence when it stays so', async () => {
  const once503 = await serve((request, response, count) =>
    count === 1
      ? response.writeHead(503, { 'retry-after': '0' }).end()
      : serveWhole(content)(request, response),
  );
  expect(await obtain(newArchive(), packageOf(once503.url, content)).tree).toMatchObject({ files: 5 });
  const always = await serve((_, response) => void response.writeHead(502).end());
  const failing = obtain(newArchive(), packageOf(always.url, content, { filename: 'b.tar.gz' }));
  await expect(failing.tree).rejects.toMatchObject({
    code: 'FORGE_UNREACHABLE',
    message: expect.stringMatching(
      /The download of b\.tar\.gz from 127\.0\.0\.1:\d+ broke off after 0 bytes: .*HTTP 502/,
    ),
  });
  const drops = await serve((request, response) => serveBroken(content, 0)(request, response));
  const dropping = obtain(newArchive(), packageOf(drops.url, content, { filename: 'c.tar.gz' }));
  await expect(dropping.tree).rejects.toMatchObject({ code: 'FORGE_UNREACHABLE' });
  const missing = await serve((_, response) => void response.writeHead(404).end());
  const absent = obtain(newArchive(), packageOf(missing.url, content, { filename: 'd.tar.gz' }));
  await expect(absent.tree).rejects.toThrow(/does not have it \(any more\) \(HTTP 404\)/);
  expect(missing.requests).toHaveLength(1);
  expect((await cached('archives')).filter((name) => !name.includes('2.336.0'))).toEqual([]);
});

test('a download that is not what was published is deleted and named; the next try downloads again', async () => {
  const corrupt = Buffer.from(content);
  corrupt[corrupt.length - 20] = (corrupt[corrupt.length - 20] ?? 0) ^ 0xff;
  const server = await serve((request, response, count) =>
    serveWhole(count === 1 ? corrupt : content)(request, response),
  );
  const archive = newArchive();
  const runnerPackage = packageOf(server.url, content);
  const failing = obtain(archive, runnerPackage);
  await expect(failing.tree).rejects.toMatchObject({
    code: 'FORGE_UNREACHABLE',
    message: expect.stringContaining(
      `its SHA-256 begins with ${sha256Of(corrupt).slice(0, 12)}, expected ${sha256Of(content).slice(0, 12)}. It was deleted.`,
    ),
    data: { remedy: expect.stringMatching(/^Try again/) },
  });
  expect(failing.told.some(({ step }) => step === 'extract')).toBe(false);
  expect([...(await cached('archives')), ...(await cached('trees'))]).toEqual([]);
  expect(await obtain(archive, runnerPackage).tree).toMatchObject({ files: 5 });
});

test('a package without a checksum is taken, and told to be unverified', async () => {
  const server = await serve(serveWhole(content));
  const asked = obtain(newArchive(), packageOf(server.url, content, { sha256: null }));
  expect(await asked.tree).toMatchObject({ files: 5 });
  expect(asked.detailOf('verify')).toMatch(/^no checksum was published: not verified/);
});

test('a cached archive that was changed is found out and downloaded again; an unchanged one is not', async () => {
  const server = await serve(serveWhole(content));
  const runnerPackage = packageOf(server.url, content);
  const archive = newArchive();
  await obtain(archive, runnerPackage).tree;
  const emptyTrees = () => rm(join(cacheFolder, 'trees'), { recursive: true });
  await emptyTrees();
  const again = obtain(archive, runnerPackage);
  expect(await again.tree).toMatchObject({ files: 5, fromCache: false });
  expect(again.detailOf('download')).toMatch(/from cache$/);
  expect(server.requests).toHaveLength(1);
  await emptyTrees();
  const file = join(
    cacheFolder,
    'archives',
    (await cached('archives')).find((name) => name.endsWith('.gz')) ?? '',
  );
  await chmod(file, 0o600);
  const bytes = await readFile(file);
  bytes[40] = (bytes[40] ?? 0) ^ 1;
  await writeFile(file, bytes);
  expect(await obtain(archive, runnerPackage).tree).toMatchObject({ files: 5 });
  expect(server.requests).toHaveLength(2);
});

test('a tree with a missing or cut file is made anew, and the damaged one is kept aside', async () => {
  const server = await serve(serveWhole(content));
  const runnerPackage = packageOf(server.url, content);
  const archive = newArchive();
  const { folder } = await obtain(archive, runnerPackage).tree;
  await rm(join(folder, 'config.sh'));
  expect(await obtain(archive, runnerPackage).tree).toMatchObject({ folder, fromCache: false });
  await chmod(join(folder, 'config.sh'), 0o600);
  await truncate(join(folder, 'config.sh'), 3);
  expect(await obtain(archive, runnerPackage).tree).toMatchObject({ folder, fromCache: false });
  expect(await readFile(join(folder, 'config.sh'), 'utf8')).toBe('#!/bin/sh\n');
  expect((await cached('trees')).filter((name) => name.includes('.damaged-'))).toHaveLength(2);
  expect(server.requests).toHaveLength(1);
});

test('an archive that must not be extracted is not kept', async () => {
  const hostile = tarGzOf([{ path: '../evil', content: 'x' }]);
  const server = await serve(serveWhole(hostile));
  await expect(obtain(newArchive(), packageOf(server.url, hostile)).tree).rejects.toThrow(/was refused/);
  expect([...(await cached('archives')), ...(await cached('trees'))]).toEqual([]);
});

test.each([
  [{ filename: '../../etc/cron.d/x' }, 'INVALID_REQUEST'],
  [{ filename: 'runner-win-x64.zip' }, 'UNSUPPORTED'],
  [{ sha256: 'not a hash' }, 'INVALID_REQUEST'],
  [{ url: 'file:///etc/passwd' }, 'INVALID_REQUEST'],
])('refuses a description that makes no sense: %o', async (changes, code) => {
  await expect(
    obtain(newArchive(), packageOf('http://localhost/', content, changes)).tree,
  ).rejects.toMatchObject({ code });
});

test('what a killed engine left half-made is swept; what a living one is making stays', async () => {
  const server = await serve((_, response) => {
    response.writeHead(200, { 'content-length': content.length });
    response.write(content.subarray(0, 100));
  });
  const program = `
    import { createArchive } from ${JSON.stringify(join(import.meta.dirname, 'archive.ts'))};
    import { systemClock } from ${JSON.stringify(join(import.meta.dirname, '../platform/clock.ts'))};
    const archive = createArchive({ cacheFolder: process.argv[1], clock: systemClock, fetch });
    const runnerPackage = JSON.parse(process.argv[2]);
    const onStep = (step, status, progress) => { if (progress !== null) console.log('halfway'); };
    void archive.obtain(runnerPackage, { signal: new AbortController().signal, onStep });`;
  const described = JSON.stringify(packageOf(server.url, content));
  const engine: ChildProcess = spawn(
    process.execPath,
    ['--input-type=module', '-e', program, cacheFolder, described],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  cleanUps.push(() => engine.kill('SIGKILL'));
  if (engine.stdout) await once(engine.stdout, 'data');
  const [left] = await cached('archives');
  expect(left).toMatch(/\.partial-/);
  const archive = newArchive();
  expect(await archive.sweep()).toEqual([]);
  engine.kill('SIGKILL');
  await once(engine, 'exit');
  expect(await archive.sweep()).toEqual([left]);
  expect(await cached('archives')).toEqual([]);
  expect(await readdir(join(cacheFolder, 'sessions'))).toHaveLength(1);
});

/** Mounts a disk of 40 MB, of which the reserve leaves a few; false where this user may not. */
async function mountSmallDisk(folder: string): Promise<boolean> {
  try {
    await run('mount', ['-t', 'tmpfs', '-o', 'size=40m', 'tmpfs', folder]);
    cleanUps.push(() => unmount(folder));
    return true;
  } catch {
    return false;
  }
}

test('a full disk is told before and during the download and the extraction, and nothing half-made stays', async (context) => {
  const folder = join(cacheFolder, 'small');
  await mkdir(folder);
  if (!(await mountSmallDisk(folder))) return context.skip('mounting a small disk needs root');
  const archive = newArchive(folder);
  const leftIn = async () => [
    ...(await readdir(join(folder, 'archives'))),
    ...(await readdir(join(folder, 'trees')).catch(() => [])),
  ];
  const large = tarGzOf([{ path: 'large', content: Buffer.alloc(60_000_000, 'x') }]);

  const announced = await serve(
    (_, response) => void response.writeHead(200, { 'content-length': 90_000_000 }).write('x'),
  );
  await expect(obtain(archive, packageOf(announced.url, content)).tree).rejects.toMatchObject({
    code: 'HOST_FAILED',
    message: expect.stringMatching(
      /no room for the download of .* It needs 90 MB\. 42 MB are free in .*archives/,
    ),
  });
  expect(await leftIn()).toEqual([]);

  const silent = await serve((_, response) => {
    response.writeHead(200);
    const more = (): void => {
      while (response.writable && response.write(Buffer.alloc(1_000_000)));
    };
    response.on('drain', more);
    more();
  });
  await expect(obtain(archive, packageOf(silent.url, content)).tree).rejects.toMatchObject({
    code: 'HOST_FAILED',
    message: expect.stringMatching(/no room for the download/),
  });
  expect(await leftIn()).toEqual([]);

  const server = await serve(serveWhole(large));
  await expect(obtain(archive, packageOf(server.url, large)).tree).rejects.toMatchObject({
    code: 'HOST_FAILED',
    message: expect.stringMatching(/no room for the files of .* It needs 60 MB/),
  });
  const unpacked = gunzipSync(large);
  const twoParts = Buffer.concat([
    gzipSync(unpacked.subarray(0, 59_000_000)),
    gzipSync(unpacked.subarray(59_000_000)),
  ]);
  const hiding = await serve(serveWhole(twoParts));
  await expect(obtain(archive, packageOf(hiding.url, twoParts)).tree).rejects.toMatchObject({
    code: 'HOST_FAILED',
    message: expect.stringMatching(/no room for the files of/),
  });
  expect((await leftIn()).filter((name) => name.includes('partial'))).toEqual([]);
});
