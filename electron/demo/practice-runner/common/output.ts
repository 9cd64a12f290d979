/** Writes to standard output and standard error at once, without the memory that `process.stdout` takes. */
import { writeSync } from 'node:fs';

const pause = new Int32Array(new SharedArrayBuffer(4));

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}

/** Writes all of it. A reader that is slow is waited for, one that has gone is no error. */
function write(fileDescriptor: 1 | 2, text: string): void {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; ) {
    try {
      at += writeSync(fileDescriptor, bytes, at);
    } catch (error) {
      if (!isCode(error, 'EAGAIN')) return;
      Atomics.wait(pause, 0, 0, 5);
    }
  }
}

export const writeOutput = (text: string): void => write(1, text);
export const writeErrorOutput = (text: string): void => write(2, text);
