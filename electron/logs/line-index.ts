/** Where the lines of a growing file begin: not of each line, but of enough of them to find any with one small read. */

/** A new block begins at the first line after so many lines or bytes of the block before. */
const blockLines = 512;
/** Lines begin within so many bytes of their block's beginning; only the last of them may reach further. */
export const blockBytes = 256 * 1024;
const lineFeed = 10;

/** Consecutive lines of a file. */
export interface LineBlock {
  /** The first of its lines, from 0. */
  line: number;
  /** How many lines begin in it. */
  lines: number;
  /** Offsets in the file; `end` is the next block's `start`. */
  start: number;
  end: number;
  /** Whether its last line may still grow. */
  unfinished: boolean;
}

export interface LineIndex {
  /** Takes the next bytes of the file. */
  push(bytes: Uint8Array): void;
  /** Bytes taken so far. */
  bytes(): number;
  /** Lines so far; a last one without its end counts. */
  lines(): number;
  blocks(): number;
  block(number: number): LineBlock;
  /** The number of the block in which a line begins that there is. */
  blockOf(line: number): number;
}

export function createLineIndex(): LineIndex {
  const firstLines = [0];
  const starts = [0];
  let ended = 0;
  let bytes = 0;
  /** Where the line begins whose end has not come. */
  let lineStart = 0;
  let dueLine = blockLines;
  let dueStart = blockBytes;

  const lines = (): number => ended + (bytes > lineStart ? 1 : 0);
  return {
    push(taken) {
      for (let at = taken.indexOf(lineFeed); at >= 0; at = taken.indexOf(lineFeed, at + 1)) {
        ended += 1;
        lineStart = bytes + at + 1;
        if (ended < dueLine && lineStart < dueStart) continue;
        firstLines.push(ended);
        starts.push(lineStart);
        dueLine = ended + blockLines;
        dueStart = lineStart + blockBytes;
      }
      bytes += taken.length;
    },
    bytes: () => bytes,
    lines,
    blocks: () => starts.length,
    block(number) {
      const line = firstLines[number] ?? lines();
      const start = starts[number] ?? bytes;
      return {
        line,
        lines: (firstLines[number + 1] ?? lines()) - line,
        start,
        end: starts[number + 1] ?? bytes,
        unfinished: number >= starts.length - 1 && bytes > lineStart,
      };
    },
    blockOf(line) {
      let low = 0;
      let high = firstLines.length - 1;
      while (low < high) {
        const middle = Math.ceil((low + high) / 2);
        if ((firstLines[middle] ?? 0) <= line) low = middle;
        else high = middle - 1;
      }
      return low;
    },
  };
}
