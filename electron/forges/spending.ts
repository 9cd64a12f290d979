/** What requests cost: how many were sent in the last minute, how many were charged in the last hour. */
import type { Clock } from '../platform/clock.ts';
import type { RequestMeter } from './forge.ts';

const minuteMs = 60_000;
const hourMs = 3_600_000;

export interface SpendingMeter extends RequestMeter {
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
