/** Finds words in a whole log, a piece at a time, as a page would show it. */
import type { z } from 'zod';
import { findInLine, findWords, wordsPattern } from '../../shared/log-line.ts';
import type { logHitSchema, logSearchSchema } from '../../shared/model.ts';
import type { Clock } from '../platform/clock.ts';
import { tidyLine } from '../runners/log-reader.ts';
import type { LogFile } from './log-file.ts';
import type { LogPiece } from './log-pieces.ts';

type LogHit = z.infer<typeof logHitSchema>;

/** More are not told. */
export const mostHits = 10_000;
/** How often it is told how far the search is. */
const tellMs = 100;

/** What a line can be shown as it is written without: all else is looked at line by line. */
const special = /[^\t\n\r\u0020-\u007e\u00a0-\u200d\u2010-\u2029\u202f-\u2065\u206a-\ufefe\uff00-\uffff]/;

/**
 * Searches what there is of a log when it is called, ignoring case; ends when `signal` aborts.
 * @param options `from`: the first line that is searched
 */
export async function* searchLog(
  log: LogFile,
  words: string,
  { from, signal, clock }: { from: number; signal: AbortSignal; clock: Pick<Clock, 'now'> },
): AsyncGenerator<z.infer<typeof logSearchSchema>> {
  const pattern = wordsPattern(words);
  let hits: LogHit[] = [];
  let found = 0;
  let searched = from;
  let toldAt = clock.now();
  for await (const piece of log.pieces(from, words.length - 1)) {
    if (signal.aborted) return;
    const further = findInPiece(piece, pattern, mostHits - found, from);
    found += further.length;
    hits = hits.concat(further);
    searched = Math.max(from, piece.next);
    if (found >= mostHits) break;
    if (clock.now() - toldAt < tellMs) continue;
    yield { hits, searched, done: false };
    hits = [];
    toldAt = clock.now();
  }
  yield { hits, searched, done: true };
}

function findInPiece(piece: LogPiece, pattern: RegExp, most: number, from: number): LogHit[] {
  const { line, text, before } = piece;
  if (before !== null) {
    return findWords(text, pattern)
      .slice(0, most)
      .map((at) => ({ line, start: before + at }));
  }
  const hits: LogHit[] = [];
  const found = special.test(text) ? everyLine(text) : linesWith(text, pattern);
  for (const { number, raw } of found) {
    if (line + number < from) continue;
    for (const start of findInLine(tidyLine(raw), pattern)) hits.push({ line: line + number, start });
    if (hits.length >= most) return hits.slice(0, most);
  }
  return hits;
}

interface NumberedLine {
  number: number;
  raw: string;
}

function* everyLine(text: string): Generator<NumberedLine> {
  for (const [number, raw] of text.split('\n').entries()) yield { number, raw };
}

/** The lines in which the pattern matches somewhere. */
function* linesWith(text: string, pattern: RegExp): Generator<NumberedLine> {
  let number = 0;
  let counted = 0;
  for (let from = 0; from < text.length; ) {
    pattern.lastIndex = from;
    const match = pattern.exec(text);
    if (!match) return;
    for (let end = text.indexOf('\n', counted); end >= 0 && end < match.index; ) {
      number += 1;
      counted = end + 1;
      end = text.indexOf('\n', counted);
    }
    const end = text.indexOf('\n', counted);
    const stop = end < 0 ? text.length : end;
    yield { number, raw: text.slice(counted, stop) };
    from = stop + 1;
  }
}
