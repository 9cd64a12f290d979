/** How many runners a pool should have now, who leaves, and why: one pure function over the three policies. */
import { formatCount } from '../../../shared/format.ts';
import type { Hold, Scaling } from '../../../shared/model.ts';
import { aggressive } from './aggressive.ts';
import { balanced } from './balanced.ts';
import { causeOf } from './cause.ts';
import { lazy } from './lazy.ts';
import { lookAtPool, type Policy, type PolicyAnswer, type PoolNow } from './policy.ts';
import type { ScalableRunner, ScaleDecision, ScaleInput } from './scaling.ts';

const policies: Record<Scaling['policy'], Policy> = { lazy, balanced, aggressive };

/**
 * Decides for one pool. A deadline that was told only moves later while the pool's settings stay and no runner is lost;
 * one that has passed is kept as it is while jobs wait, for then no idle runner leaves.
 * @returns `start` and `retire` are never both more than nothing; `stopsAt` has every idle runner and no other
 */
export function decideScale(input: ScaleInput): ScaleDecision {
  const pool = lookAtPool(input);
  if (input.pause) return letGo(pool, input.pause);
  const answer = policies[input.policy](pool);
  const stopsAt = deadlinesOf(pool, answer);
  const excess = excessOf(pool, stopsAt);
  for (const [id, deadline] of excess) stopsAt.set(id, deadline);
  // While jobs wait, no other runner leaves: each may be about to take one.
  const mayLeave = pool.waiting > 0 ? excess : stopsAt;
  const retire = [...mayLeave].flatMap(([id, at]) => (at !== null && at <= input.now ? [id] : []));
  const missing = Math.max(0, answer.ready - pool.coming - pool.idle.length);
  const places = Math.max(0, input.maxRunners - input.runners.length);
  const start = Math.min(missing, places, Math.max(0, input.room.count));
  const hold = start < missing ? holdOf(pool, start, places) : null;
  const there = pool.busy + pool.coming + pool.idle.length - retire.length;
  return {
    wanted: Math.min(input.maxRunners, there + missing),
    start,
    stopsAt,
    retire,
    cause: causeOf({
      pool,
      start,
      isHeld: hold !== null,
      retire: retire.length,
      isOverFull: excess.size > 0 && retire.length > 0,
      stopsAt,
    }),
    hold,
    nextAt: earliestAfter(input.now, [answer.nextAt, ...mayLeave.values()]),
  };
}

/** While the pool takes no jobs, busy runners finish theirs and idle ones leave, spares and kept ones too. */
function letGo(pool: PoolNow, pause: Hold): ScaleDecision {
  const { now } = pool.input;
  const stopsAt = new Map(pool.idle.map(({ id }) => [id, now]));
  return {
    wanted: pool.busy + pool.coming,
    start: 0,
    stopsAt,
    retire: [...stopsAt.keys()],
    cause: causeOf({ pool, start: 0, isHeld: true, retire: stopsAt.size, isOverFull: false, stopsAt }),
    hold: pause,
    nextAt: null,
  };
}

function deadlinesOf({ input, idle }: PoolNow, answer: PolicyAnswer): Map<string, number | null> {
  return new Map(
    idle.map((runner, index) => {
      const place = index - input.minRunners;
      if (place < 0) return [runner.id, null];
      const deadline = Math.max(answer.staysUntil(runner, place), runner.keptUntil ?? 0);
      return [runner.id, Number.isFinite(deadline) ? deadline : null];
    }),
  );
}

/** Idle runners beyond a maximum that was lowered leave at once, whether jobs wait or not; kept ones when that ends. */
function excessOf(
  { input, idle, leaving }: PoolNow,
  stopsAt: ReadonlyMap<string, number | null>,
): Map<string, number> {
  const excess = Math.max(0, input.runners.length - leaving - input.maxRunners);
  const wouldLeaveAt = ({ id }: ScalableRunner): number => stopsAt.get(id) ?? Number.MAX_VALUE;
  const mayLeaveAt = ({ keptUntil }: ScalableRunner): number => Math.max(input.now, keptUntil ?? 0);
  const first = idle
    .toSorted((one, other) => mayLeaveAt(one) - mayLeaveAt(other) || wouldLeaveAt(one) - wouldLeaveAt(other))
    .slice(0, excess);
  return new Map(first.map((runner) => [runner.id, mayLeaveAt(runner)]));
}

/** What keeps waiting jobs from their runners, or the pool from its spares where the host is the reason. */
function holdOf(
  { input, waiting, coming, idle, away, leaving }: PoolNow,
  start: number,
  places: number,
): Hold | null {
  const ready = coming + idle.length + start;
  if (input.room.count < places) return ready < waiting + input.minRunners ? input.room.hold : null;
  if (ready >= waiting) return null;
  const most = formatCount(input.maxRunners, 'runner');
  const useless = [
    ...(away > 0 ? [`${away} of them without taking jobs`] : []),
    ...(leaving > 0 ? [`${leaving} of them about to leave`] : []),
  ];
  const sentence = `The pool has its maximum of ${[most, ...useless].join(', ')}.`;
  return { kind: 'pool-maximum', sentence };
}

function earliestAfter(now: number, times: readonly (number | null)[]): number | null {
  const ahead = times.filter((at) => at !== null).filter((at) => at > now);
  return ahead.length > 0 ? Math.min(...ahead) : null;
}
