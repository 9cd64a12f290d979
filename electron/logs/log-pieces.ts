/** A whole log in pieces that can each be looked through without holding anybody up. */
import { StringDecoder } from 'node:string_decoder';
import { blockBytes, type LineIndex } from './line-index.ts';

const pieceBytes = 512 * 1024;
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
  const memory = Buffer.allocUnsafe(Math.min(pieceBytes, index.bytes()));
  for (let number = index.blockOf(from); number < blocks; ) {
    const first = index.block(number);
    let last = first;
    for (number += 1; number < blocks; number += 1) {
      const block = index.block(number);
      if (block.end - first.start > pieceBytes) break;
      last = block;
    }
    const next = last.line + last.lines;
    if (last.end - first.start <= pieceBytes) {
      const bytes = await readAt(first.start, last.end - first.start, memory);
      yield { line: first.line, text: bytes.toString('utf8'), before: null, next };
    } else {
      const longLine = next - 1;
      const bytes = await readAt(first.start, blockBytes, memory);
      const start = bytes.lastIndexOf(lineFeed) + 1;
      const text = bytes.toString('utf8', 0, start);
      if (start > 0) yield { line: first.line, text, before: null, next: longLine };
      const long = { line: longLine, start: first.start + start, end: first.end };
      yield* partsOf(readAt, long, overlap, memory);
    }
  }
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
  for (let at = start; at < end; at += pieceBytes) {
    const bytes = await readAt(at, Math.min(pieceBytes, end - at), memory);
    if (bytes.length === 0) return;
    const text = kept + decoder.write(bytes);
    yield { line, text, before, next: at + pieceBytes < end ? line : line + 1 };
    kept = overlap > 0 ? text.slice(-overlap) : '';
    before += text.length - kept.length;
  }
}
