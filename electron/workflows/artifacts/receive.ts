/** Writes what a forge sends into a file: counted, hashed on the way, and gone again when it does not arrive whole. */
import { createHash, randomUUID } from 'node:crypto';
import { type FileHandle, mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { addAbortSignal, type Readable } from 'node:stream';
import { TracksideError } from '../../../shared/errors.ts';
import type { ForgeDownload } from '../../forges/forge.ts';
import type { Clock } from '../../platform/clock.ts';
import { describeBytes, explainDiskFull, requireSpace } from '../../platform/disk.ts';
import { numbered } from './file-name.ts';

export interface Received {
  /** Where it lies until it is kept or taken away. */
  partFile: string;
  bytes: number;
  /** Hex. */
  sha256: string;
}

/** Parts that nobody wrote to for so long are of an engine that died. */
const abandonedMs = 3_600_000;
const partName = /^\.trackside-[\w-]+\.part$/;
/** Files of one name. */
const mostNumbers = 10_000;

/**
 * Receives a download below `folder`, which is made when missing.
 * @param options `name`: how messages call it; `expectedBytes`: checked to fit before it begins
 * @throws TracksideError FORGE_UNREACHABLE when it breaks off, HOST_FAILED when it cannot be written, or the signal's
 * reason; nothing is left in every case
 */
export async function receive(
  download: ForgeDownload,
  options: {
    folder: string;
    name: string;
    expectedBytes: number;
    signal: AbortSignal;
    onProgress(receivedBytes: number): void;
  },
): Promise<Received> {
  const { folder, name, signal, expectedBytes } = options;
  const partFile = join(folder, `.trackside-${randomUUID()}.part`);
  const purpose = `the download of ${name}`;
  let file: FileHandle | null = null;
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await requireSpace(folder, expectedBytes, purpose);
    file = await open(partFile, 'wx', 0o600);
    const received = await write(download, file, options);
    await file.sync();
    await file.close();
    return { partFile, ...received };
  } catch (error) {
    download.stream.destroy();
    await file?.close().catch(() => {});
    await rm(partFile, { force: true });
    signal.throwIfAborted();
    throw hostFailure(explainDiskFull(error, folder, purpose, expectedBytes), name, folder);
  }
}

async function write(
  { stream, sizeBytes }: ForgeDownload,
  file: FileHandle,
  { name, signal, onProgress }: Parameters<typeof receive>[1],
): Promise<Omit<Received, 'partFile'>> {
  const hash = createHash('sha256');
  let bytes = 0;
  const explain = () => brokenOff(name, bytes, sizeBytes);
  for await (const chunk of chunksOf(addAbortSignal(signal, stream), explain)) {
    await file.writeFile(chunk);
    hash.update(chunk);
    bytes += chunk.length;
    onProgress(bytes);
  }
  if (sizeBytes !== null && bytes !== sizeBytes) throw explain()(null);
  return { bytes, sha256: hash.digest('hex') };
}

/** Tells a failure of the sender from one of the disk. */
async function* chunksOf(
  stream: Readable,
  explain: () => (cause: unknown) => TracksideError,
): AsyncGenerator<Buffer> {
  const chunks: AsyncIterator<Buffer> = stream[Symbol.asyncIterator]();
  try {
    for (;;) {
      const next = await chunks.next().catch((error: unknown) => {
        throw explain()(error);
      });
      if (next.done) return;
      yield next.value;
    }
  } finally {
    await chunks.return?.();
  }
}

function brokenOff(name: string, bytes: number, total: number | null): (cause: unknown) => TracksideError {
  const arrived =
    total === null ? describeBytes(bytes) : `${describeBytes(bytes)} of ${describeBytes(total)}`;
  return (cause) =>
    new TracksideError(
      'FORGE_UNREACHABLE',
      `The download of ${name} broke off after ${arrived}${cause instanceof Error ? `: ${cause.message}` : ''}.`,
      { remedy: 'Check the network of this machine, then try again. Nothing of it was kept.', cause },
    );
}

function hostFailure(error: unknown, name: string, folder: string): unknown {
  if (error instanceof TracksideError) return error;
  const reason = error instanceof Error ? error.message : String(error);
  return new TracksideError('HOST_FAILED', `${name} could not be written to ${folder}: ${reason}`, {
    remedy: 'Check that Trackside may write to this folder.',
    cause: error,
  });
}

/**
 * Gives a received file its name, with a number where that is taken; never writes over another file.
 * @returns its path
 */
export async function keep(partFile: string, folder: string, name: string): Promise<string> {
  try {
    const path = await reserve(folder, name);
    await rename(partFile, path);
    return path;
  } catch (error) {
    await rm(partFile, { force: true });
    throw hostFailure(error, name, folder);
  }
}

async function reserve(folder: string, name: string): Promise<string> {
  for (let number = 1; number < mostNumbers; number += 1) {
    const path = join(folder, numbered(name, number));
    try {
      const file = await open(path, 'wx', 0o600);
      await file.close();
      return path;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
  throw new Error(`there are ${mostNumbers.toLocaleString('en')} files of this name already`);
}

/** Takes away what an engine that died was receiving. */
export async function sweepParts(folder: string, clock: Clock): Promise<void> {
  const names = await readdir(folder).catch(() => []);
  for (const name of names.filter((one) => partName.test(one))) {
    const path = join(folder, name);
    const facts = await stat(path).catch(() => null);
    if (facts && clock.now() - facts.mtimeMs > abandonedMs) await rm(path, { force: true });
  }
}
