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

/** The look of a runner's state; one that finishes its job before it stops, restarts or leaves says so. */
export function runnerLook(runner: Pick<Runner, 'state' | 'draining'>): StateLook {
  if (runner.state === 'busy' && runner.draining) return { ...looks.busy, word: 'Finishing' };
  return looks[runner.state];
}
