/** How an event looks: its shape and tone from what it came to, and that in words. */
import type { HistoryEvent, RunnerState, Shift } from '../../../shared/model.ts';
import type { Shape, Tone } from '../../components/pill.tsx';
import { runnerLook } from '../../components/runner-state.ts';
import { barKindOf, outcomes } from '../overview/track-model.ts';

export interface EventLook {
  tone: Tone;
  shape: Shape;
  /** What it came to, in a word or a few; empty where only the sentence tells. */
  word: string;
}

const ordinary: EventLook = { tone: 'off', shape: 'disc', word: '' };
const runnerStates: readonly RunnerState[] = [
  'deploying',
  'starting',
  'idle',
  'busy',
  'reconnecting',
  'stopping',
  'stopped',
  'removing',
  'failed',
];

const jobLooks = {
  running: { tone: 'busy', shape: 'square' },
  succeeded: { tone: 'ok', shape: 'disc' },
  issues: { tone: 'wait', shape: 'ring' },
  failed: { tone: 'fail', shape: 'cross' },
  lost: { tone: 'wait', shape: 'half' },
  cancelled: { tone: 'off', shape: 'dashed' },
} as const;

const results: readonly string[] = [
  'Succeeded',
  'SucceededWithIssues',
  'Failed',
  'Canceled',
  'Skipped',
  'Abandoned',
  'Lost',
] satisfies Exclude<Shift['result'], null>[];

/** The look of a job's end (or of one that runs), the same in every list. */
export function shiftLook(shift: Pick<Shift, 'result' | 'endedAt' | 'verdict'>): EventLook {
  const kind = barKindOf(shift);
  return { ...jobLooks[kind], word: outcomes[kind] };
}

/** The look of what an event came to; one that says nothing of it looks ordinary. */
export function eventLook({ kind, to }: Pick<HistoryEvent, 'kind' | 'to'>): EventLook {
  if (to === null) return ordinary;
  const state = runnerStates.find((known) => known === to);
  if (kind === 'runner' && state !== undefined) {
    return { ...runnerLook({ state, draining: false, updating: false, retryAt: null }) };
  }
  if (kind === 'job' && results.includes(to)) {
    return shiftLook({ result: to as Shift['result'], endedAt: 0, verdict: null });
  }
  if (kind === 'job' && (to === 'running' || to === 'lost')) return { ...jobLooks[to], word: outcomes[to] };
  return { ...ordinary, word: to };
}

/** A runner's turn to a job and back: where both are shown together, the job's own events say the same. */
export function isToldByItsJob({ kind, from, to }: Pick<HistoryEvent, 'kind' | 'from' | 'to'>): boolean {
  return kind === 'runner' && (to === 'busy' || (from === 'busy' && to === 'idle'));
}
