/** What a policy is told and answers. What holds for all of them (ceilings, pauses, who leaves) is in decide.ts. */
import type { ScalableRunner, ScaleInput } from './scaling.ts';

/** A pool as it is at the moment of a decision. */
export interface PoolNow {
  input: ScaleInput;
  /** Jobs that wait for a runner of this pool. */
  waiting: number;
  coming: number;
  busy: number;
  away: number;
  leaving: number;
  /** Idle runners, longest idle first: the order in which they are spares, so that a spare stays the same one. */
  idle: readonly ScalableRunner[];
}

export interface PolicyAnswer {
  /** Runners that should be idle or coming now, the pool's spares among them. */
  ready: number;
  /**
   * Until when the idle runner at this place stays, epoch milliseconds; Infinity = while the pool is as it is.
   * @param place in `idle` without the pool's spares; 0 = the longest idle one
   */
  staysUntil(runner: ScalableRunner, place: number): number;
  /** When `ready` changes though nothing happens; null = not by time alone. */
  nextAt: number | null;
}

export type Policy = (pool: PoolNow) => PolicyAnswer;

/** Counts a pool's runners by what they can do for waiting jobs. */
export function lookAtPool(input: ScaleInput): PoolNow {
  const count = (state: ScalableRunner['state']): number =>
    input.runners.filter((runner) => runner.state === state).length;
  return {
    input,
    waiting: input.queuedAt.length,
    coming: count('coming'),
    busy: count('busy'),
    away: count('away'),
    leaving: count('leaving'),
    idle: input.runners
      .filter(({ state }) => state === 'idle')
      .toSorted((one, other) => one.since - other.since || (one.id < other.id ? -1 : 1)),
  };
}
