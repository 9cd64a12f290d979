/** The downloadable practice runner archives: built when first asked for, served whole or in ranges. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline, type Readable, Transform } from 'node:stream';
import type { FaultSwitches } from '../faults.ts';
import { ApiError, type Reply } from './http.ts';
import type { Releases } from './releases.ts';

export interface ArchiveTarget {
  os: 'linux' | 'osx';
  architecture: 'x64' | 'arm64';
  version: string;
  /** Path of the file to write. */
  destination: string;
}

interface BuiltArchive {
  path: string;
  sha256: string;
  bytes: number;
}

/** Writes the practice runner's archive for one platform. */
export type BuildArchive = (target: ArchiveTarget) => Promise<BuiltArchive>;

interface ArchiveEntry extends BuiltArchive {
  os: ArchiveTarget['os'];
  architecture: ArchiveTarget['architecture'];
  filename: string;
}

export interface Archives {
  /** All four packages of the version on offer; builds those that are not there yet. */
  list(): Promise<ArchiveEntry[]>;
  /** The package of any version for a platform. */
  find(platform: Platform, version: string): Promise<ArchiveEntry>;
  /** The bytes of one package, or a range of them. Throws 404 and 416. */
  serve(filename: string, requestPath: string, range: string | undefined): Promise<Reply>;
}

const platforms = [
  { os: 'linux', architecture: 'x64' },
  { os: 'linux', architecture: 'arm64' },
  { os: 'osx', architecture: 'x64' },
  { os: 'osx', architecture: 'arm64' },
] as const;

type Platform = Pick<ArchiveTarget, 'os' | 'architecture'>;

function filenameOf({ os, architecture }: Platform, version: string): string {
  return `actions-runner-${os}-${architecture}-${version}.tar.gz`;
}

/** Platform and version of a package's file name; any version can be built. Throws 404. */
function parseFilename(filename: string): { platform: Platform; version: string } {
  const version = /-(\d+\.\d+\.\d+)\.tar\.gz$/.exec(filename)?.[1] ?? '';
  const platform = platforms.find((candidate) => filenameOf(candidate, version) === filename);
  if (!platform) throw new ApiError(404, 'Not Found');
  return { platform, version };
}

async function archiveAt(path: string): Promise<BuiltArchive> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk);
  return { path, sha256: hash.digest('hex'), bytes: (await stat(path)).size };
}

/** Passes bytes on with those around the middle of the file turned over. */
function corrupted(source: Readable, start: number, bytes: number): Readable {
  const middle = Math.floor(bytes / 2);
  let at = start;
  const turn = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      const copy = Buffer.from(chunk);
      for (
        let index = Math.max(0, middle - at);
        index < copy.length && at + index < middle + 16;
        index += 1
      ) {
        copy[index] = (copy[index] ?? 0) ^ 0xff;
      }
      at += chunk.length;
      done(null, copy);
    },
  });
  return pipeline(source, turn, () => {});
}

/** First and last byte of a range request; `undefined` for the whole file. Throws 416. */
function rangeOf(header: string | undefined, bytes: number): { first: number; last: number } | undefined {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header ?? '');
  if (!match || (match[1] === '' && match[2] === '')) return undefined;
  const first = match[1] === '' ? Math.max(0, bytes - Number(match[2])) : Number(match[1]);
  const last = match[1] === '' || match[2] === '' ? bytes - 1 : Math.min(Number(match[2]), bytes - 1);
  if (first > last) {
    throw new ApiError(416, 'Range Not Satisfiable', { headers: { 'Content-Range': `bytes */${bytes}` } });
  }
  return { first, last };
}

/**
 * Creates the archives.
 * @param folder where they are built and kept
 */
export function createArchives({
  folder,
  buildArchive,
  faults,
  releases,
}: {
  folder: string;
  buildArchive: BuildArchive;
  faults: FaultSwitches;
  releases: Releases;
}): Archives {
  const built = new Map<string, Promise<BuiltArchive>>();
  const build = async (platform: Platform, version: string): Promise<BuiltArchive> => {
    await mkdir(folder, { recursive: true });
    const destination = join(folder, filenameOf(platform, version));
    const { os, architecture } = platform;
    return buildArchive({ os, architecture, version, destination });
  };
  const get = (platform: Platform, version: string): Promise<BuiltArchive> => {
    const replacement = faults.list().find((fault) => fault.kind === 'replace-archive')?.file;
    if (replacement) return archiveAt(replacement);
    const filename = filenameOf(platform, version);
    const known = built.get(filename);
    if (known) return known;
    const started = build(platform, version);
    built.set(filename, started);
    // A failed build is tried again by the next request.
    started.catch(() => built.delete(filename));
    return started;
  };
  const find: Archives['find'] = async (platform, version) => ({
    ...platform,
    filename: filenameOf(platform, version),
    ...(await get(platform, version)),
  });
  return {
    list() {
      const version = releases.offered();
      return Promise.all(platforms.map((platform) => find(platform, version)));
    },
    find,
    async serve(filename, requestPath, rangeHeader) {
      const { platform, version } = parseFilename(filename);
      const { path, bytes, sha256 } = await get(platform, version);
      const range = rangeOf(rangeHeader, bytes);
      const { first, last } = range ?? { first: 0, last: bytes - 1 };
      const source = createReadStream(path, { start: first, end: Math.max(first, last) });
      const isCorrupt = faults.take('corrupt-archive', { path: requestPath, method: 'GET' });
      return {
        status: range ? 206 : 200,
        stream: isCorrupt ? corrupted(source, first, bytes) : source,
        headers: {
          'Content-Type': 'application/octet-stream',
          'Content-Length': String(last - first + 1),
          'Content-Disposition': `attachment; filename=${filename}`,
          'Accept-Ranges': 'bytes',
          ETag: `"${sha256}"`,
          ...(range ? { 'Content-Range': `bytes ${first}-${last}/${bytes}` } : {}),
        },
      };
    },
  };
}
