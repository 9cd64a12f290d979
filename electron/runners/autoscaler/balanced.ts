/** Balanced: as many runners as jobs wait, and one kept warm for a while after the pool's last job. */
import type { Policy } from './policy.ts';

/** How long one runner stays after the last job of the pool ended, whatever the idle time. */
export const warmMs = 10 * 60_000;

/** Keeps the longest idle runner warm, unless a spare is warm anyway: its deadline then only ever moves later. */
export const balanced: Policy = ({ input, waiting }) => {
  const { minRunners, idleTimeoutMs, lastJobEndedAt } = input;
  const warmUntil = minRunners === 0 && lastJobEndedAt !== null ? lastJobEndedAt + warmMs : 0;
  return {
    ready: waiting + minRunners,
    staysUntil: ({ since }, place) => Math.max(since + idleTimeoutMs, place === 0 ? warmUntil : 0),
    nextAt: null,
  };
};
