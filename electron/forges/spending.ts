/** What requests cost: how many were sent in the last minute, how many were charged in the last hour. */
import type { Clock } from '../platform/clock.ts';
import type { RequestMeter } from './forge.ts';

const minuteMs = 60_000;
const hourMs = 3_600_000;

interface SpendingMeter extends RequestMeter {
  requestsLastMinute(): number;
  chargedLastHour(): number;
  /** Milliseconds until one more request keeps to both ceilings; 0 = now. */
  waitMs(ceilings: Ceilings): number;
}

export interface Ceilings {
  /** Requests in a minute, unchanged answers included. */
  perMinute: number;
  /** Charged requests in an hour. */
  chargedPerHour: number;
}

/** Times of what happened within a span of time that ends now. */
function createWindow(clock: Clock, spanMs: number) {
  let times: number[] = [];
  const prune = (): void => {
    const now = clock.now();
    const ahead = (times.at(-1) ?? now) - now;
    // A clock that is set back must not keep the window full for as long as it was set back.
    if (ahead > 0) times = times.map((time) => time - ahead);
    const first = times.findIndex((time) => time > now - spanMs);
    times = first === -1 ? [] : times.slice(first);
  };
  return {
    add() {
      prune();
      times.push(clock.now());
    },
    count() {
      prune();
      return times.length;
    },
    /** Milliseconds until fewer than `most` are left in it. */
    untilBelow(most: number): number {
      prune();
      const leaving = times[times.length - Math.max(1, most)];
      return leaving === undefined ? 0 : leaving + spanMs - clock.now();
    },
  };
}

export function createSpendingMeter(clock: Clock): SpendingMeter {
  const sent = createWindow(clock, minuteMs);
  const charged = createWindow(clock, hourMs);
  return {
    sent: sent.add,
    charged: charged.add,
    requestsLastMinute: sent.count,
    chargedLastHour: charged.count,
    waitMs: ({ perMinute, chargedPerHour }) =>
      Math.max(sent.untilBelow(perMinute), charged.untilBelow(chargedPerHour)),
  };
}

interface Ration {
  /** One was used, whether or not there was one. */
  use(): void;
  /** What may be used at once; never less than 0. */
  left(): number;
  /** Milliseconds until so much is left; 0 = now. What was used beyond the ration has to be made up for first. */
  waitMs(needed: number): number;
}

/** How much may be used at once, and how much comes after in each minute. */
export interface RationSize {
  burst: number;
  perMinute: number;
}

/**
 * Holds spending to a rate and lets bursts pass: in no hour is more used than the burst and an hour's worth of the rate.
 * @param size as it is now
 */
export function createRation(clock: Clock, size: () => RationSize): Ration {
  let left = size().burst;
  let filledAt = clock.now();
  const fill = (): void => {
    const now = clock.now();
    const { burst, perMinute } = size();
    left = Math.min(burst, left + (Math.max(0, now - filledAt) / minuteMs) * perMinute);
    filledAt = now;
  };
  return {
    use() {
      fill();
      left -= 1;
    },
    left() {
      fill();
      return Math.max(0, left);
    },
    waitMs(needed) {
      fill();
      return left >= needed ? 0 : Math.ceil(((needed - left) / size().perMinute) * minuteMs);
    },
  };
}
