/** When the load of other programs is high for long enough to count, and low for long enough to be over. */

/** What is remembered of one pool between two measurements. */
export interface LoadMemory {
  paused: boolean;
  /** Since when the load speaks for a change, epoch milliseconds; null while it does not. */
  since: number | null;
}

/** How long the load must be above the threshold. */
const pauseAfterMs = 60_000;
/** Part of the threshold below which the load must fall, and for how long, before jobs go on. */
export const resumeShare = 0.75;
export const resumeAfterMs = 120_000;

export const calm: LoadMemory = { paused: false, since: null };

/**
 * Takes a measurement in. Without a threshold there is no pause; a load that the host does not tell counts as low.
 * @param threshold share of all cores, 0–1; null = never
 * @param othersLoad the same; null = unknown
 * @param at epoch milliseconds
 */
export function followLoad(
  memory: LoadMemory,
  threshold: number | null,
  othersLoad: number | null,
  at: number,
): LoadMemory {
  if (threshold === null) return calm;
  const load = othersLoad ?? 0;
  const { paused } = memory;
  const speaksForChange = paused ? load < threshold * resumeShare : load > threshold;
  if (!speaksForChange) return { paused, since: null };
  const since = memory.since ?? at;
  const isOver = at - since >= (paused ? resumeAfterMs : pauseAfterMs);
  return isOver ? { paused: !paused, since: null } : { paused, since };
}
