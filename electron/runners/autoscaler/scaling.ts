/** What the autoscaler is told and what it answers: plain values, so that every policy is a pure function. */
import type { Hold, Lifecycle, Scaling } from '../../../shared/model.ts';

/**
 * `coming`: being deployed, started or restarted. `idle`, `busy`: as the runner's own listener says. `leaving`: drains,
 * stops or is removed. `away`: lost the forge, failed or stopped; it takes a place, but no job.
 */
export type ScalableState = 'coming' | 'idle' | 'busy' | 'leaving' | 'away';

export interface ScalableRunner {
  id: string;
  state: ScalableState;
  /** Since when it has been in this state, epoch milliseconds. */
  since: number;
  /** A person's wish: it does not leave before; null = none. */
  keptUntil: number | null;
}

export interface ScaleInput extends Scaling {
  now: number;
  /** Manual pools are not scaled. */
  mode: Exclude<Lifecycle['mode'], 'manual'>;
  idleTimeoutMs: number;
  /** Queued jobs that are this pool's to take, longest waiting first; epoch milliseconds of their queueing. */
  queuedAt: readonly number[];
  runners: readonly ScalableRunner[];
  /** When the last job of the pool ended; null when it has had none. */
  lastJobEndedAt: number | null;
  /** How many more runners the host admits now, and what bounds it. */
  room: { count: number; hold: Hold | null };
  /** Set while the pool takes no new jobs: nothing is started and idle runners leave. */
  pause: Hold | null;
}

export interface ScaleDecision {
  /** Runners the pool should have now, those that leave aside. */
  wanted: number;
  /** How many to start now. */
  start: number;
  /** Deadline of each idle runner: null = it stays. */
  stopsAt: ReadonlyMap<string, number | null>;
  /** Idle runners whose time is over. */
  retire: readonly string[];
  /** Why, in one sentence. */
  cause: string;
  /** What keeps it from having more; null when nothing does. */
  hold: Hold | null;
  /** When to decide again though nothing happens; null = not before something does. */
  nextAt: number | null;
}
