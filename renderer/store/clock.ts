/** The engine's clock as this page sees it. Times on the board are the engine's; the page's own clock may be wrong. */

export interface EngineClock {
  /** Learns that the engine's clock showed `engineMs` when the page's showed `pageMs`. */
  set(engineMs: number, pageMs: number): void;
  /** The engine's time when the page's clock shows `pageMs`. */
  at(pageMs: number): number;
}

/**
 * Keeps the skew between two clocks. News is late but never early, so the largest skew heard lately is the best one: a
 * smaller one is taken over only when it lasts longer than delay explains.
 * @param toleranceMs a smaller skew within this is taken for delay
 */
export function createEngineClock(toleranceMs = 2000): EngineClock {
  let skewMs: number | null = null;
  return {
    set(engineMs, pageMs) {
      const heardMs = engineMs - pageMs;
      if (skewMs === null || heardMs > skewMs || skewMs - heardMs > toleranceMs) skewMs = heardMs;
    },
    at: (pageMs) => pageMs + (skewMs ?? 0),
  };
}

/** The one clock that all screens count with. */
export const engineClock = createEngineClock();
