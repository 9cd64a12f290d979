/** A pool's promise in words that need no manual. */
import { formatCount, formatRoughly } from '../../../shared/format.ts';
import type { Lifecycle, Neighbour, Pool, Scaling } from '../../../shared/model.ts';

const minuteMs = 60_000;
/** How long the balanced policy keeps one runner after the last job, and what the lazy one lets a job wait. */
const keptWarmMs = 10 * minuteMs;
const lazyWaitMs = 30_000;
/** What the aggressive policy multiplies the idle time by. */
export const aggressiveIdleFactor = 3;

export const lifeTitles: Record<Lifecycle['mode'], string> = {
  auto: 'Until nothing is left to do',
  ephemeral: 'One job each',
  manual: 'Until you stop them',
};

export const policyTitles: Record<Scaling['policy'], string> = {
  lazy: 'Lazy',
  balanced: 'Balanced',
  aggressive: 'Aggressive',
};

/** What a policy does, in one sentence; `idleMs` null where no idle time is set yet. */
export function policySentence(policy: Scaling['policy'], idleMs: number | null): string {
  if (policy === 'lazy') {
    return `One runner at a time, once a job has waited ${formatRoughly(lazyWaitMs)}. It leaves when its idle time is over.`;
  }
  if (policy === 'balanced') {
    return `As many as jobs wait. One of them stays ${formatRoughly(keptWarmMs)} after the last job.`;
  }
  const stay = idleMs === null ? 'three idle times' : formatRoughly(idleMs * aggressiveIdleFactor);
  return `All at once, and a quarter more to spare. They stay ${stay}.`;
}

/** How its runners live, in a line: "Until nothing is left to do · 5 min idle, then away · balanced". */
export function lifeLine({ lifecycle, scaling }: Pick<Pool, 'lifecycle' | 'scaling'>): string {
  const parts = [lifeTitles[lifecycle.mode]];
  if (lifecycle.mode === 'auto') {
    parts.push(`${formatRoughly(lifecycle.idleTimeoutMs)} idle, then away`, scaling.policy);
  }
  if (lifecycle.mode !== 'manual' && scaling.minRunners > 0) parts.push(`${scaling.minRunners} kept ready`);
  return parts.join(' · ');
}

/** What is to be expected while nothing waits: "none runs while nothing waits". */
export function quietWords({ minRunners }: Pick<Scaling, 'minRunners'>): string {
  if (minRunners === 0) return 'none runs while nothing waits';
  return `${minRunners === 1 ? '1 is' : `${minRunners} are`} kept ready while nothing waits`;
}

/** "Up to 4 at once; none runs while nothing waits." */
export function boundsSentence({ lifecycle, scaling }: Pick<Pool, 'lifecycle' | 'scaling'>): string {
  const { maxRunners } = scaling;
  if (lifecycle.mode === 'manual') return `${formatCount(maxRunners, 'runner')}, until you stop them.`;
  return `Up to ${maxRunners.toLocaleString('en')} at once; ${quietWords(scaling)}.`;
}

const dayNames = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'] as const;
/** As a week is read here: Monday first. */
export const week: readonly { day: number; short: string; name: string }[] = [1, 2, 3, 4, 5, 6, 0].map(
  (day) => {
    const name = dayNames[day] ?? '';
    return { day, short: name.slice(0, 2), name };
  },
);

/** Days in words: "every day", "Monday to Friday", "Saturday and Sunday", "Mo, We, Fr". */
export function daysWords(days: readonly number[]): string {
  const places = week.flatMap(({ day }, place) => (days.includes(day) ? [place] : []));
  const [first = 0] = places;
  const last = places.at(-1) ?? first;
  const nameAt = (place: number): string => week[place]?.name ?? '';
  if (places.length === week.length) return 'every day';
  if (places.length === 1) return `${nameAt(first)}s`;
  if (places.length === 2) return `${nameAt(first)} and ${nameAt(last)}`;
  if (last - first === places.length - 1) return `${nameAt(first)} to ${nameAt(last)}`;
  return places.map((place) => week[place]?.short ?? '').join(', ');
}

/** "20:00–07:00 every day", telling a span that ends the next morning. */
export function hoursWords({ from, to, days }: NonNullable<Neighbour['hours']>): string {
  const overnight = to < from ? ' (the next morning)' : '';
  return `${from}–${to}${overnight}, ${daysWords(days)}`;
}

/** What it does for others on this machine, one phrase each; empty where it always works. */
export function neighbourPhrases(neighbour: Neighbour): string[] {
  const { pauseOnBattery, pauseOnMetered, pauseAboveLoad, hours, lowPriority } = neighbour;
  return [
    hours === null ? '' : `works only ${hoursWords(hours)}`,
    pauseOnBattery ? 'pauses on battery' : '',
    pauseOnMetered ? 'pauses on a metered network' : '',
    pauseAboveLoad === null
      ? ''
      : `pauses while your programs use more than ${Math.round(pauseAboveLoad * 100)} % of the cores`,
    lowPriority ? 'gives your programs the right of way' : '',
  ].filter(Boolean);
}
