/** How a pool's runners live, as a person enters it, for a new pool and for one that exists; and what it amounts to. */
import { formatCount } from '../../../shared/format.ts';
import type { Lifecycle, Neighbour, Pool, Scaling } from '../../../shared/model.ts';
import { defaultIdleTimeoutMs, defaultNeighbour, defaultScaling } from '../../../shared/pool-defaults.ts';
import { type Checked, right, wrong } from '../deploy/checked.ts';
import { type HoursTerms, hoursTermsOf, readHours } from './hours.ts';

const minuteMs = 60_000;
/** The engine's bounds (a runner that left sooner would leave between two looks at the queue). */
const shortestIdleMinutes = 0.1;
const longestIdleMinutes = 7 * 24 * 60;

/** The choices about other users of the machine; a figure is kept while its tick is away. */
export interface NeighbourTerms extends HoursTerms {
  pauseOnBattery: boolean;
  pauseOnMetered: boolean;
  lowPriority: boolean;
  byLoad: boolean;
  /** Per cent of all cores, as typed. */
  load: string;
}

export interface Terms {
  mode: Lifecycle['mode'];
  policy: Scaling['policy'];
  /** As typed. */
  idleMinutes: string;
  /** Runners that always wait for jobs, as typed. */
  spares: string;
  neighbour: NeighbourTerms;
  rerunLost: boolean;
}

export type TermsField = 'idleMinutes' | 'spares' | 'load' | 'hours' | 'lifecycle' | 'scaling' | 'neighbour';
export type TermsProblems = Partial<Record<TermsField, string>>;

/** What can be said of a pool's life, apart from its size. */
export type ReadTerms = Pick<Pool, 'lifecycle' | 'scaling' | 'neighbour' | 'rerunLost'>;

/** The fields as they stand for a pool; without one, as they are for a new pool. */
export function termsOf(pool: ReadTerms | null): Terms {
  const { lifecycle, scaling, neighbour, rerunLost } = pool ?? {
    lifecycle: { mode: 'auto', idleTimeoutMs: defaultIdleTimeoutMs } as const,
    scaling: defaultScaling,
    neighbour: defaultNeighbour,
    rerunLost: true,
  };
  const idleTimeoutMs = lifecycle.mode === 'auto' ? lifecycle.idleTimeoutMs : defaultIdleTimeoutMs;
  return {
    mode: lifecycle.mode,
    policy: scaling.policy,
    idleMinutes: String(Math.round((idleTimeoutMs / minuteMs) * 100) / 100),
    spares: String(scaling.minRunners),
    neighbour: neighbourTermsOf(neighbour),
    rerunLost,
  };
}

function neighbourTermsOf({ pauseAboveLoad, hours, ...ticks }: Neighbour): NeighbourTerms {
  return {
    ...ticks,
    byLoad: pauseAboveLoad !== null,
    load: String(Math.round((pauseAboveLoad ?? 0.5) * 100)),
    ...hoursTermsOf(hours),
  };
}

/**
 * Reads the fields.
 * @param maximum the most runners at once, already read
 * @returns what they amount to (null while something is wrong), and what is wrong at which field
 */
export function readTerms(
  terms: Terms,
  maximum: number,
): { read: ReadTerms | null; problems: TermsProblems } {
  const { mode, policy, rerunLost } = terms;
  const problems: TermsProblems = {};
  const take = <T>(field: TermsField, checked: Checked<T>): T | null => {
    if (checked.ok) return checked.value;
    problems[field] = checked.problem;
    return null;
  };
  const idle = mode === 'auto' ? take('idleMinutes', readIdleMinutes(terms.idleMinutes)) : 0;
  const minRunners = mode === 'manual' ? 0 : take('spares', readSpares(terms.spares, maximum));
  take('load', readLoad(terms.neighbour));
  take('hours', readHours(terms.neighbour));
  const neighbour = neighbourFrom(terms.neighbour);
  if (idle === null || minRunners === null || neighbour === null) return { read: null, problems };
  const lifecycle: Lifecycle = mode === 'auto' ? { mode, idleTimeoutMs: idle * minuteMs } : { mode };
  const scaling = { policy, minRunners, maxRunners: maximum };
  return { read: { lifecycle, scaling, neighbour, rerunLost }, problems };
}

/** What the choices about other users amount to; null while one of them cannot be read. */
export function neighbourFrom(terms: NeighbourTerms): Neighbour | null {
  const load = readLoad(terms);
  const hours = readHours(terms);
  if (!load.ok || !hours.ok) return null;
  const { pauseOnBattery, pauseOnMetered, lowPriority } = terms;
  return {
    pauseOnBattery,
    pauseOnMetered,
    lowPriority,
    pauseAboveLoad: load.value.share,
    hours: hours.value.span,
  };
}

/** The idle time that stands in the field, in milliseconds; null while it cannot be read. */
export function readIdleMs(text: string): number | null {
  const minutes = readIdleMinutes(text);
  return minutes.ok ? minutes.value * minuteMs : null;
}

function readIdleMinutes(text: string): Checked<number> {
  const typed = text.trim().replace(',', '.');
  if (typed === '') return wrong('Say after how many idle minutes a runner leaves.');
  const minutes = Number(typed);
  if (!/^[+-]?\d*\.?\d+$/.test(typed)) return wrong(`“${text.trim()}” is not a number of minutes.`);
  if (minutes < shortestIdleMinutes)
    return wrong('Sooner than after 6 seconds (0.1 minutes) a runner cannot leave.');
  if (minutes > longestIdleMinutes) return wrong('At most 7 days, which are 10,080 minutes.');
  return right(minutes);
}

function readSpares(text: string, maximum: number): Checked<number> {
  const typed = text.trim();
  if (typed === '') return right(0);
  if (!/^\d+$/.test(typed)) return wrong(`“${typed}” is not a whole number. 0 keeps none.`);
  const spares = Number(typed);
  if (spares > maximum) {
    return wrong(
      `${spares} cannot be kept ready where at most ${formatCount(maximum, 'runner')} may be there.`,
    );
  }
  return right(spares);
}

function readLoad({ byLoad, load }: NeighbourTerms): Checked<{ share: number | null }> {
  if (!byLoad) return right({ share: null });
  const typed = load.trim().replace(/%$/, '').trim();
  const percent = Number(typed);
  if (!/^\d+$/.test(typed) || percent < 1 || percent > 100) {
    return wrong('Say above which share of the cores it pauses: a whole number from 1 to 100.');
  }
  return right({ share: percent / 100 });
}
