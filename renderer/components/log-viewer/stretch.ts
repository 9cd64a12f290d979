/** Which part of a long log a list holds at a time: browsers draw no page of any height. */

/** Lines that a list holds at most; of lines of this page's height and much longer ones, browsers draw as many. */
export const mostLines = 200_000;
const stepLines = mostLines / 2;

export interface Stretch {
  /** Its first line. */
  start: number;
  count: number;
}

const lastStart = (lines: number): number =>
  Math.max(0, Math.ceil((lines - mostLines) / stepLines) * stepLines);

/** The stretch that begins there, as far as the log goes. */
export function stretchAt(start: number, lines: number): Stretch {
  const first = Math.max(0, Math.min(start, lastStart(lines)));
  return { start: first, count: Math.min(mostLines, lines - first) };
}

/** The stretch in which a line is shown: the present one where it is in it, else one with lines before and after it. */
export function stretchWith(line: number, present: number, lines: number): Stretch {
  const now = stretchAt(present, lines);
  if (line >= now.start && line < now.start + now.count) return now;
  return stretchAround(line, lines);
}

/** The last stretch, which stays the same while the log grows by much. */
export const endOf = (lines: number): Stretch => stretchAt(lastStart(lines), lines);

/** The stretch with about as many lines before a line as after it. */
export function stretchAround(line: number, lines: number): Stretch {
  return stretchAt(Math.floor((line - stepLines / 2) / (stepLines / 2)) * (stepLines / 2), lines);
}

/** Where to go on when somebody has scrolled to an edge of a stretch; null where there is no more to see. */
export function stretchBeyond(
  { start, count }: Stretch,
  view: { first: number; last: number },
  lines: number,
): Stretch | null {
  const near = stepLines / 100;
  const atStart = start > 0 && view.first < start + near;
  const atEnd = start + count < lines && view.last > start + count - near;
  if (!atStart && !atEnd) return null;
  const next = stretchAround(view.first, lines);
  return next.start === start ? null : next;
}
