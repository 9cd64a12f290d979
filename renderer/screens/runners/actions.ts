/** What can be done with runners, and what exactly it will do: computed, so that a confirmation never guesses. */
import { formatCount, formatDuration, formatList } from '../../../shared/format.ts';
import type { Runner, RunnerState } from '../../../shared/model.ts';

export type RunnerAction =
  /** Takes a waiting stop back. */
  | 'keep'
  /** Puts the idle deadline off. */
  | 'keep-for'
  /** Goes now instead of at its idle deadline; its pool starts another when a job waits. */
  | 'leave'
  | 'cancel-deploy'
  | 'retry'
  | 'start'
  | 'stop'
  | 'restart'
  | 'remove';

const byState: Record<RunnerState, readonly RunnerAction[]> = {
  deploying: ['cancel-deploy'],
  starting: ['stop', 'remove'],
  idle: ['stop', 'restart', 'remove'],
  busy: ['stop', 'restart', 'remove'],
  reconnecting: ['stop', 'restart', 'remove'],
  stopping: [],
  stopped: ['start', 'remove'],
  removing: [],
  failed: ['retry', 'remove'],
};

/**
 * What can be done with a runner as it is.
 * @param managed whether its pool starts and removes runners by itself: then one is not stopped and kept, it leaves
 */
export function actionsFor(
  runner: Pick<Runner, 'state' | 'draining' | 'stopsAt'>,
  managed = false,
): readonly RunnerAction[] {
  const { state } = runner;
  if (state === 'busy' && runner.draining) return managed ? ['keep', 'remove'] : ['keep', 'stop', 'remove'];
  if (!managed) return byState[state];
  if (state === 'idle')
    return runner.stopsAt === null ? ['leave', 'restart'] : ['keep-for', 'leave', 'restart'];
  return byState[state].filter((action) => action !== 'stop');
}

/** The actions that are confirmed first. */
export type ConfirmedAction = 'stop' | 'restart' | 'remove';

export interface Confirmation {
  title: string;
  /** What will happen, one sentence each. */
  sentences: string[];
  /** Whether to ask if a running job is to be waited for or cancelled. */
  choice: { drain: string; now: string } | null;
  confirmLabel: string;
}

const verbs: Record<ConfirmedAction, string> = { stop: 'Stop', restart: 'Restart', remove: 'Remove' };

/**
 * What confirming `action` will do to `runners`.
 * @param nowMs the engine's time, epoch milliseconds
 * @param forge the repository's name, for what happens there
 * @param managed whether the pools of all of them start runners by themselves
 */
export function confirmationFor(
  action: ConfirmedAction,
  runners: readonly Runner[],
  nowMs: number,
  forge: string,
  managed = false,
): Confirmation {
  const busy = runners.filter(({ job }) => job !== null);
  const [only] = runners;
  const who = runners.length === 1 && only ? only.name : formatCount(runners.length, 'runner');
  return {
    title: `${verbs[action]} ${who}?`,
    sentences: [
      ...whatRuns(busy, runners.length, nowMs),
      ...whatHappens(action, runners, busy.length, forge, managed),
    ],
    choice: action === 'restart' || busy.length === 0 ? null : choiceFor(action, busy.length, runners.length),
    confirmLabel:
      runners.length === 1 ? verbs[action] : `${verbs[action]} ${formatCount(runners.length, 'runner')}`,
  };
}

function whatRuns(busy: readonly Runner[], total: number, nowMs: number): string[] {
  const [only] = busy;
  if (only?.job && total === 1) {
    return [`${only.name} has run “${only.job.name}” for ${formatDuration(nowMs - only.job.startedAt)}.`];
  }
  if (busy.length === 0) return [];
  const names = formatList(busy.map(({ name }) => name));
  return [`${names} ${busy.length === 1 ? 'runs a job' : 'run jobs'} now.`];
}

function whatHappens(
  action: ConfirmedAction,
  runners: readonly Runner[],
  busy: number,
  forge: string,
  managed: boolean,
): string[] {
  const one = runners.length === 1;
  const it = one ? 'It' : 'They';
  if (action === 'stop') {
    const at =
      busy === 0
        ? [`No job runs on ${one ? 'it' : 'them'}, so ${one ? 'it stops' : 'they stop'} at once.`]
        : [];
    return [...at, `${it} ${one ? 'stays' : 'stay'} registered with ${forge} and can be started again.`];
  }
  if (action === 'restart') {
    const when = busy === 0 ? 'at once' : one ? 'when its job has ended' : 'each when its job has ended';
    return [`${it} ${one ? 'starts' : 'start'} anew ${when}. No job is cancelled.`];
  }
  const folder = one ? 'Its folder is' : 'Their folders are';
  return [
    `${folder} deleted, with all that jobs left in ${one ? 'it' : 'them'}, and ${forge} forgets ${one ? 'it' : 'them'}.`,
    managed
      ? `This cannot be taken back; ${one ? 'its pool starts' : 'their pools start'} others when jobs wait.`
      : 'This cannot be taken back; new runners can be deployed at any time.',
  ];
}

function choiceFor(action: 'stop' | 'remove', busy: number, total: number): { drain: string; now: string } {
  const one = total === 1;
  const then =
    action === 'stop'
      ? one
        ? 'the runner stops'
        : 'the runners stop'
      : one
        ? 'it is removed'
        : 'they are removed';
  return {
    drain: `${busy === 1 ? 'The job is finished' : 'The jobs are finished'} first; then ${then}. You can still change your mind until then.`,
    now: `${busy === 1 ? 'The job is cancelled and fails' : `${busy} jobs are cancelled and fail`} on GitHub. What ${
      busy === 1 ? 'it' : 'they'
    } did so far is lost.`,
  };
}

/** Runners of a selection that can be stopped or removed; one that can leave can be removed. */
export function applicable(
  action: RunnerAction,
  runners: readonly Runner[],
  isManaged: (runner: Runner) => boolean,
): Runner[] {
  return runners.filter((runner) => {
    const possible = actionsFor(runner, isManaged(runner));
    return possible.includes(action) || (action === 'remove' && possible.includes('leave'));
  });
}
