/** What a listener's words make of its runner: a pure function, event by event. */
import type { Runner, RunnerState } from '../../shared/model.ts';
import type { ListenerEvent } from './listener-lines.ts';

/** What of a runner its listener tells. */
export type Told = Pick<Runner, 'state' | 'cause' | 'job' | 'version' | 'updating'>;

/** States that what a listener says does not end: it was asked to go, or is known to be gone or lost. */
const settled: readonly RunnerState[] = ['removing', 'stopping', 'stopped', 'failed'];

/**
 * Returns what the runner is after the event; `before` itself when the event says nothing of it.
 * @param at epoch milliseconds at which it happened
 * @param urlOfJob the page of the job that runs on the runner, as far as it is known
 */
export function afterEvent(
  before: Told,
  event: ListenerEvent,
  at: number,
  urlOfJob: () => string | null,
): Told {
  const isSettled = settled.includes(before.state);
  if (event.kind === 'version') return { ...before, version: event.version };
  if (event.kind === 'job-started') {
    const job = { name: event.name, startedAt: at, url: urlOfJob() };
    return isSettled ? { ...before, job } : { ...before, state: 'busy', cause: `Runs “${event.name}”.`, job };
  }
  if (event.kind === 'job-completed') {
    return isSettled ? { ...before, job: null } : idle(before, `Finished “${event.name}”: ${event.result}.`);
  }
  if (isSettled) return before;
  if (event.kind === 'listening') return { ...idle(before, 'Waits for a job.'), updating: false };
  if (event.kind === 'connection-lost') {
    return { ...before, state: 'reconnecting', cause: `Lost the forge: ${event.message}` };
  }
  if (event.kind === 'connection-restored') {
    const cause = 'The connection to the forge is back.';
    return before.job ? { ...before, state: 'busy', cause } : idle(before, cause);
  }
  return afterUpdate(before, event);
}

const idle = (before: Told, cause: string): Told => ({ ...before, state: 'idle', cause, job: null });

/** A listener that updates itself is neither ill nor away: its state stays, and says so. */
function afterUpdate(before: Told, event: ListenerEvent): Told {
  if (event.kind === 'update-downloading')
    return { ...before, cause: `Updates itself to version ${event.version}.`, updating: true };
  if (event.kind === 'update-waiting-for-job' && before.job)
    return { ...before, cause: 'Updates itself when its job has ended.', updating: true };
  if (event.kind === 'update-restarting')
    return { ...before, cause: 'Starts again with its new version.', updating: true };
  if (event.kind === 'update-failed')
    return { ...before, cause: `Could not update itself: ${event.message}`, updating: false };
  return before;
}

/** Whether two runners are in the same state, with the same job, for whatever cause. */
export function isSameState(one: Told, other: Told): boolean {
  return (
    one.state === other.state &&
    one.updating === other.updating &&
    one.job?.name === other.job?.name &&
    one.job?.startedAt === other.job?.startedAt
  );
}
