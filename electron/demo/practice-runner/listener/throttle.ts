/** Slows down when job after job cannot be acquired (ErrorThrottler.cs). */
import type { Clock } from '../../../platform/clock.ts';

export interface Throttle {
  /** Counts a failure; the first one waits for nothing, later ones twice as long as before, up to a minute. */
  wait(signal: AbortSignal): Promise<void>;
  reset(): void;
}

const longestMs = 60_000;

export function createThrottle(clock: Clock): Throttle {
  let failures = 0;
  return {
    async wait(signal) {
      failures += 1;
      if (failures > 1) await clock.sleep(Math.min(1000 * 2 ** (failures - 2), longestMs), signal);
    },
    reset() {
      failures = 0;
    },
  };
}
