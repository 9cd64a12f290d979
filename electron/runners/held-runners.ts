/** Runners that the engine stops although they are wanted, and brings back: a manual pool in a pause. */
import type { Hold, Pool, PoolState } from '../../shared/model.ts';
import { liveStates } from './lifecycle.ts';
import type { LiveRunner } from './live-runner.ts';

/** Starts what was stopped for a reason that is gone; a stop that still waits for a job is taken back. */
export function resumeHeld(runners: readonly LiveRunner[], cause: string): void {
  for (const live of runners) if (live.entry.record().held) live.resume(cause);
}

/** A manual pool is never scaled; in a pause its listeners stop after their jobs, and start again afterwards. */
export function keepManualPool(
  pool: Pool,
  runners: readonly LiveRunner[],
  demand: number,
  pause: Hold | null,
  nextChangeAt: number | null,
): PoolState {
  if (!pause) resumeHeld(runners, 'Takes jobs again.');
  else {
    for (const live of runners) {
      const { held, wanted } = live.entry.record();
      const lives = liveStates.includes(live.entry.runner().state) && live.supervision() !== null;
      if (lives && !held && wanted === 'running') void live.halt('drain', pause.sentence);
    }
  }
  const present = runners.length;
  return {
    id: pool.id,
    demand,
    wanted: pause ? 0 : present,
    cause: pause ? pause.sentence : 'Its runners stay until you stop them.',
    hold: pause,
    nextAt: nextChangeAt,
  };
}
