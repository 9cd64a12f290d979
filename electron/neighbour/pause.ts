/** Whether a pool takes no new jobs so that nobody is disturbed: a pure function of its terms and of what is known. */
import type { Hold, Neighbour, Surroundings } from '../../shared/model.ts';
import { nextBeginning, sayMoment, spanAt } from './hours.ts';
import { type LoadMemory, resumeAfterMs, resumeShare } from './user-load.ts';

export interface Pause {
  /** Why no new job is taken and until when; null while jobs are taken. */
  hold: Hold | null;
  /** When that may change by time alone, epoch milliseconds; null when it waits for something else. */
  nextChangeAt: number | null;
}

/**
 * Decides for one pool. What this host does not tell never pauses anything.
 * @param surroundings null while nothing was measured
 * @param now epoch milliseconds; hours are those of this machine's time zone
 * @param load what `followLoad` made of the measurements for this pool
 */
export function pauseOf(
  neighbour: Neighbour,
  surroundings: Surroundings | null,
  now: number,
  load: LoadMemory,
): Pause {
  const { hours } = neighbour;
  const span = hours && spanAt(hours, now);
  const nextChangeAt = span ? span.to : hours && nextBeginning(hours, now);
  if (hours && !span) return { hold: outsideHours(nextChangeAt, now), nextChangeAt };
  const hold =
    onBattery(neighbour, surroundings) ??
    onMetered(neighbour, surroundings) ??
    underLoad(neighbour, surroundings, load);
  return { hold, nextChangeAt };
}

function outsideHours(beginsAt: number | null, now: number): Hold {
  const sentence =
    beginsAt === null
      ? 'Outside its hours: they have no day.'
      : `Outside its hours: goes on at ${sayMoment(beginsAt, now)}.`;
  return { kind: 'hours', sentence };
}

function onBattery({ pauseOnBattery }: Neighbour, surroundings: Surroundings | null): Hold | null {
  if (!pauseOnBattery || surroundings?.onBattery !== true) return null;
  const percent = surroundings.batteryPercent;
  const charge = percent === null ? '' : ` (${Math.round(percent)} %)`;
  return { kind: 'battery', sentence: `On battery${charge}: no new jobs until it is plugged in.` };
}

function onMetered({ pauseOnMetered }: Neighbour, surroundings: Surroundings | null): Hold | null {
  if (!pauseOnMetered || surroundings?.metered !== true) return null;
  return { kind: 'metered', sentence: 'On a metered network: no new jobs until it is on another one.' };
}

function underLoad(
  { pauseAboveLoad }: Neighbour,
  surroundings: Surroundings | null,
  { paused }: LoadMemory,
): Hold | null {
  if (pauseAboveLoad === null || !paused) return null;
  const share = surroundings?.othersLoad ?? null;
  const used = share === null ? 'were busy' : `use ${percentOf(share)} of the cores`;
  const until = `below ${percentOf(pauseAboveLoad * resumeShare)} for ${resumeAfterMs / 60_000} minutes`;
  return { kind: 'user-load', sentence: `Your programs ${used}: no new jobs until that is ${until}.` };
}

function percentOf(share: number): string {
  return `${Math.round(share * 100)} %`;
}
