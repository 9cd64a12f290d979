/**
 * Time as an argument. Everything that waits or stamps takes a `Clock`, so that tests drive it by hand.
 */
export interface Clock {
  /** Epoch milliseconds. */
  now(): number;
  /** Calls back once after `delayMs` milliseconds; the returned function cancels it. */
  after(delayMs: number, callback: () => void): () => void;
  /** Calls back every `periodMs` milliseconds; the returned function ends it. */
  every(periodMs: number, callback: () => void): () => void;
  /** Resolves after `delayMs` milliseconds; rejects with the signal's reason when it aborts first. */
  sleep(delayMs: number, signal?: AbortSignal): Promise<void>;
}

/** Builds `sleep` from the other parts of a clock. */
export function sleepOn(clock: Pick<Clock, 'after'>): Clock['sleep'] {
  return (delayMs, signal) =>
    new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      const cancel = clock.after(delayMs, () => {
        signal?.removeEventListener('abort', onAbort);
        resolve();
      });
      function onAbort() {
        cancel();
        reject(signal?.reason);
      }
      signal?.addEventListener('abort', onAbort, { once: true });
    });
}

function afterOnHost(delayMs: number, callback: () => void): () => void {
  const timer = setTimeout(callback, delayMs);
  return () => clearTimeout(timer);
}

/** The host's own clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  after: afterOnHost,
  every(periodMs, callback) {
    const timer = setInterval(callback, periodMs);
    return () => clearInterval(timer);
  },
  sleep: sleepOn({ after: afterOnHost }),
};

/** A clock that stands still until a test moves it. */
export interface ManualClock extends Clock {
  /** Moves time forward by `durationMs`, firing what falls due in order; awaits microtasks between callbacks. */
  advance(durationMs: number): Promise<void>;
}

interface Due {
  at: number;
  callback: () => void;
}

/**
 * Creates a clock for tests.
 * @param startMs epoch milliseconds at which it starts
 */
export function createManualClock(startMs = Date.UTC(2026, 0, 1)): ManualClock {
  let now = startMs;
  const pending = new Set<Due>();
  const schedule = (at: number, callback: () => void): (() => void) => {
    const due = { at, callback };
    pending.add(due);
    return () => pending.delete(due);
  };
  const after = (delayMs: number, callback: () => void) => schedule(now + delayMs, callback);
  return {
    now: () => now,
    after,
    every(periodMs, callback) {
      let cancel = () => {};
      const arm = () => {
        cancel = schedule(now + periodMs, () => {
          arm();
          callback();
        });
      };
      arm();
      return () => cancel();
    },
    sleep: sleepOn({ after }),
    async advance(durationMs) {
      const end = now + durationMs;
      for (;;) {
        const next = [...pending].filter((due) => due.at <= end).sort((a, b) => a.at - b.at)[0];
        if (!next) break;
        now = Math.max(now, next.at);
        pending.delete(next);
        next.callback();
        await new Promise((resolve) => setImmediate(resolve));
      }
      now = end;
    },
  };
}
