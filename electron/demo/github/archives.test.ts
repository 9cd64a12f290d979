import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { ArchiveTarget } from './archives.ts';
import { buildStandIn, type StartedDemo, startForTest } from './testing/started.ts';

interface Download {
  os: string;
  architecture: string;
  filename: string;
  download_url: string;
  sha256_checksum: string;
}

let started: StartedDemo;
let builds: ArchiveTarget[];
beforeEach(async () => {
  builds = [];
  started = await startForTest({
    buildArchive: (target) => {
      builds.push(target);
      return buildStandIn(target);
    },
  });
});
afterEach(() => started.stop());

const list = async () =>
  (await started.rest<Download[]>('GET', '/repos/octo/forge/actions/runners/downloads')).body;
const checksum = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

async function download(url: string, range?: string) {
  const response = await fetch(url, { headers: range ? { Range: range } : {} });
  return { response, bytes: new Uint8Array(await response.arrayBuffer()) };
}

test('packages are built when first asked for, once, and served with the promised checksum', async () => {
  expect(builds).toEqual([]);
  const [first] = await list();
  const again = await list();
  expect(builds.map(({ os, architecture }) => `${os}-${architecture}`).sort()).toEqual([
    'linux-arm64',
    'linux-x64',
    'osx-arm64',
    'osx-x64',
  ]);
  expect(again[0]).toEqual(first);
  expect(first?.filename).toBe('actions-runner-linux-x64-2.336.0.tar.gz');
  const { response, bytes } = await download(first?.download_url ?? '');
  expect(checksum(bytes)).toBe(first?.sha256_checksum);
  expect(response.headers.get('content-length')).toBe(String(bytes.length));
});

test('a download can be taken up again where it broke off', async () => {
  const [first] = await list();
  const url = first?.download_url ?? '';
  const whole = await download(url);
  const head = await download(url, 'bytes=0-99');
  const tail = await download(url, 'bytes=100-');
  expect([head.response.status, tail.response.status]).toEqual([206, 206]);
  expect(tail.response.headers.get('content-range')).toBe(
    `bytes 100-${whole.bytes.length - 1}/${whole.bytes.length}`,
  );
  expect(checksum(Buffer.concat([head.bytes, tail.bytes]))).toBe(first?.sha256_checksum);
  expect((await download(url, 'bytes=-10')).bytes).toEqual(whole.bytes.slice(-10));
  expect((await download(url, 'bytes=999999-')).response.status).toBe(416);
});

test('a corrupt archive has the right length and the wrong bytes', async () => {
  const [first] = await list();
  started.demo.faults.set({ kind: 'corrupt-archive', count: 1 });
  const broken = await download(first?.download_url ?? '');
  const whole = await download(first?.download_url ?? '');
  expect(broken.bytes.length).toBe(whole.bytes.length);
  expect(checksum(broken.bytes)).not.toBe(first?.sha256_checksum);
  expect(checksum(whole.bytes)).toBe(first?.sha256_checksum);
});

test('another file can stand in for the package, with its own true checksum', async () => {
  const file = join(started.folder, 'hostile.tar.gz');
  await writeFile(file, 'not what you wanted');
  const id = started.demo.faults.set({ kind: 'replace-archive', file });
  const [replaced] = await list();
  expect(checksum((await download(replaced?.download_url ?? '')).bytes)).toBe(replaced?.sha256_checksum);
  expect(replaced?.sha256_checksum).toBe(checksum(Buffer.from('not what you wanted')));
  started.demo.faults.clear(id);
  expect((await list())[0]?.sha256_checksum).not.toBe(replaced?.sha256_checksum);
});

test('a package that does not exist is 404, a failed build is tried again', async () => {
  expect((await started.rest('GET', '/actions/runner/releases/download/v1.0.0/none.tar.gz')).status).toBe(
    404,
  );
  const failures = vi.spyOn(console, 'error').mockImplementation(() => {});
  const failing = await startForTest({
    buildArchive: (target) => {
      builds.push(target);
      return builds.length > 4 ? buildStandIn(target) : Promise.reject(new Error('no space left'));
    },
  });
  const path = '/repos/octo/forge/actions/runners/downloads';
  expect((await failing.rest('GET', path)).status).toBe(500);
  expect((await failing.rest('GET', path)).status).toBe(200);
  expect(failures).toHaveBeenCalledOnce();
  failures.mockRestore();
  await failing.stop();
});
