/** Downloads one file: resumed where the server can, counted, hashed on the way, and gone again when it fails. */
import { createHash, type Hash } from 'node:crypto';
import { type FileHandle, open, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import pRetry from 'p-retry';
import { TracksideError } from '../../shared/errors.ts';
import type { Clock } from '../platform/clock.ts';
import { describeBytes, explainDiskFull, requireSpace } from '../platform/disk.ts';

export type Fetch = typeof globalThis.fetch;

export interface DownloadOptions {
  url: string;
  /** How messages name it, e.g. actions-runner-linux-x64-2.336.0.tar.gz. */
  name: string;
  /** Sent as a bearer token; never logged. */
  token: string | null;
  /** Where it is written; must not exist before. */
  partFile: string;
  fetch: Fetch;
  clock: Clock;
  signal: AbortSignal;
  onProgress(receivedBytes: number, totalBytes: number | null): void;
  /** Whether a partial file may be continued without the server's word that it is still the same file. */
  checksumKnown: boolean;
  /** First wait before another try; doubles with each. */
  retryDelayMs?: number;
}

/** Tries in a row that bring nothing new before it is given up. */
const retries = 5;
/** A connection that brings nothing for this long counts as dropped. */
const stallTimeoutMs = 60_000;
/** Longest wait that a server may ask for. */
const longestRetryAfterMs = 60_000;

/** A try that ended early; another may bring the rest. */
class Interrupted extends Error {
  readonly retryAfterMs: number;
  constructor(message: string, options: { cause?: unknown; retryAfterMs?: number } = {}) {
    super(message, { cause: options.cause });
    this.retryAfterMs = options.retryAfterMs ?? 0;
  }
}

interface Progress {
  file: FileHandle;
  hash: Hash;
  receivedBytes: number;
  totalBytes: number | null;
  /** The server's mark of this version of the file; null when it gave none that can be compared. */
  validator: string | null;
}

/**
 * Downloads to `partFile` and flushes it to the disk.
 * @returns its SHA-256 in hex, and its size in bytes
 * @throws TracksideError FORGE_UNREACHABLE or HOST_FAILED (disk full, unwritable), or the signal's reason; the partial
 * file is removed in every case
 */
export async function downloadFile(options: DownloadOptions): Promise<{ sha256: string; bytes: number }> {
  const { partFile, name, signal } = options;
  const progress: Progress = {
    file: await open(partFile, 'wx', 0o600),
    hash: createHash('sha256'),
    receivedBytes: 0,
    totalBytes: null,
    validator: null,
  };
  try {
    await downloadWithRetries(options, progress);
    await progress.file.sync();
    await progress.file.close();
    return { sha256: progress.hash.digest('hex'), bytes: progress.receivedBytes };
  } catch (error) {
    await progress.file.close().catch(() => {});
    await rm(partFile, { force: true });
    signal.throwIfAborted();
    throw await explain(error, options, progress, name);
  }
}

async function downloadWithRetries(options: DownloadOptions, progress: Progress): Promise<void> {
  const { clock, signal, retryDelayMs = 500 } = options;
  let furthest = 0;
  await pRetry(() => tryOnce(options, progress), {
    retries,
    minTimeout: retryDelayMs,
    maxTimeout: 10_000,
    signal,
    shouldRetry: ({ error }) => error instanceof Interrupted,
    // A long download over a bad line goes on as long as every try brings something new.
    shouldConsumeRetry: () => {
      const gained = progress.receivedBytes > furthest;
      furthest = Math.max(furthest, progress.receivedBytes);
      return !gained;
    },
    onFailedAttempt: async ({ error }) => {
      if (error instanceof Interrupted && error.retryAfterMs > 0)
        await clock.sleep(error.retryAfterMs, signal);
    },
  });
}

async function tryOnce(options: DownloadOptions, progress: Progress): Promise<void> {
  const { clock, signal, partFile, name } = options;
  const stalled = new AbortController();
  let lastByteAt = clock.now();
  const stopWatch = clock.every(stallTimeoutMs / 4, () => {
    if (clock.now() - lastByteAt < stallTimeoutMs) return;
    stalled.abort(new Interrupted('nothing arrived for a minute'));
  });
  try {
    const response = await ask(options, progress, AbortSignal.any([signal, stalled.signal]));
    await prepare(response, progress, options);
    const { totalBytes } = progress;
    if (totalBytes !== null) {
      await requireSpace(dirname(partFile), totalBytes - progress.receivedBytes, `the download of ${name}`);
    }
    for await (const chunk of received(response)) {
      lastByteAt = clock.now();
      await writeAll(progress.file, chunk, progress.receivedBytes);
      progress.hash.update(chunk);
      progress.receivedBytes += chunk.length;
      options.onProgress(progress.receivedBytes, totalBytes);
    }
    checkLength(progress);
  } catch (error) {
    throw stalled.signal.aborted ? stalled.signal.reason : error;
  } finally {
    stopWatch();
  }
}

/** A disk that fills up may take a part of a chunk before it refuses the rest. */
async function writeAll(file: FileHandle, chunk: Uint8Array, position: number): Promise<void> {
  for (let written = 0; written < chunk.length; ) {
    const { bytesWritten } = await file.write(chunk, written, chunk.length - written, position + written);
    written += bytesWritten;
  }
}

async function ask(options: DownloadOptions, progress: Progress, signal: AbortSignal): Promise<Response> {
  const { receivedBytes, validator } = progress;
  const resumable = receivedBytes > 0 && (validator !== null || options.checksumKnown);
  const headers = new Headers({ accept: 'application/octet-stream', 'accept-encoding': 'identity' });
  if (options.token !== null) headers.set('authorization', `Bearer ${options.token}`);
  if (resumable) headers.set('range', `bytes=${receivedBytes}-`);
  if (resumable && validator !== null) headers.set('if-range', validator);
  try {
    return await options.fetch(options.url, { headers, signal, redirect: 'follow' });
  } catch (error) {
    throw new Interrupted(reasonOf(error), { cause: error });
  }
}

/** Decides by the answer's head whether the partial file goes on or begins anew. */
async function prepare(response: Response, progress: Progress, options: DownloadOptions): Promise<void> {
  const { status, headers } = response;
  if (status === 206 && continuesAt(headers, progress)) return;
  if (status !== 200) await response.body?.cancel();
  if (status === 206 || status === 416) {
    await beginAnew(progress);
    throw new Interrupted(`the server could not continue at a byte (HTTP ${status})`);
  }
  if (status === 429 || status === 408 || status >= 500) {
    throw new Interrupted(`the server answered HTTP ${status}`, {
      retryAfterMs: retryAfter(headers, options.clock),
    });
  }
  if (status !== 200) throw refused(options, status);
  await beginAnew(progress);
  const length = headers.get('content-encoding') === null ? headers.get('content-length') : null;
  progress.totalBytes = length === null ? null : Number(length);
  const etag = headers.get('etag');
  progress.validator = etag !== null && !etag.startsWith('W/') ? etag : headers.get('last-modified');
}

function continuesAt(headers: Headers, progress: Progress): boolean {
  const range = /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(headers.get('content-range') ?? '');
  const sameTotal =
    range?.[2] === '*' || progress.totalBytes === null || Number(range?.[2]) === progress.totalBytes;
  const etag = headers.get('etag');
  const sameFile = etag === null || !progress.validator?.startsWith('"') || etag === progress.validator;
  return range !== null && Number(range[1]) === progress.receivedBytes && sameTotal && sameFile;
}

async function beginAnew(progress: Progress): Promise<void> {
  await progress.file.truncate(0);
  progress.hash = createHash('sha256');
  progress.receivedBytes = 0;
}

async function* received(response: Response): AsyncGenerator<Uint8Array> {
  if (!response.body) return;
  const chunks = response.body[Symbol.asyncIterator]();
  try {
    for (;;) {
      const next = await chunks.next().catch((error: unknown) => {
        throw new Interrupted(reasonOf(error), { cause: error });
      });
      if (next.done) return;
      yield next.value;
    }
  } finally {
    await chunks.return?.();
  }
}

function checkLength({ receivedBytes, totalBytes }: Progress): void {
  if (totalBytes === null || receivedBytes === totalBytes) return;
  throw new Interrupted(`${receivedBytes} of ${totalBytes} bytes arrived`);
}

function retryAfter(headers: Headers, clock: Clock): number {
  const value = headers.get('retry-after');
  if (value === null) return 0;
  const seconds = Number(value);
  const waitMs = Number.isFinite(seconds) ? seconds * 1000 : Date.parse(value) - clock.now();
  return Number.isFinite(waitMs) ? Math.min(longestRetryAfterMs, Math.max(0, waitMs)) : 0;
}

/** fetch hides the reason ("fetch failed") in the cause. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? error.cause.message || error.cause.name : error.message;
}

function refused({ name, url }: DownloadOptions, status: number): TracksideError {
  const why = status === 404 || status === 410 ? 'does not have it (any more)' : 'refused it';
  return new TracksideError(
    'FORGE_UNREACHABLE',
    `${name} cannot be downloaded: ${new URL(url).host} ${why} (HTTP ${status}).`,
    {
      remedy:
        'Try again in a minute. If it stays so, check whether a proxy on the way blocks downloads from there.',
    },
  );
}

async function explain(
  error: unknown,
  { url, partFile }: DownloadOptions,
  { receivedBytes, totalBytes }: Progress,
  name: string,
): Promise<unknown> {
  if (error instanceof TracksideError) return error;
  if (!(error instanceof Interrupted))
    return explainDiskFull(error, dirname(partFile), `the download of ${name}`, totalBytes);
  const arrived =
    totalBytes === null
      ? describeBytes(receivedBytes)
      : `${describeBytes(receivedBytes)} of ${describeBytes(totalBytes)}`;
  return new TracksideError(
    'FORGE_UNREACHABLE',
    `The download of ${name} from ${new URL(url).host} broke off after ${arrived}: ${error.message}.`,
    { remedy: 'Check the network of this machine, then try again.', cause: error },
  );
}
