/** The hours in which a pool may work, on this machine's own calendar and clock. */
import type { Neighbour } from '../../shared/model.ts';

type Hours = NonNullable<Neighbour['hours']>;

const minuteMs = 60_000;
/** A week and the day on which it began: the next span begins within it, if any does. */
const daysAhead = 8;

/** A span of working time, epoch milliseconds; the end does not belong to it. */
interface Span {
  from: number;
  to: number;
}

/** The span that a moment lies in; null outside of all. @param at epoch milliseconds */
export function spanAt(hours: Hours, at: number): Span | null {
  // One that began yesterday may last over midnight.
  for (const offset of [-1, 0]) {
    const span = spanOfDay(hours, at, offset);
    if (span && span.from <= at && at < span.to) return span;
  }
  return null;
}

/** When the next span after a moment begins, epoch milliseconds; null when no day has one. */
export function nextBeginning(hours: Hours, at: number): number | null {
  for (let offset = 0; offset <= daysAhead; offset += 1) {
    const span = spanOfDay(hours, at, offset);
    if (span && span.from > at) return span.from;
  }
  return null;
}

/** A moment as a person here would say it: "18:00", "18:00 tomorrow", "09:00 on Monday". */
export function sayMoment(at: number, now: number): string {
  const then = new Date(at);
  const two = (value: number): string => String(value).padStart(2, '0');
  const time = `${two(then.getHours())}:${two(then.getMinutes())}`;
  if (isSameDay(then, new Date(now))) return time;
  const today = new Date(now);
  const tomorrow = new Date(today.getFullYear(), today.getMonth(), today.getDate() + 1);
  if (isSameDay(then, tomorrow)) return `${time} tomorrow`;
  return `${time} on ${then.toLocaleDateString('en', { weekday: 'long' })}`;
}

/** The span that begins on the day so many days after a moment's; null when that is none of its days. */
function spanOfDay({ from, to, days }: Hours, at: number, offset: number): Span | null {
  const date = new Date(at);
  const day = new Date(date.getFullYear(), date.getMonth(), date.getDate() + offset);
  if (!days.includes(day.getDay())) return null;
  const [begin, end] = [minutesOf(from), minutesOf(to)];
  return { from: momentOf(day, 0, begin), to: momentOf(day, end > begin ? 0 : 1, end) };
}

/** @param time HH:MM */
function minutesOf(time: string): number {
  const [hours = 0, minutes = 0] = time.split(':').map(Number);
  return hours * 60 + minutes;
}

/**
 * When it is so many minutes after midnight on a day. A time that the clocks skip when they are put forward counts as
 * the first minute after; of one that comes twice the first counts.
 */
function momentOf(day: Date, daysLater: number, minutes: number): number {
  const moment = new Date(day.getFullYear(), day.getMonth(), day.getDate() + daysLater, 0, minutes);
  for (;;) {
    const before = new Date(moment.getTime() - minuteMs);
    if (!isSameDay(before, moment) || minuteOfDay(before) < minutes) return moment.getTime();
    moment.setTime(before.getTime());
  }
}

function minuteOfDay(date: Date): number {
  return date.getHours() * 60 + date.getMinutes();
}

function isSameDay(one: Date, other: Date): boolean {
  return one.toDateString() === other.toDateString();
}
