/** The downloadable practice runner archives: built when first asked for, served whole or in ranges. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline, type Readable, Transform } from 'node:stream';
import type { FaultSwitches } from '../faults.ts';
import { ApiError, type Reply } from './http.ts';

/** The version that the practice runner says it is. */
const practiceRunnerVersion = '2.336.0';

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
  /** All four packages; builds those that are not there yet. */
  list(): Promise<ArchiveEntry[]>;
  /** The bytes of one package, or a range of them. Throws 404 and 416. */
  serve(filename: string, requestPath: string, range: string | undefined): Promise<Reply>;
}

const platforms = [
  { os: 'linux', architecture: 'x64' },
  { os: 'linux', architecture: 'arm64' },
  { os: 'osx', architecture: 'x64' },
  { os: 'osx', architecture: 'arm64' },
] as const;

type Platform = (typeof platforms)[number];

function filenameOf({ os, architecture }: Platform): string {
  return `actions-runner-${os}-${architecture}-${practiceRunnerVersion}.tar.gz`;
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
}: {
  folder: string;
  buildArchive: BuildArchive;
  faults: FaultSwitches;
}): Archives {
  const built = new Map<string, Promise<BuiltArchive>>();
  const build = async (platform: Platform): Promise<BuiltArchive> => {
    await mkdir(folder, { recursive: true });
    const destination = join(folder, filenameOf(platform));
    return buildArchive({ ...platform, version: practiceRunnerVersion, destination });
  };
  const get = (platform: Platform): Promise<BuiltArchive> => {
    const replacement = faults.list().find((fault) => fault.kind === 'replace-archive')?.file;
    if (replacement) return archiveAt(replacement);
    const filename = filenameOf(platform);
    const known = built.get(filename);
    if (known) return known;
    const started = build(platform);
    built.set(filename, started);
    // A failed build is tried again by the next request.
    started.catch(() => built.delete(filename));
    return started;
  };
  return {
    list: () =>
      Promise.all(
        platforms.map(async (platform) => ({
          ...platform,
          filename: filenameOf(platform),
          ...(await get(platform)),
        })),
      ),
    async serve(filename, requestPath, rangeHeader) {
      const platform = platforms.find((candidate) => filenameOf(candidate) === filename);
      if (!platform) throw new ApiError(404, 'Not Found');
      const { path, bytes, sha256 } = await get(platform);
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
