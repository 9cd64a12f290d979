/** For tests: archives as a forge packs them and as an attacker would, and a server that hands them out badly. */
import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { Header } from 'tar';
import type { RunnerPackage } from '../forges/forge.ts';

export interface TestEntry {
  path: string;
  type?: 'File' | 'Directory' | 'SymbolicLink' | 'Link' | 'CharacterDevice' | 'FIFO';
  content?: string | Buffer;
  linkpath?: string;
  mode?: number;
  /** Lies about the size of the content. */
  claimedBytes?: number;
}

/** Packs entries exactly as told, however wrong they are. */
export function tarOf(entries: TestEntry[]): Buffer {
  const blocks = entries.flatMap(
    ({ path, type = 'File', content = '', linkpath, mode = 0o644, claimedBytes }) => {
      const body = Buffer.from(content);
      const header = new Header({
        path,
        type,
        linkpath,
        mode,
        size: claimedBytes ?? body.length,
        mtime: new Date(0),
      });
      header.encode();
      if (!header.block) throw new Error(`${path} does not fit a tar header`);
      const padding = Buffer.alloc((512 - (body.length % 512)) % 512);
      return [header.block, body, padding];
    },
  );
  return Buffer.concat([...blocks, Buffer.alloc(1024)]);
}

export const tarGzOf = (entries: TestEntry[]): Buffer => gzipSync(tarOf(entries));

/** A small runner: executables, links, and an `externals` that is most of it. */
export const smallRunner: TestEntry[] = [
  { path: './', type: 'Directory', mode: 0o755 },
  { path: './config.sh', content: '#!/bin/sh\n', mode: 0o755 },
  { path: './bin/', type: 'Directory', mode: 0o755 },
  { path: './bin/Runner.Listener', content: Buffer.alloc(5000, 'L'), mode: 0o755 },
  { path: './bin/settings.json', content: '{}' },
  { path: './externals/', type: 'Directory', mode: 0o755 },
  { path: './externals/node24/bin/node', content: Buffer.alloc(60_000, 'n'), mode: 0o755 },
  { path: './externals/node24/bin/npm', type: 'SymbolicLink', linkpath: '../lib/npm-cli.js' },
  { path: './externals/node24/lib/npm-cli.js', content: '// npm\n' },
];

export const sha256Of = (content: Buffer): string => createHash('sha256').update(content).digest('hex');

/** A package description of this content. */
export function packageOf(url: string, content: Buffer, changes: Partial<RunnerPackage> = {}): RunnerPackage {
  return {
    os: 'linux',
    architecture: 'x64',
    version: '2.336.0',
    filename: 'actions-runner-linux-x64-2.336.0.tar.gz',
    url,
    sha256: sha256Of(content),
    downloadToken: null,
    ...changes,
  };
}

export interface FileServer {
  url: string;
  requests: { range: string | null; authorization: string | null }[];
  close(): Promise<void>;
}

/** Serves with `answer` on loopback; every request is kept. */
export async function startFileServer(
  answer: (request: IncomingMessage, response: ServerResponse, count: number) => void,
): Promise<FileServer> {
  const requests: FileServer['requests'] = [];
  const server = createServer((request, response) => {
    const { range = null, authorization = null } = request.headers;
    requests.push({ range, authorization });
    answer(request, response, requests.length);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/runner.tar.gz`,
    requests,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Answers as a good server does, ranges included. */
export function serveWhole(content: Buffer, etag = '"one"') {
  return (request: IncomingMessage, response: ServerResponse): void => {
    const from = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
    const sameFile = request.headers['if-range'] === undefined || request.headers['if-range'] === etag;
    const start = sameFile ? from : 0;
    const headers = { etag, 'content-length': content.length - start };
    if (start === 0) response.writeHead(200, headers);
    else
      response.writeHead(206, {
        ...headers,
        'content-range': `bytes ${start}-${content.length - 1}/${content.length}`,
      });
    response.end(content.subarray(start));
  };
}

/** Answers with the head of a whole file, sends `bytes` of it, and drops the connection. */
export function serveBroken(
  content: Buffer,
  bytes: number,
  headers: Record<string, string> = { etag: '"one"' },
) {
  return (_request: IncomingMessage, response: ServerResponse): void => {
    response.writeHead(200, { ...headers, 'content-length': content.length });
    response.write(content.subarray(0, bytes), () => response.socket?.destroy());
  };
}
