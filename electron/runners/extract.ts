/** Extracts a runner package: every entry is judged before it is written, and a refused archive leaves nothing. */
import { createReadStream } from 'node:fs';
import { mkdir, open } from 'node:fs/promises';
import { basename } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { Parser } from 'tar';
import { TracksideError } from '../../shared/errors.ts';
import { describeBytes, explainDiskFull, hasCode, listFolder, requireSpace } from '../platform/disk.ts';
import { removeTree } from '../platform/remove-tree.ts';
import {
  type ArchiveLimits,
  type ArchiveTotals,
  archiveLimits,
  BadArchiveError,
  createEntryGuard,
} from './archive-entries.ts';
import { createTreeWriter } from './tree-writer.ts';

/** Large enough to keep zlib's thread busy, small enough to leave the event loop free in between. */
const chunkBytes = 256 * 1024;
/** Room for headers beside the content when the decompressed bytes are counted. */
const headerBytesPerEntry = 4096;

export interface ExtractOptions {
  archiveFile: string;
  /** How messages name the archive, e.g. its file name. */
  archiveName?: string;
  /** Made by this call; must not exist before. */
  folder: string;
  signal: AbortSignal;
  /** @param share 0–1 of the archive that was read */
  onProgress?: (share: number) => void;
  limits?: ArchiveLimits;
}

/**
 * Extracts a `.tar.gz` into a new folder. Files become read-only (their execute bits stay), owners and times are those
 * of this process. A refused, broken or cancelled extraction removes the folder again.
 * @returns what was extracted, counted on the disk
 * @throws TracksideError UNSUPPORTED for zip archives, BadArchiveError, DiskFullError, HOST_FAILED for anything else; the signal's reason
 */
export async function extractArchive(options: ExtractOptions): Promise<ArchiveTotals> {
  const { archiveFile, folder, signal } = options;
  const archiveName = options.archiveName ?? basename(archiveFile);
  const { compressedBytes, unpackedBytes } = await inspect(archiveFile, archiveName);
  const purpose = `the files of ${archiveName}`;
  await requireSpace(folder, unpackedBytes, purpose);
  await mkdir(folder);
  try {
    const totals = await unpack({ ...options, archiveName }, compressedBytes);
    await compareWithDisk(folder, totals, archiveName);
    return totals;
  } catch (error) {
    await removeTree(folder);
    signal.throwIfAborted();
    throw await explain(error, folder, archiveName, purpose, unpackedBytes);
  }
}

/** Looks at what kind of file it is, and at what gzip says of its size (modulo 4 GB: a hint, not a proof). */
async function inspect(archiveFile: string, archiveName: string) {
  const file = await open(archiveFile, 'r');
  try {
    const { size } = await file.stat();
    const head = await readAt(file, 0);
    if (head.toString('latin1', 0, 2) === 'PK') {
      throw new TracksideError('UNSUPPORTED', `${archiveName} is a zip archive: runners for Windows.`, {
        remedy: 'Trackside deploys runners on Linux and macOS, whose packages end in .tar.gz.',
      });
    }
    if (head.readUInt16BE(0) !== 0x1f8b) throw broken(archiveName, 'it is not a .tar.gz archive');
    return {
      compressedBytes: size,
      unpackedBytes: (await readAt(file, Math.max(0, size - 4))).readUInt32LE(0),
    };
  } finally {
    await file.close();
  }
}

async function readAt(file: Awaited<ReturnType<typeof open>>, position: number): Promise<Buffer> {
  const buffer = Buffer.alloc(4);
  await file.read(buffer, 0, buffer.length, position);
  return buffer;
}

async function unpack(
  options: ExtractOptions & { archiveName: string },
  compressedBytes: number,
): Promise<ArchiveTotals> {
  const { archiveFile, archiveName, folder, signal, onProgress, limits = archiveLimits } = options;
  const guard = createEntryGuard(archiveName, limits);
  const writer = createTreeWriter(folder);
  // Without a listener its errors are thrown where they happen, out of `write`: nothing is written after the first.
  const parser = new Parser({
    strict: true,
    onReadEntry: (entry) => writer.write(guard.admit(entry), entry),
  });
  const source = createReadStream(archiveFile, { highWaterMark: chunkBytes });
  const gunzip = createGunzip({ chunkSize: chunkBytes });
  const mostBytes = limits.bytes + limits.entries * headerBytesPerEntry;
  await pipeline(
    source,
    gunzip,
    async (chunks: AsyncIterable<Buffer>) => {
      let unpackedBytes = 0;
      for await (const chunk of chunks) {
        // A second layer of gzip would be unpacked unseen and uncounted.
        if (unpackedBytes === 0 && chunk.length > 1 && chunk.readUInt16BE(0) === 0x1f8b) {
          throw broken(archiveName, 'it is compressed twice');
        }
        unpackedBytes += chunk.length;
        if (unpackedBytes > mostBytes)
          throw broken(archiveName, `it unpacks to more than ${describeBytes(mostBytes)}`);
        parser.write(chunk);
        onProgress?.(Math.min(1, source.bytesRead / Math.max(1, compressedBytes)));
      }
      parser.end();
    },
    { signal },
  ).finally(writer.dispose);
  return guard.finish();
}

/** A disk that fills up can cut a file short without an error; what lies there is what counts. */
async function compareWithDisk(folder: string, totals: ArchiveTotals, archiveName: string): Promise<void> {
  const found = await countFiles(folder);
  if (found.files === totals.files && found.bytes === totals.bytes) return;
  throw broken(
    archiveName,
    `${found.files} of ${totals.files} files and ${found.bytes} of ${totals.bytes} bytes arrived on the disk`,
  );
}

/** Counts the regular files below a folder and their bytes. */
export async function countFiles(folder: string, signal?: AbortSignal): Promise<ArchiveTotals> {
  const { files } = await listFolder(folder, signal);
  return { files: files.length, bytes: files.reduce((total, { stats }) => total + stats.size, 0) };
}

async function explain(
  error: unknown,
  folder: string,
  archiveName: string,
  purpose: string,
  unpackedBytes: number,
): Promise<unknown> {
  if (error instanceof TracksideError) return error;
  const explained = explainDiskFull(error, folder, purpose, unpackedBytes);
  if (explained !== error) return explained;
  const reason = error instanceof Error ? error.message : String(error);
  const damaged =
    hasCode(error, 'Z_BUF_ERROR') || hasCode(error, 'Z_DATA_ERROR') || hasCode(error, 'TAR_BAD_ARCHIVE');
  return damaged
    ? broken(archiveName, `it is damaged (${reason})`, error)
    : failed(archiveName, reason, error);
}

function broken(archiveName: string, why: string, cause?: unknown): BadArchiveError {
  return new BadArchiveError(
    `${archiveName} cannot be extracted: ${why}.`,
    'Nothing of it was kept. Try again: it is downloaded anew.',
    cause,
  );
}

function failed(archiveName: string, reason: string, cause: unknown): TracksideError {
  return new TracksideError('HOST_FAILED', `${archiveName} could not be extracted: ${reason}`, {
    remedy: 'Check the permissions of the cache folder, then try again.',
    cause,
  });
}
