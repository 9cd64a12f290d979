/** The host's clock, which a test may move forward: hours pass in a moment, and everything else takes its real time. */
import { type Clock, sleepOn } from '../platform/clock.ts';

export interface SteppableClock extends Clock {
  /** Moves it forward and fires what falls due, in order. */
  advance(durationMs: number): void;
  /** Sets it off by so much, in either direction, as a correction of the host's clock would: nothing is fired. */
  step(byMs: number): void;
}

interface Pending {
  dueAt: number;
  fire: () => void;
  timer: NodeJS.Timeout;
}

export function createSteppableClock(): SteppableClock {
  /** Of time that has passed in a moment, and of the clock's own error. */
  let passedMs = 0;
  let errorMs = 0;
  const pending = new Set<Pending>();
  const elapsed = (): number => performance.timeOrigin + performance.now() + passedMs;

  const schedule = (dueAt: number, callback: () => void): (() => void) => {
    const fire = (): void => {
      pending.delete(entry);
      clearTimeout(entry.timer);
      callback();
    };
    const entry: Pending = { dueAt, fire, timer: setTimeout(fire, Math.max(0, dueAt - elapsed())) };
    pending.add(entry);
    return () => {
      pending.delete(entry);
      clearTimeout(entry.timer);
    };
  };
  const after: Clock['after'] = (delayMs, callback) => schedule(elapsed() + delayMs, callback);

  return {
    now: () => Math.round(elapsed() + errorMs),
    after,
    every(periodMs, callback) {
      let cancel = (): void => {};
      const arm = (dueAt: number): void => {
        cancel = schedule(dueAt, () => {
          // What was missed while the time jumped is made up for once, as a host's interval timer would.
          arm(Math.max(dueAt + periodMs, elapsed()));
          callback();
        });
      };
      arm(elapsed() + periodMs);
      return () => cancel();
    },
    sleep: sleepOn({ after }),
    advance(durationMs) {
      passedMs += durationMs;
      const now = elapsed();
      for (const entry of [...pending].sort((a, b) => a.dueAt - b.dueAt)) {
        if (!pending.has(entry)) continue;
        if (entry.dueAt <= now) entry.fire();
        else {
          clearTimeout(entry.timer);
          entry.timer = setTimeout(entry.fire, entry.dueAt - now);
        }
      }
    },
    step(byMs) {
      errorMs += byMs;
    },
  };
}
