/**
 * The explicit state machine of a runner: which state may follow which. Every transition has a cause and a time.
 *
 * ```
 * deploying → starting → idle ⇄ busy → stopping → stopped → starting
 *                 ↘ reconnecting ↗         any → removing, any → failed → deploying
 * ```
 */
import type { Runner, RunnerState } from '../../shared/model.ts';

const successors: Record<RunnerState, readonly RunnerState[]> = {
  deploying: ['starting', 'failed', 'removing'],
  starting: ['deploying', 'idle', 'busy', 'reconnecting', 'stopping', 'stopped', 'failed', 'removing'],
  idle: ['busy', 'reconnecting', 'starting', 'stopping', 'stopped', 'failed', 'removing'],
  busy: ['idle', 'reconnecting', 'starting', 'stopping', 'stopped', 'failed', 'removing'],
  reconnecting: ['idle', 'busy', 'starting', 'stopping', 'stopped', 'failed', 'removing'],
  stopping: ['stopped', 'idle', 'failed', 'removing'],
  stopped: ['starting', 'deploying', 'failed', 'removing'],
  removing: ['failed'],
  failed: ['deploying', 'starting', 'stopped', 'removing'],
};

/** Whether `to` may follow `from`. A state may always follow itself: its cause changes. */
export function mayFollow(from: RunnerState, to: RunnerState): boolean {
  return from === to || successors[from].includes(to);
}

/** States in which a listener process is expected to live. */
export const liveStates: readonly RunnerState[] = ['starting', 'idle', 'busy', 'reconnecting', 'stopping'];

/**
 * Returns the runner in its next state.
 * @param cause one sentence: why
 * @param now epoch milliseconds
 * @throws Error when the transition is not in the table: a mistake of ours, never of the world's
 */
export function transition(runner: Runner, to: RunnerState, cause: string, now: number): Runner {
  if (!mayFollow(runner.state, to)) {
    throw new Error(`Runner ${runner.name} cannot go from ${runner.state} to ${to} (${cause})`);
  }
  const next: Runner = {
    ...runner,
    state: to,
    cause,
    stateSince: runner.state === to ? runner.stateSince : now,
  };
  if (to !== 'failed') next.failure = null;
  if (to === 'idle' || to === 'stopped' || to === 'failed') next.job = null;
  if (to === 'stopped' || to === 'failed' || to === 'deploying') {
    next.draining = false;
    next.pid = null;
    next.startedAt = null;
  }
  return next;
}
