/** All lines of a log, for a file or the clipboard. */
import { readLine } from '../../../shared/log-line.ts';

/** Asked for at once. */
const piece = 2000;

/** Fetches lines, fewer than asked for where they are long. */
export type FetchLines = (from: number, count: number) => Promise<string[]>;

/**
 * Calls back with the lines in order, a piece at a time, as far as there are any.
 * @param onLines told with how many lines there were before
 * @throws the signal's reason when it aborts
 */
export async function eachPiece(
  fetch: FetchLines,
  lines: number,
  onLines: (piece: string[], before: number) => void,
  signal: AbortSignal,
): Promise<void> {
  for (let from = 0; from < lines; ) {
    const taken = await fetch(from, Math.min(piece, lines - from));
    signal.throwIfAborted();
    if (taken.length === 0) return;
    onLines(taken, from);
    from += taken.length;
  }
}

/** A line as it is copied: with its time, without colours. */
export function plainText(raw: string): string {
  const { at, text, whole } = readLine(raw);
  const time = at === null ? '' : `${new Date(at).toISOString()} `;
  return `${time}${text}${whole === null ? '' : ` … cut here: this line has ${whole}`}`;
}

/** A file's name for a log: "Log of build on arm-1" → "log-of-build-on-arm-1.log". */
export function fileNameOf(title: string): string {
  const words = title.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? ['log'];
  return `${words.join('-').slice(0, 100)}.log`;
}
