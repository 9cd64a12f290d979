/** What of a line changes: what both sides share at their ends, and what is between. */

export interface LineDiff {
  start: string;
  before: string;
  after: string;
  end: string;
}

const word = /[\p{L}\p{N}_.-]/u;

/** Compares two versions of a line; the changed part begins and ends at whole words, so that it can be read. */
export function lineDiff(before: string, after: string): LineDiff {
  const shorter = Math.min(before.length, after.length);
  let start = 0;
  while (start < shorter && before[start] === after[start]) start += 1;
  while (start > 0 && word.test(before[start - 1] ?? '')) start -= 1;
  let end = 0;
  while (end < shorter - start && before.at(-1 - end) === after.at(-1 - end)) end += 1;
  while (end > 0 && word.test(before.at(-end) ?? '')) end -= 1;
  return {
    start: before.slice(0, start),
    before: before.slice(start, before.length - end),
    after: after.slice(start, after.length - end),
    end: before.slice(before.length - end),
  };
}
