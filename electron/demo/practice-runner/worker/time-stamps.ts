/** The time stamps of a job's log lines: seven decimals, each later than the one before. */

export interface TimeStamps {
  /** `2026-08-17T13:00:00.1234567Z` */
  next(): string;
  /** A time to the millisecond that is later than every stamp so far and not later than any to come. */
  mark(): string;
}

const ticksPerMs = 10_000;

function format(ticks: number): string {
  const ms = Math.floor(ticks / ticksPerMs);
  const rest = String(ticks % ticksPerMs).padStart(4, '0');
  return new Date(ms).toISOString().replace('Z', `${rest}Z`);
}

/** @param nowMs epoch milliseconds, with a fraction where the host has one */
export function createTimeStamps(nowMs: () => number): TimeStamps {
  let last = 0;
  return {
    next() {
      last = Math.max(Math.floor(nowMs() * ticksPerMs), last + 1);
      return format(last);
    },
    mark() {
      const ms = Math.max(Math.floor(nowMs()), Math.floor(last / ticksPerMs) + 1);
      last = ms * ticksPerMs - 1;
      return new Date(ms).toISOString();
    },
  };
}
