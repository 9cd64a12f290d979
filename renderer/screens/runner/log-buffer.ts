/** The lines of a log that are kept: the newest ones. */
import type { LogChunk } from '../../../shared/contract.ts';
import { type LogLine, readLine } from './log-text.ts';

/** Lines kept while the log is followed. */
export const maxLines = 20_000;
/** Lines kept while somebody reads further up, so that what they read is not taken away. */
const maxLinesWhileReading = 40_000;

export interface LogBuffer {
  lines: readonly LogLine[];
  /** Lines that came before the first one kept. */
  skipped: number;
  nextId: number;
}

export const emptyLog: LogBuffer = { lines: [], skipped: 0, nextId: 0 };

/** The buffer after another piece of the log. */
export function addChunk(buffer: LogBuffer, chunk: LogChunk, reading = false): LogBuffer {
  const before = chunk.reset ? { ...emptyLog, nextId: buffer.nextId } : buffer;
  let id = before.nextId;
  const added = chunk.lines.map((raw) => readLine(id++, raw));
  const all = [...before.lines, ...added];
  const most = reading ? maxLinesWhileReading : maxLines;
  const dropped = all.length > most ? all.length - maxLines : 0;
  return {
    lines: dropped > 0 ? all.slice(dropped) : all,
    skipped: before.skipped + chunk.skipped + dropped,
    nextId: id,
  };
}

export interface Hit {
  /** Index into the lines. */
  line: number;
  /** Where in the line's text it starts. */
  start: number;
}

/** More hits than this are not counted. */
export const maxHits = 5000;

/** Where `query` occurs, ignoring case, in reading order. */
export function findHits(lines: readonly LogLine[], query: string): Hit[] {
  const wanted = query.toLowerCase();
  const hits: Hit[] = [];
  if (wanted === '') return hits;
  for (const [line, { text }] of lines.entries()) {
    const lower = text.toLowerCase();
    let start = lower.indexOf(wanted);
    while (start !== -1) {
      hits.push({ line, start });
      if (hits.length >= maxHits) return hits;
      start = lower.indexOf(wanted, start + wanted.length);
    }
  }
  return hits;
}

/** The log as a text file. */
export function asText({ lines, skipped }: LogBuffer): string {
  const head = skipped > 0 ? `[${skipped} earlier lines are left out]\n` : '';
  return (
    head +
    lines.map(({ at, text }) => `${at === null ? '' : `${new Date(at).toISOString()} `}${text}\n`).join('')
  );
}
