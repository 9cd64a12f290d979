import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { create } from 'tar';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { fetchNode } from './fetch-node.ts';

let folder: string;
let server: Server;
let files: Map<string, Buffer>;
let releases: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fetch-node-'));
  files = new Map();
  server = createServer((request, response) => {
    const file = files.get(request.url ?? '');
    response.writeHead(file ? 200 : 404).end(file);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  releases = `http://127.0.0.1:${(server.address() as AddressInfo).port}/dist`;
});
afterEach(async () => {
  server.close();
  await rm(folder, { recursive: true });
});

/** Publishes release 24.0.0 with this content of `name`, listed with its digest or with the given one. */
function publish(name: string, content: Buffer, digest = createHash('sha256').update(content).digest('hex')) {
  files.set(`/dist/v24.0.0/${name}`, content);
  const other = `${'0'.repeat(64)}  other-${name}\n`;
  files.set('/dist/v24.0.0/SHASUMS256.txt', Buffer.from(`${other}${digest}  ${name}\n`));
}

async function archive(): Promise<Buffer> {
  const source = join(folder, 'source', 'node-v24.0.0-linux-x64');
  await mkdir(join(source, 'bin'), { recursive: true });
  await writeFile(join(source, 'bin', 'node'), 'the binary');
  await chmod(join(source, 'bin', 'node'), 0o755);
  await writeFile(join(source, 'README.md'), 'not needed');
  const file = join(folder, 'node.tar.gz');
  await create({ file, gzip: true, cwd: join(folder, 'source') }, ['node-v24.0.0-linux-x64']);
  return readFile(file);
}

test('the binary is taken out of the archive, executable and alone', async () => {
  publish('node-v24.0.0-linux-x64.tar.gz', await archive());
  const target = join(folder, 'target');
  await fetchNode({ releases, version: '24.0.0', os: 'linux', arch: 'x64', folder: target });
  expect(await readdir(target, { recursive: true })).toEqual(['bin', join('bin', 'node')]);
  expect(await readFile(join(target, 'bin', 'node'), 'utf8')).toBe('the binary');
  expect((await stat(join(target, 'bin', 'node'))).mode & 0o100).toBe(0o100);
});

test('Windows gets the bare binary, and a second call fetches nothing', async () => {
  publish('win-arm64/node.exe', Buffer.from('MZ'));
  const target = join(folder, 'target');
  const options = { releases, version: '24.0.0', os: 'win', arch: 'arm64', folder: target } as const;
  await fetchNode(options);
  files.clear();
  await fetchNode(options);
  expect(await readFile(join(target, 'bin', 'node.exe'), 'utf8')).toBe('MZ');
});

test('a file with another digest is refused and nothing is left', async () => {
  publish('win-x64/node.exe', Buffer.from('MZ'), 'a'.repeat(64));
  const target = join(folder, 'target');
  const fetching = fetchNode({ releases, version: '24.0.0', os: 'win', arch: 'x64', folder: target });
  await expect(fetching).rejects.toThrow('is listed');
  expect(await readdir(folder)).not.toContain('target');
});

test('a release without the file is named', async () => {
  publish('win-x64/node.exe', Buffer.from('MZ'));
  const target = join(folder, 'target');
  const fetching = fetchNode({ releases, version: '24.0.0', os: 'mac', arch: 'arm64', folder: target });
  await expect(fetching).rejects.toThrow('lists no node-v24.0.0-darwin-arm64.tar.gz');
});
