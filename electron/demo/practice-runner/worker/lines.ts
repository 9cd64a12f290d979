/** Cuts a process's output into lines. */

import type { Readable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';

/** Calls back with each line; `\r` alone ends one too, as .NET reads them. */
export function readLines(stream: Readable, onLine: (line: string) => void): void {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  const take = (text: string, isEnd: boolean): void => {
    // A `\r` at the end of a piece may be half of a `\r\n`.
    const complete = !isEnd && text.endsWith('\r') ? text.slice(0, -1) : text;
    const lines = complete.split(/\r\n|\r|\n/);
    rest = (lines.pop() ?? '') + text.slice(complete.length);
    for (const line of lines) onLine(line);
    if (isEnd && rest !== '') onLine(rest);
  };
  stream.on('data', (chunk: Buffer) => take(rest + decoder.write(chunk), false));
  stream.once('end', () => take(rest + decoder.end(), true));
  stream.on('error', () => {});
}
