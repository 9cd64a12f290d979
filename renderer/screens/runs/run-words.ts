/** How runs, jobs and steps look and read, in one place for all screens. */
import { formatClock, formatCount } from '../../../shared/format.ts';
import type { Conclusion, Run, RunJob, RunStatus, RunStep } from '../../../shared/model.ts';
import type { StateLook } from '../../components/runner-state.ts';

const conclusions: Record<Conclusion, StateLook> = {
  success: { tone: 'ok', shape: 'disc', word: 'Succeeded' },
  failure: { tone: 'fail', shape: 'cross', word: 'Failed' },
  cancelled: { tone: 'off', shape: 'dashed', word: 'Cancelled' },
  skipped: { tone: 'off', shape: 'ring', word: 'Skipped' },
  timed_out: { tone: 'fail', shape: 'cross', word: 'Timed out' },
  action_required: { tone: 'wait', shape: 'triangle', word: 'Needs approval' },
  neutral: { tone: 'off', shape: 'disc', word: 'Neutral' },
  stale: { tone: 'off', shape: 'dashed', word: 'Stale' },
  startup_failure: { tone: 'fail', shape: 'triangle', word: 'Did not start' },
};

const states: Record<RunStatus | RunJob['status'], StateLook> = {
  queued: { tone: 'wait', shape: 'ring', word: 'Queued' },
  in_progress: { tone: 'busy', shape: 'square', word: 'Running' },
  waiting: { tone: 'wait', shape: 'half', word: 'Waiting' },
  pending: { tone: 'wait', shape: 'half', word: 'Pending' },
  requested: { tone: 'wait', shape: 'ring', word: 'Requested' },
  blocked: { tone: 'off', shape: 'dashed', word: 'To come' },
  completed: { tone: 'off', shape: 'disc', word: 'Ended' },
};

/** The look of a run or of one of its jobs: how it ended, else what it does. */
export function runLook({
  status,
  conclusion,
}: {
  status: RunStatus | RunJob['status'];
  conclusion: Conclusion | null;
}): StateLook {
  return status === 'completed' && conclusion !== null ? conclusions[conclusion] : states[status];
}

/** The same for a step; one that has not begun is still to come. */
export function stepLook({ status, conclusion }: Pick<RunStep, 'status' | 'conclusion'>): StateLook {
  return status === 'queued' ? states.blocked : runLook({ status, conclusion });
}

export function isActive({ status }: Pick<Run, 'status'>): boolean {
  return status !== 'completed';
}

/** How long a run or job took or takes, milliseconds; null before it has begun. */
export function spanOf(
  { startedAt, endedAt }: { startedAt: number | null; endedAt: number | null },
  nowMs: number,
): number | null {
  return startedAt === null ? null : Math.max(0, (endedAt ?? nowMs) - startedAt);
}

/** When a run ended: the forge tells no such time, but nothing of it changes after its end. */
export function endOf(run: Pick<Run, 'status' | 'updatedAt'>): number | null {
  return isActive(run) ? null : run.updatedAt;
}

/** `12:41` of a run; empty before it has begun. */
export function runClock(run: Pick<Run, 'status' | 'startedAt' | 'updatedAt'>, nowMs: number): string {
  const span = spanOf({ startedAt: run.startedAt, endedAt: endOf(run) }, nowMs);
  return span === null ? '' : formatClock(span);
}

/** Words for events of the forge; one that is not known stays as it is. */
const events: Readonly<Record<string, string>> = {
  push: 'push',
  pull_request: 'pull request',
  pull_request_target: 'pull request (target)',
  schedule: 'schedule',
  workflow_dispatch: 'by hand',
  repository_dispatch: 'repository dispatch',
  release: 'release',
  workflow_run: 'after another workflow',
  merge_group: 'merge queue',
};
export const knownEvents = Object.keys(events);

export function eventWords(event: string): string {
  return events[event] ?? event.replaceAll('_', ' ');
}

/** The panel's page of a run. */
export function runPath(repositoryId: string, runId: number): string {
  return `/runs/${encodeURIComponent(repositoryId)}/${runId}`;
}

/** The sentence above a list: how many go on, and how many wait. */
export function runsHeadline(runs: readonly Pick<Run, 'status'>[]): string {
  const active = runs.filter(isActive);
  const going = active.filter(({ status }) => status === 'in_progress').length;
  const waiting = active.length - going;
  if (active.length === 0) return 'No run is under way';
  if (waiting === 0) return `${formatCount(going, 'run')} under way`;
  if (going === 0) return formatCount(waiting, 'run waits', 'runs wait');
  return `${formatCount(going, 'run')} under way, ${waiting.toLocaleString('en')} ${waiting === 1 ? 'waits' : 'wait'}`;
}
