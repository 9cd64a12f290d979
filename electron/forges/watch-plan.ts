/**
 * How often each repository of a connection is looked at: a pure function of what they ask for and of a budget that all
 * of them keep to together.
 */
import type { Repository } from '../../shared/model.ts';
import type { ForgeBudget } from './forge.ts';
import type { Ceilings, RationSize } from './spending.ts';

type Reason = NonNullable<Repository['watch']>['reason'];

/** What a repository asks for, and what a look at it has cost lately. */
export interface WatchDemand {
  /** `pool`: a pool that manages itself serves it; `active`: something is queued or runs. */
  wish: Extract<Reason, 'pool' | 'active' | 'looked-at' | 'unattended'>;
  /** Looks in a row in which nothing was queued or running. */
  quietLooks: number;
  /** Requests that a look takes, charged or not. */
  requestsPerLook: number;
  /** Requests that a look was charged for. */
  chargedPerLook: number;
  /** Requests that make sure once a minute that nothing was missed. */
  upkeepRequests: number;
  /** Of these, those that were charged. */
  upkeepCharged: number;
  /** Runs whose jobs have to be read again and again, because they change without their run. */
  activeRuns: number;
  /** Share of those readings that were charged, 0–1. */
  chargedShare: number;
}

export interface WatchPlan {
  /** Every change is seen within that time. */
  intervalMs: number;
  /** Age at which the jobs of a run are read again although nothing points to a change. */
  refreshMs: number;
  /** Time between two looks that make sure that nothing was missed. */
  upkeepMs: number;
  /** Whether charges are to be saved even where that shows a rare change later. */
  isThrifty: boolean;
  reason: Reason;
}

/** What may be spent now. */
export interface Allowance {
  requestsPerMinute: number;
  chargedPerMinute: number;
}

/** An interval holds two looks: each asks one of the two lists that together show every change. */
export const looksPerInterval = 2;

const minuteMs = 60_000;
const shortestMs = 2000;
/** For a repository that is merely connected. */
const unattendedMs = 60_000;
/** Even with the budget used up. */
const longestMs = 300_000;

/** GitHub allows 900 points a minute, one for each read, unchanged answers included; a third of it is for watching. */
const requestsPerMinute = 300;
/** Share of the hour's quota that watching may be charged for. */
const hourShare = 0.25;
/** GitHub's quota for a person's tokens, until it has told one. */
const usualLimit = 5000;
/** Share of the quota that watching leaves, whoever used the rest. */
const reservedShare = 0.2;
/**
 * Of the hour's share: what may be spent in one burst, and what is spread evenly over the hour. A tenth is left for looks
 * that cost more than they were expected to.
 */
const burstShare = 0.4;
const evenShare = 0.5;
/** A burst is spent ever slower: in a minute a fifth of what is left of it. */
const burstMinutes = 5;

/** Share of the allowance that upkeep may use, of requests and of charged ones. */
const upkeepShare = 0.3;
const upkeepChargedShare = 0.2;
const longestUpkeepMs = 1_800_000;
/** Charged requests in a minute below which they are saved. */
const thriftyBelow = 60;
/** Of the allowance: what looks may use, and what is kept for reading the jobs of active runs again. */
const lookShare = 0.75;
const allShare = 0.9;

export function ceilingsOf(budget: ForgeBudget | null): Ceilings {
  return {
    perMinute: requestsPerMinute,
    chargedPerHour: Math.floor((budget?.limit ?? usualLimit) * hourShare),
  };
}

/** What watching may be charged for: in no hour more than its ceiling. */
export function chargedRation(budget: ForgeBudget | null): RationSize {
  const { chargedPerHour } = ceilingsOf(budget);
  return { burst: chargedPerHour * burstShare, perMinute: (chargedPerHour * evenShare) / 60 };
}

/** @param now epoch milliseconds @param burstLeft what is left of the burst of `chargedRation` */
export function allowanceOf(now: number, budget: ForgeBudget | null, burstLeft: number): Allowance {
  const own = chargedRation(budget).perMinute + burstLeft / burstMinutes;
  if (!budget || budget.resetsAt <= now) return { requestsPerMinute, chargedPerMinute: own };
  const left = Math.max(0, budget.remaining - budget.limit * reservedShare);
  const minutes = (budget.resetsAt - now) / minuteMs;
  return { requestsPerMinute, chargedPerMinute: Math.min(own, left / minutes) };
}

const isUrgent = ({ wish }: WatchDemand): boolean => wish === 'pool' || wish === 'active';

/** What it would like: once quiet, twice as long with every quiet interval, unless somebody looks. */
function wantedMs(demand: WatchDemand): number {
  if (isUrgent(demand) || demand.wish === 'looked-at') return shortestMs;
  const quietIntervals = Math.floor(demand.quietLooks / looksPerInterval);
  return Math.min(unattendedMs, shortestMs * 2 ** Math.min(quietIntervals, 10));
}

function sum(demands: readonly WatchDemand[], of: (demand: WatchDemand) => number): number {
  return demands.reduce((total, demand) => total + of(demand), 0);
}

/** The interval at which all of them together use no more than that; infinite when there is nothing to spend. */
function affordableMs(demands: readonly WatchDemand[], spare: Allowance): number {
  const span = (cost: number, rate: number): number =>
    cost < 0.05 ? 0 : rate <= 0 ? Number.POSITIVE_INFINITY : (cost * looksPerInterval * minuteMs) / rate;
  return Math.max(
    span(
      sum(demands, ({ requestsPerLook }) => requestsPerLook),
      spare.requestsPerMinute,
    ),
    span(
      sum(demands, ({ chargedPerLook }) => chargedPerLook),
      spare.chargedPerMinute,
    ),
  );
}

/** What is left of an allowance when these are looked at so often. */
function without(
  spare: Allowance,
  demands: readonly WatchDemand[],
  intervalMs: (demand: WatchDemand) => number,
): Allowance {
  const looks = (demand: WatchDemand): number => (looksPerInterval * minuteMs) / intervalMs(demand);
  return {
    requestsPerMinute:
      spare.requestsPerMinute - sum(demands, (demand) => demand.requestsPerLook * looks(demand)),
    chargedPerMinute:
      spare.chargedPerMinute - sum(demands, (demand) => demand.chargedPerLook * looks(demand)),
  };
}

const shareOf = (allowance: Allowance, share: number, fixed: number): Allowance => ({
  requestsPerMinute: Math.max(0, allowance.requestsPerMinute * share - fixed),
  chargedPerMinute: allowance.chargedPerMinute * share,
});

/** The age at which jobs are read again: what looks leave of the allowance, spread over all active runs. */
function refreshMs(demands: readonly WatchDemand[], left: Allowance): number {
  const span = (readings: number, rate: number): number =>
    readings === 0 ? 0 : rate <= 0 ? unattendedMs : (readings * minuteMs) / rate;
  const byRequests = span(
    sum(demands, ({ activeRuns }) => activeRuns),
    left.requestsPerMinute,
  );
  const byCharge = span(
    sum(demands, ({ activeRuns, chargedShare }) => activeRuns * chargedShare),
    left.chargedPerMinute,
  );
  return Math.min(unattendedMs, Math.max(byRequests, byCharge));
}

/** A minute, or more when there are very many repositories or much is charged for it. */
function affordableUpkeepMs(demands: readonly WatchDemand[], allowance: Allowance): number {
  const stretch = (cost: number, rate: number): number =>
    cost < 0.05 ? 0 : rate <= 0 ? Number.POSITIVE_INFINITY : cost / rate;
  const byRequests = stretch(
    sum(demands, ({ upkeepRequests }) => upkeepRequests),
    allowance.requestsPerMinute * upkeepShare,
  );
  const byCharge = stretch(
    sum(demands, ({ upkeepCharged }) => upkeepCharged),
    allowance.chargedPerMinute * upkeepChargedShare,
  );
  return Math.round(Math.min(longestUpkeepMs, minuteMs * Math.max(1, byRequests, byCharge)));
}

/**
 * Plans the watch of all repositories of one connection, in their order. Those with a pool that manages itself or with
 * something queued or running share what there is; the others get what these leave, and a look a minute in any case.
 */
export function planWatches(demands: readonly WatchDemand[], allowance: Allowance): WatchPlan[] {
  const upkeep = sum(demands, ({ upkeepRequests }) => upkeepRequests);
  const upkeepMs = affordableUpkeepMs(demands, allowance);
  const fixed = (upkeep * minuteMs) / upkeepMs;
  const anyActive = demands.some(({ activeRuns }) => activeRuns > 0);
  const forLooks = shareOf(allowance, anyActive ? lookShare : allShare, fixed);
  const urgent = demands.filter(isUrgent);
  const others = demands.filter((demand) => !isUrgent(demand));

  const half = shareOf(forLooks, urgent.length > 0 ? 0.5 : 1, 0);
  const slowMs = Math.min(longestMs, Math.max(unattendedMs, affordableMs(others, half)));
  const forUrgent = without(forLooks, others, () => slowMs);
  const urgentMs = Math.min(longestMs, Math.max(shortestMs, affordableMs(urgent, forUrgent)));
  const isTight = urgentMs > shortestMs;
  const eager = others.filter((demand) => wantedMs(demand) < slowMs);
  const forEager = without(
    without(forLooks, urgent, () => urgentMs),
    others.filter((demand) => !eager.includes(demand)),
    () => slowMs,
  );
  const eagerMs = isTight ? slowMs : Math.min(slowMs, affordableMs(eager, forEager));
  const intervalOf = (demand: WatchDemand): number =>
    isUrgent(demand) ? urgentMs : Math.min(slowMs, Math.max(wantedMs(demand), eagerMs));

  const left = without(shareOf(allowance, allShare, fixed), demands, intervalOf);
  const againMs = refreshMs(demands, left);
  return demands.map((demand) => {
    const intervalMs = Math.round(intervalOf(demand));
    return {
      intervalMs,
      refreshMs: Math.round(Math.max(intervalMs, againMs)),
      upkeepMs,
      isThrifty: allowance.chargedPerMinute < thriftyBelow,
      reason: intervalMs > wantedMs(demand) ? 'budget' : demand.wish,
    };
  });
}
