/** How each state of a runner looks and reads, in one place for all screens. */
import type { Runner } from '../../shared/model.ts';
import type { Shape, Tone } from './pill.tsx';

export interface StateLook {
  tone: Tone;
  shape: Shape;
  word: string;
}

const looks: Record<Runner['state'], StateLook> = {
  deploying: { tone: 'busy', shape: 'half', word: 'Deploying' },
  starting: { tone: 'busy', shape: 'half', word: 'Starting' },
  idle: { tone: 'idle', shape: 'disc', word: 'Idle' },
  busy: { tone: 'busy', shape: 'square', word: 'Busy' },
  reconnecting: { tone: 'wait', shape: 'ring', word: 'Reconnecting' },
  stopping: { tone: 'wait', shape: 'ring', word: 'Stopping' },
  stopped: { tone: 'off', shape: 'dashed', word: 'Stopped' },
  removing: { tone: 'off', shape: 'ring', word: 'Removing' },
  failed: { tone: 'fail', shape: 'triangle', word: 'Failed' },
};

type Seen = Pick<Runner, 'state' | 'draining' | 'updating' | 'retryAt'>;

/**
 * The look of a runner's state. One that finishes its job before it stops, that updates itself or that is started again
 * by itself says so: none of these needs anybody.
 */
export function runnerLook(runner: Seen): StateLook {
  const { state } = runner;
  if (state === 'busy' && runner.draining) return { ...looks.busy, word: 'Finishing' };
  if (state === 'starting' && runner.updating) return { ...looks.starting, word: 'Updating' };
  if (waitsForRetry(runner)) return { tone: 'wait', shape: 'ring', word: 'Starts again' };
  return looks[state];
}

/** Whether it has failed or ended, and is started again without anybody's doing. */
export function waitsForRetry({ state, retryAt }: Pick<Runner, 'state' | 'retryAt'>): boolean {
  return retryAt !== null && (state === 'failed' || state === 'starting' || state === 'stopped');
}

/** Whether it failed and waits for a person. */
export function needsSomebody(runner: Pick<Runner, 'state' | 'retryAt'>): boolean {
  return runner.state === 'failed' && !waitsForRetry(runner);
}
