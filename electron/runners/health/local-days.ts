/** Spans of time cut into this machine's days, which are 23 or 25 hours long twice a year. */

/** The local date of a moment: `2026-11-24`. @param at epoch milliseconds */
export function localDay(at: number): string {
  const date = new Date(at);
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

/** The day so many days before the one of a moment. @param at epoch milliseconds */
export function localDayBefore(at: number, days: number): string {
  const date = new Date(at);
  return localDay(new Date(date.getFullYear(), date.getMonth(), date.getDate() - days, 12).getTime());
}

/** Cuts a span at each local midnight. @returns nothing for an empty span */
export function cutIntoDays(from: number, to: number): { day: string; durationMs: number }[] {
  const pieces: { day: string; durationMs: number }[] = [];
  for (let start = from; start < to; ) {
    const date = new Date(start);
    const midnight = new Date(date.getFullYear(), date.getMonth(), date.getDate() + 1).getTime();
    const end = Math.min(to, midnight);
    pieces.push({ day: localDay(start), durationMs: end - start });
    start = end;
  }
  return pieces;
}
