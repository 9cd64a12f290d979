/** The line of queued jobs: everyone's place in it, and when it will probably be served. Pure. */
import { formatCount, formatRoughly } from '../../../shared/format.ts';
import type { Job } from '../../../shared/model.ts';

/** Queued jobs that ask for the same labels, and the runners that could take them. */
export interface LineGroup {
  key: string;
  /** Names of runners that take jobs now or when theirs has ended. */
  runners: readonly string[];
}

/** Someone in the line. */
export interface LineJob {
  id: string;
  group: string;
  queuedAt: number;
  /** How long such jobs take; null where there is no history. */
  usualMs: number | null;
}

export interface LineInput {
  now: number;
  jobs: readonly LineJob[];
  groups: readonly LineGroup[];
  /** When each runner is free, by its name; null where that cannot be told. */
  freeAt: ReadonlyMap<string, number | null>;
}

export interface Place {
  position: number;
  estimate: Job['estimate'];
}

/** Groups that share a runner stand in one line. */
function sharing(groups: readonly LineGroup[]): Map<string, string[]> {
  const groupsOf = new Map<string, string[]>();
  for (const { key, runners } of groups) {
    for (const name of runners) groupsOf.set(name, [...(groupsOf.get(name) ?? []), key]);
  }
  return new Map(
    groups.map(({ key, runners }) => [
      key,
      [...new Set([key, ...runners.flatMap((name) => groupsOf.get(name) ?? [])])],
    ]),
  );
}

function basisOf(ahead: number, aheadMs: number, known: number, runners: number): string {
  const takes =
    known === 0 ? '' : `; ${known === 1 ? 'it takes' : 'they take'} about ${formatRoughly(aheadMs / known)}`;
  const each = known > 1 ? ' each' : '';
  if (ahead === 0) {
    const which = runners === 1 ? 'Its runner' : `One of ${runners} runners`;
    return `${which} should be free then, by how long such jobs took.`;
  }
  return `${formatCount(ahead, 'job is', 'jobs are')} before it${takes}${each}.`;
}

/**
 * Serves the line, the longest waiting first, each by the runner that is free first.
 * @returns the place of every job; the estimate is null where nothing is known to build it on
 */
export function serveLine({ now, jobs, groups, freeAt }: LineInput): Map<string, Place> {
  const shared = sharing(groups);
  const runnersOf = new Map(groups.map(({ key, runners }) => [key, runners]));
  const ahead = new Map(groups.map(({ key }) => [key, { count: 0, known: 0, totalMs: 0 }]));
  const free = new Map(freeAt);
  const places = new Map<string, Place>();
  const inOrder = jobs.toSorted(
    (one, other) => one.queuedAt - other.queuedAt || (one.id < other.id ? -1 : Number(one.id > other.id)),
  );
  for (const { id, group, usualMs } of inOrder) {
    const before = { count: 0, known: 0, totalMs: 0 };
    for (const key of shared.get(group) ?? []) {
      const part = ahead.get(key);
      before.count += part?.count ?? 0;
      before.known += part?.known ?? 0;
      before.totalMs += part?.totalMs ?? 0;
    }
    const runners = runnersOf.get(group) ?? [];
    const taker = firstFree(runners, free);
    if (taker) free.set(taker.name, usualMs === null ? null : Math.max(now, taker.at) + usualMs);
    const startsAt = taker && taker.at > now ? Math.round(taker.at) : null;
    const estimate =
      startsAt === null
        ? null
        : { startsAt, basis: basisOf(before.count, before.totalMs, before.known, runners.length) };
    places.set(id, { position: before.count + 1, estimate });
    const own = ahead.get(group);
    if (!own) continue;
    own.count += 1;
    own.known += usualMs === null ? 0 : 1;
    own.totalMs += usualMs ?? 0;
  }
  return places;
}

function firstFree(
  names: readonly string[],
  free: ReadonlyMap<string, number | null>,
): { name: string; at: number } | null {
  let first: { name: string; at: number } | null = null;
  for (const name of names) {
    const at = free.get(name) ?? null;
    if (at !== null && (!first || at < first.at)) first = { name, at };
  }
  return first;
}

/** A start that moved less than this, and less than a tenth of the wait, is not told anew. */
const leastMoveMs = 15_000;

/** Keeps what was told before where the new estimate hardly differs, so that it does not flicker. */
export function steadyEstimate(told: Job['estimate'], fresh: Job['estimate'], now: number): Job['estimate'] {
  if (!told || !fresh) return fresh;
  const moved = Math.abs(fresh.startsAt - told.startsAt);
  const isSame = moved <= Math.max(leastMoveMs, (fresh.startsAt - now) / 10);
  return isSame && told.startsAt > now ? { ...fresh, startsAt: told.startsAt } : fresh;
}
