/** How available a runner was, measured against the target and told in words. */
import { formatDuration } from './format.ts';
import type { Health } from './model.ts';

/** The share of the time in which a runner is meant to run that it shall take jobs in. */
const targetShare = 0.995;

/**
 * One sentence on the days of a runner's health: the share, of how much time, and whether the target is met.
 * @example describeAvailability(health.availability) // "Available 99.91 % of 6 d 4 h: the target of 99.5 % is met."
 */
export function describeAvailability(days: Health['availability']): string {
  const downMs = days.reduce((sum, day) => sum + day.downMs, 0);
  const totalMs = days.reduce((sum, day) => sum + day.upMs, downMs);
  if (totalMs <= 0) return 'It has not been meant to run yet.';
  const missedMs = Math.round(downMs - totalMs * (1 - targetShare));
  // Rounded down, so that what is below the target never reads as the target.
  const percent = Math.floor(((totalMs - downMs) / totalMs) * 10_000) / 100;
  const verdict = missedMs > 0 ? `missed by ${formatDuration(missedMs)}` : 'met';
  return `Available ${percent} % of ${formatDuration(totalMs)}: the target of ${targetShare * 100} % is ${verdict}.`;
}
