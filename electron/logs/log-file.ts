/** One log on disk that only grows: indexed as it comes, read anywhere. */
import { type FileHandle, open, stat } from 'node:fs/promises';
import { StringDecoder } from 'node:string_decoder';
import { TracksideError } from '../../shared/errors.ts';
import { cutNote, maxLineBytes } from '../../shared/log-line.ts';
import { hasCode } from '../platform/disk.ts';
import { tidyLine } from '../runners/log-reader.ts';
import { blockBytes, createLineIndex, type LineBlock } from './line-index.ts';
import { type LogPiece, type ReadAt, readPieces } from './log-pieces.ts';

/** Read and indexed in one go, a few milliseconds, with the event loop free in between. */
const sliceBytes = 4 * 1024 * 1024;
/** A log that takes longer to be read is shown as far as it is. */
const progressMs = 250;
/** One answer holds no more than this, and at least one line. */
const answerBytes = 1024 * 1024;
/** Lines that a spool took were cut already and have a note at their end, which is not cut again. */
const noteBytes = 128;
const lineFeed = 10;

export interface LogFile {
  /** Names it for whoever asks for its lines. */
  readonly id: string;
  /** Takes in what has been written since; the event loop is never held for long. @returns whether there was anything */
  grow(signal: AbortSignal, onProgress?: () => void): Promise<boolean>;
  lines(): number;
  bytes(): number;
  /** Lines from a number on, fewer than `count` where they are long or not there. A line over 16 KiB is cut. */
  read(from: number, count: number): Promise<string[]>;
  /** The last lines before `end`, fewer than `count` where they are long. */
  readLast(end: number, count: number): Promise<string[]>;
  /** Everything from a line on, in pieces that can be looked through at once; parts of a line overlap. */
  pieces(from: number, overlap: number): AsyncGenerator<LogPiece>;
  /** Whether the path now names another file, or this one was cut short. */
  replaced(): Promise<boolean>;
  close(): Promise<void>;
}

/** Opens a log; null when there is none yet. It may be renamed or deleted afterwards and can still be read. */
export async function openLogFile(id: string, path: string): Promise<LogFile | null> {
  try {
    return createLogFile(id, path, await open(path, 'r'));
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return null;
    throw error;
  }
}

function createLogFile(id: string, path: string, file: FileHandle): LogFile {
  const index = createLineIndex();
  let reading = 0;
  let closed = false;
  const closeIfUnused = async (): Promise<void> => {
    if (closed && reading === 0) await file.close();
  };
  /** Keeps the file open while it is read from. */
  const readAt: ReadAt = async (start, length, into = Buffer.allocUnsafe(length)) => {
    if (closed) throw closedLog();
    reading += 1;
    try {
      const { bytesRead } = await file.read(into, 0, length, start);
      return into.subarray(0, bytesRead);
    } finally {
      reading -= 1;
      await closeIfUnused();
    }
  };
  const read = async (from: number, count: number): Promise<string[]> => {
    const lines: string[] = [];
    const end = Math.min(index.lines(), from + count);
    for (let left = answerBytes; from + lines.length < end && left > 0; ) {
      const block = index.block(index.blockOf(from + lines.length));
      for (const line of await readLines(readAt, block, from + lines.length, end)) {
        if (left <= 0) break;
        lines.push(line);
        left -= line.length;
      }
    }
    return lines;
  };
  return {
    id,
    lines: index.lines,
    bytes: index.bytes,
    async grow(signal, onProgress) {
      const before = index.bytes();
      let toldAt = performance.now();
      const { size } = await file.stat();
      // Fresh memory for each slice would cost more than all else.
      const slice = Buffer.allocUnsafe(Math.max(1, Math.min(sliceBytes, size - before)));
      while (!signal.aborted && !closed) {
        const bytes = await readAt(index.bytes(), slice.length, slice);
        if (bytes.length === 0) break;
        index.push(bytes);
        if (performance.now() - toldAt < progressMs) continue;
        onProgress?.();
        toldAt = performance.now();
      }
      return index.bytes() > before;
    },
    read,
    async readLast(end, count) {
      let taken = Math.min(count, end);
      // The last blocks up to there, before anything is read.
      const span = (): number => index.bytes() - index.block(index.blockOf(end - taken)).start;
      while (taken > 1 && span() > answerBytes) taken = Math.floor(taken / 2);
      return taken === 0 ? [] : read(end - taken, taken);
    },
    pieces: (from, overlap) => readPieces(readAt, index, from, overlap),
    async replaced() {
      const [present, ours] = await Promise.all([stat(path).catch(() => null), file.stat()]);
      return (
        ours.size < index.bytes() ||
        (present !== null && (present.ino !== ours.ino || present.dev !== ours.dev))
      );
    },
    async close() {
      if (closed) return;
      closed = true;
      await closeIfUnused();
    },
  };
}

/** The lines `from` to `end`, as far as they begin in the block. */
async function readLines(readAt: ReadAt, block: LineBlock, from: number, end: number): Promise<string[]> {
  const length = Math.min(block.end - block.start, blockBytes + maxLineBytes + noteBytes);
  const bytes = await readAt(block.start, length);
  const lines: string[] = [];
  const after = Math.min(end, block.line + block.lines);
  for (let line = block.line, start = 0; line < after; line += 1) {
    const found = bytes.indexOf(lineFeed, start);
    // Only the block's last line can reach further than what was read: to the next block, but for its own end.
    const trueEnd = found >= 0 ? found : block.end - block.start - (block.unfinished ? 0 : 1);
    const readEnd = found >= 0 ? found : bytes.length;
    if (line >= from) lines.push(lineOf(bytes.subarray(start, readEnd), trueEnd - start));
    start = readEnd + 1;
  }
  return lines;
}

/** @param trueBytes how long it is, of which `bytes` may be the beginning only */
function lineOf(bytes: Buffer, trueBytes: number): string {
  if (trueBytes <= maxLineBytes + noteBytes) return tidyLine(bytes.toString('utf8'));
  // `write` without `end` leaves out a character that was cut in half.
  return `${tidyLine(new StringDecoder('utf8').write(bytes.subarray(0, maxLineBytes)))}${cutNote(trueBytes)}`;
}

function closedLog(): TracksideError {
  return new TracksideError('UNKNOWN', 'This log is not open any more.', { remedy: 'Open it again.' });
}
