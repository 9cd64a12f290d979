/** How causes are put into words: labels between backticks, times of the clock, so that a sentence stays the same. */
import { formatCount, formatDateTime, formatHourMinute, formatList } from '../../../shared/format.ts';

const longestLabel = 80;
const mostNamed = 8;
const dayMs = 24 * 3_600_000;

/** A label, cut where it is too long to be read, and without what would end its quotation. */
export function quote(label: string): string {
  const plain = label.replace(/`/g, "'").replace(/\p{Cc}/gu, '�');
  return `\`${plain.length > longestLabel ? `${plain.slice(0, longestLabel - 1)}…` : plain}\``;
}

/** "`a`, `b` and `c`" */
export function quoteAll(labels: readonly string[]): string {
  return formatList(labels.map(quote), mostNamed);
}

/** "label `a`", "labels `a` and `b`" */
export function labelsNamed(labels: readonly string[]): string {
  return `${labels.length === 1 ? 'label' : 'labels'} ${quoteAll(labels)}`;
}

/** A moment that is past or near: "14:05", with its date where that is not within a day. */
export function sayTime(at: number, now: number): string {
  return Math.abs(now - at) < dayMs ? formatHourMinute(at) : formatDateTime(at);
}

/** " since 14:05"; nothing where it is not known. */
export function sinceWhen(at: number | null, now: number): string {
  return at === null ? '' : ` since ${sayTime(at, now)}`;
}

/** Somebody else's sentence with a full stop, on one line. */
export function ended(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  if (line === '') return 'No reason is known.';
  return /[.!?]$/.test(line) ? line.replace(/[!?]$/, '.') : `${line}.`;
}

/** "1 job waits", "12 jobs wait" */
export function jobsWait(count: number): string {
  return formatCount(count, 'job waits', 'jobs wait');
}

/** Names in a sentence, of which a few are told. */
export function nameAll(names: readonly string[]): string {
  return formatList(names, 4);
}
