/** A whole log in pieces that can each be looked through without holding anybody up. */
import { StringDecoder } from 'node:string_decoder';
import { blockBytes, type LineBlock, type LineIndex } from './line-index.ts';

/** Looked through in one go. Longer texts are made in another part of the memory, which takes thirty times as long. */
const pieceBytes = 64 * 1024;
/** Read in one go: on a busy machine each read waits for its turn. */
const readBytes = 4 * 1024 * 1024;
const lineFeed = 10;

/**
 * @param into where the bytes are put; absent = in memory of their own
 * @returns fewer bytes than `length` at the end of the file only
 */
export type ReadAt = (start: number, length: number, into?: Buffer) => Promise<Buffer>;

export interface LogPiece {
  /** Its first line, from 0. */
  line: number;
  /** Whole lines with their ends; or a part of one that is too long to be taken at once. */
  text: string;
  /** Of a part of a line: characters of the line before it. Null for whole lines. */
  before: number | null;
  /** The line after it, or the same line when another part of it comes. */
  next: number;
}

/**
 * Gives what the index knows now, from the block of a line on.
 * @param overlap characters that a part of a line repeats of the part before
 */
export async function* readPieces(
  readAt: ReadAt,
  index: LineIndex,
  from: number,
  overlap: number,
): AsyncGenerator<LogPiece> {
  const blocks = index.blocks();
  const memory = Buffer.allocUnsafe(Math.min(readBytes, index.bytes()));
  for (let number = index.blockOf(from); number < blocks; ) {
    const first = index.block(number);
    if (isLong(first)) {
      yield* longBlock(readAt, first, overlap, memory);
      number += 1;
      continue;
    }
    const after = lastWithin(index, number, blocks, readBytes) + 1;
    const bytes = await readAt(first.start, index.block(after - 1).end - first.start, memory);
    while (number < after) {
      const last = lastWithin(index, number, after, pieceBytes);
      yield pieceOf(bytes, first.start, index.block(number), index.block(last));
      number = last + 1;
    }
  }
}

/** The last of the blocks from a number on, and before another, that end within so many bytes; at least the first. */
function lastWithin(index: LineIndex, number: number, before: number, bytes: number): number {
  const { start } = index.block(number);
  let last = number;
  while (last + 1 < before) {
    const next = index.block(last + 1);
    if (isLong(next) || next.end - start > bytes) break;
    last += 1;
  }
  return last;
}

/** Whether its last line is one to be taken in parts. */
const isLong = ({ start, end }: LineBlock): boolean => end - start > 2 * blockBytes;

/** @param offset where `bytes` begin in the file */
function pieceOf(bytes: Buffer, offset: number, first: LineBlock, last: LineBlock): LogPiece {
  return {
    line: first.line,
    text: bytes.toString('utf8', first.start - offset, last.end - offset),
    before: null,
    next: last.line + last.lines,
  };
}

/** A block whose last line is too long to be read at once. */
async function* longBlock(
  readAt: ReadAt,
  { line, lines, start, end }: LineBlock,
  overlap: number,
  memory: Buffer,
): AsyncGenerator<LogPiece> {
  const longLine = line + lines - 1;
  const bytes = await readAt(start, blockBytes, memory);
  const length = bytes.lastIndexOf(lineFeed) + 1;
  if (length > 0) yield { line, text: bytes.toString('utf8', 0, length), before: null, next: longLine };
  yield* partsOf(readAt, { line: longLine, start: start + length, end }, overlap, memory);
}

async function* partsOf(
  readAt: ReadAt,
  { line, start, end }: { line: number; start: number; end: number },
  overlap: number,
  memory: Buffer,
): AsyncGenerator<LogPiece> {
  const decoder = new StringDecoder('utf8');
  let kept = '';
  let before = 0;
  for (let at = start; at < end; at += readBytes) {
    const bytes = await readAt(at, Math.min(readBytes, end - at), memory);
    if (bytes.length === 0) return;
    const text = kept + decoder.write(bytes);
    yield { line, text, before, next: at + readBytes < end ? line : line + 1 };
    kept = overlap > 0 ? text.slice(-overlap) : '';
    before += text.length - kept.length;
  }
}
