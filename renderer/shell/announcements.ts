/** What is worth telling to somebody who does not look: computed from two states of the board. */
import type { Board } from '../../shared/board.ts';
import { formatCount, formatHourMinute, formatList } from '../../shared/format.ts';
import type { Runner } from '../../shared/model.ts';
import { plainSentence } from '../components/sentence-parts.ts';

type Told = Pick<Board, 'runners' | 'jobs' | 'waits'>;

/** Sentences about the important changes from one board to the next; empty when there are none. */
export function announcements(before: Told, after: Told): string[] {
  const { runners, jobs, waits } = before;
  if (runners === after.runners && jobs === after.jobs && waits === after.waits) return [];
  const came = (state: Runner['state']): Runner[] =>
    Object.values(after.runners).filter(
      (runner) =>
        runner.state === state && before.runners[runner.id] && before.runners[runner.id]?.state !== state,
    );
  const listening = came('idle').filter(({ id }) => {
    const earlier = before.runners[id]?.state;
    return earlier === 'starting' || earlier === 'deploying';
  });
  const leaving = Object.values(after.runners).filter(
    ({ id, state, stopsAt }) => state === 'idle' && stopsAt !== null && before.runners[id]?.stopsAt === null,
  );
  return [
    ...came('failed').map(({ name, failure, cause }) => `${name} failed: ${failure?.message ?? cause}`),
    ...sentence(listening, 'is listening', 'are listening'),
    ...leavings(leaving),
    ...sentence(came('busy'), 'began a job', 'began jobs'),
    ...newWaits(before, after),
  ];
}

/** What somebody has to do something about is told by its cause; of other jobs only how many there are. */
function newWaits(before: Told, after: Told): string[] {
  const pressing = Object.values(after.waits).filter(({ id, passes }) => !passes && !before.waits[id]);
  const told = new Set<string | null>(pressing.map(({ id }) => id));
  const others = Object.values(after.jobs).filter(
    (job) => job.status === 'queued' && !before.jobs[job.id] && !told.has(job.waitId),
  );
  return [
    ...pressing.map(({ title }) => `${plainSentence(title)}.`),
    ...(others.length > 0 ? [`${formatCount(others.length, 'new job waits', 'new jobs wait')}.`] : []),
  ];
}

/** Said once when the countdown begins: the time of day does not change while it runs. */
function leavings(runners: readonly Runner[]): string[] {
  const times = runners.flatMap(({ stopsAt }) => stopsAt ?? []);
  if (times.length === 0) return [];
  const at = formatHourMinute(Math.min(...times));
  return sentence(runners, `leaves at ${at} if no job comes`, `leave from ${at} on if no job comes`);
}

function sentence(runners: readonly Runner[], one: string, many: string): string[] {
  if (runners.length === 0) return [];
  return [`${formatList(runners.map(({ name }) => name))} ${runners.length === 1 ? one : many}.`];
}
