/** The time stamps of a job's log lines: seven decimals, each later than the one before. */

export interface TimeStamps {
  /** `2026-08-17T13:00:00.1234567Z` */
  next(): string;
  /** A time to the millisecond that is later than every stamp so far and not later than any to come. */
  mark(): string;
}

const ticksPerMs = 10_000n;

function format(ticks: bigint): string {
  const rest = String(ticks % ticksPerMs).padStart(4, '0');
  return new Date(Number(ticks / ticksPerMs)).toISOString().replace('Z', `${rest}Z`);
}

/** Since 1970, in tenths of a microsecond: more than a number holds. */
function ticksOf(ms: number): bigint {
  const whole = Math.floor(ms);
  return BigInt(whole) * ticksPerMs + BigInt(Math.floor((ms - whole) * Number(ticksPerMs)));
}

/** @param nowMs epoch milliseconds, with a fraction where the host has one */
export function createTimeStamps(nowMs: () => number): TimeStamps {
  let last = 0n;
  const later = (ticks: bigint, least: bigint): bigint => (ticks > least ? ticks : least);
  return {
    next() {
      last = later(ticksOf(nowMs()), last + 1n);
      return format(last);
    },
    mark() {
      const ms = later(ticksOf(nowMs()) / ticksPerMs, last / ticksPerMs + 1n);
      last = ms * ticksPerMs - 1n;
      return new Date(Number(ms)).toISOString();
    },
  };
}
