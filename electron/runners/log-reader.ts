/** Reads a growing log line by line. */
import { type FileHandle, open, stat } from 'node:fs/promises';
import { StringDecoder } from 'node:string_decoder';
import { cutNote, maxLineBytes } from '../../shared/log-line.ts';

const blockBytes = 256 * 1024;
const lineFeed = 10;

export interface LineCutter {
  /** Takes bytes as they come, cut anywhere; returns the lines they complete. */
  push(bytes: Buffer): string[];
  /** The beginning of a line whose end has not come; '' when there is none. */
  rest(): string;
}

/** Turns bytes into lines without their ends. A line over 16 KiB is cut, with a note of its true length. */
export function createLineCutter(): LineCutter {
  let held: Buffer[] = [];
  let heldBytes = 0;
  let totalBytes = 0;
  const hold = (bytes: Buffer): void => {
    const kept = bytes.subarray(0, maxLineBytes - heldBytes);
    if (kept.length > 0) held.push(Buffer.from(kept));
    heldBytes += kept.length;
    totalBytes += bytes.length;
  };
  const text = (): string => {
    // `write` without `end` leaves out a character that was cut in half.
    const line = tidyLine(new StringDecoder('utf8').write(Buffer.concat(held)));
    return totalBytes > heldBytes ? `${line}${cutNote(totalBytes)}` : line;
  };
  return {
    push(bytes) {
      const lines: string[] = [];
      let start = 0;
      for (let end = bytes.indexOf(lineFeed); end >= 0; end = bytes.indexOf(lineFeed, start)) {
        if (totalBytes === 0 && end - start <= maxLineBytes) {
          lines.push(tidyLine(bytes.toString('utf8', start, end)));
        } else {
          hold(bytes.subarray(start, end));
          lines.push(text());
          held = [];
          heldBytes = 0;
          totalBytes = 0;
        }
        start = end + 1;
      }
      hold(bytes.subarray(start));
      return lines;
    },
    rest: text,
  };
}

/** Without the byte order mark .NET begins its files with, and without the carriage return. */
export function tidyLine(line: string): string {
  const end = line.endsWith('\r') ? -1 : undefined;
  return line.slice(line.startsWith('\uFEFF') ? 1 : 0, end);
}

export interface LogReader {
  /** Lines completed since the last call, in blocks; ends at the present end of the file. */
  read(): AsyncGenerator<string[]>;
  /** The line whose end has not been written; '' when there is none. */
  rest(): string;
  /** Whether the path now names another file, or this one was cut short. */
  replaced(): Promise<boolean>;
  close(): Promise<void>;
}

/** Opens a log; null when there is none yet. The file may be renamed or deleted afterwards and is still read to its end. */
export async function openLogReader(path: string): Promise<LogReader | null> {
  const file = await openIfThere(path);
  if (!file) return null;
  const cutter = createLineCutter();
  let position = 0;
  return {
    async *read() {
      for (;;) {
        // A buffer of its own for each log that is followed would take more memory than all else of an idle runner.
        const { size } = await file.stat();
        const buffer = Buffer.allocUnsafe(Math.min(blockBytes, Math.max(0, size - position)));
        const { bytesRead } = await file.read(buffer, 0, buffer.length, position);
        if (bytesRead === 0) return;
        position += bytesRead;
        const lines = cutter.push(buffer.subarray(0, bytesRead));
        if (lines.length > 0) yield lines;
      }
    },
    rest: cutter.rest,
    async replaced() {
      const [present, ours] = await Promise.all([stat(path).catch(() => null), file.stat()]);
      return (
        ours.size < position || (present !== null && (present.ino !== ours.ino || present.dev !== ours.dev))
      );
    },
    close: () => file.close(),
  };
}

async function openIfThere(path: string): Promise<FileHandle | null> {
  try {
    return await open(path, 'r');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}
