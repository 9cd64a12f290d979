/** A deadline that comes closer, as a ring and a clock show it. Pure; the engine sets the deadline. */

/** From here on a countdown looks different: it is nearly over. */
export const lastSeconds = 30;

export interface Countdown {
  /** Milliseconds until the deadline, never below 0. */
  leftMs: number;
  /** 0–1: how much of the whole span is left. */
  share: number;
  /** Whole seconds left while no more than `lastSeconds` are, else null. */
  seconds: number | null;
}

/**
 * What is left at `nowMs` of the span from `fromMs` to `untilMs`, all epoch milliseconds. A span of no length counts as
 * over.
 */
export function countdownAt(fromMs: number, untilMs: number, nowMs: number): Countdown {
  const leftMs = Math.max(0, untilMs - nowMs);
  const wholeMs = untilMs - fromMs;
  const share = wholeMs > 0 ? Math.min(1, leftMs / wholeMs) : 0;
  const seconds = Math.floor(leftMs / 1000);
  return { leftMs, share, seconds: seconds <= lastSeconds ? seconds : null };
}

/** Dashes for a circle of `lastSeconds` units: one stroke per second that is left, the rest empty. */
export function secondDashes(seconds: number): string {
  const strokes = Math.min(lastSeconds, Math.max(0, seconds));
  if (strokes === 0) return `0 ${lastSeconds}`;
  return [...Array.from({ length: strokes }, () => '0.5 0.5'), `0 ${lastSeconds}`].join(' ');
}
