/** Finds words in a whole log, a piece at a time, as a page would show it. */
import { setImmediate } from 'node:timers/promises';
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
/** How long it may hold the event loop before it lets others run. */
const sliceMs = 8;

/** What is not shown as it is written: lines with it are looked at one by one. */
const special = /[^\t\n\r\u0020-\u007e\u00a0-\u200d\u2010-\u2029\u202f-\u2065\u206a-\ufefe\uff00-\uffff]/g;

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
  let sliceStart = performance.now();
  for await (const piece of log.pieces(from, words.length - 1)) {
    if (performance.now() - sliceStart > sliceMs) {
      await setImmediate();
      sliceStart = performance.now();
    }
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
  for (const { number, raw } of either(linesWith(text, pattern), linesWith(text, special))) {
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

/** The lines in which a pattern matches somewhere, in order. */
function* linesWith(text: string, pattern: RegExp): Generator<NumberedLine> {
  let number = 0;
  let start = 0;
  for (let from = 0; from < text.length; ) {
    pattern.lastIndex = from;
    const match = pattern.exec(text);
    if (!match) return;
    let end = text.indexOf('\n', start);
    while (end >= 0 && end < match.index) {
      number += 1;
      start = end + 1;
      end = text.indexOf('\n', start);
    }
    if (end < 0) end = text.length;
    yield { number, raw: text.slice(start, end) };
    from = end + 1;
  }
}

/** The lines of both, in order, each once. */
function* either(left: Generator<NumberedLine>, right: Generator<NumberedLine>): Generator<NumberedLine> {
  let a = left.next();
  let b = right.next();
  while (!a.done || !b.done) {
    const [ofA, ofB] = [a.value, b.value] as [NumberedLine | undefined, NumberedLine | undefined];
    const first = !ofB || (ofA && ofA.number <= ofB.number) ? ofA : ofB;
    if (!first) return;
    yield first;
    if (ofA?.number === first.number) a = left.next();
    if (ofB?.number === first.number) b = right.next();
  }
}
