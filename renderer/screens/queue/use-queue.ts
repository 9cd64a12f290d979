/** The queue as the screen shows it: computed anew only from what changed. */
import { useMemo } from 'react';
import { useBoard } from '../../store/session.ts';
import type { QueueFilter } from './queue-filter.ts';
import { facetsOf, filterJobs, filterRunning, type QueueRow, queueRows, runningRows } from './queue-rows.ts';
import { runningJobs } from './running-jobs.ts';
import { type Cause, causesOf, waitingJobs } from './waiting-jobs.ts';

export interface Queue {
  rows: QueueRow[];
  /** Of the jobs that pass the filter. */
  causes: Cause[];
  /** Of all that wait. */
  allCauses: Cause[];
  facets: ReturnType<typeof facetsOf>;
  /** All that run, whatever the filter says. */
  running: number;
  /** The address names a cause that nothing shown waits for. */
  markedIsOver: boolean;
}

/** @param opened causes whose jobs are all shown */
export function useQueue(filter: QueueFilter, opened: ReadonlySet<string>): Queue {
  const jobs = useBoard((board) => board.jobs);
  const waits = useBoard((board) => board.waits);
  const runners = useBoard((board) => board.runners);
  const repositories = useBoard((board) => board.repositories);
  const waiting = useMemo(() => waitingJobs(jobs), [jobs]);
  const running = useMemo(() => runningJobs({ runners, jobs }), [runners, jobs]);
  const allCauses = useMemo(() => causesOf(waiting, waits), [waiting, waits]);
  const facets = useMemo(() => facetsOf(waiting, waits), [waiting, waits]);
  const shown = useMemo(
    () => filterJobs(waiting, filter, { waits, repositories }),
    [waiting, filter, waits, repositories],
  );
  const causes = useMemo(
    () => (shown.length === waiting.length ? allCauses : causesOf(shown, waits)),
    [shown, waiting, allCauses, waits],
  );
  const rows = useMemo(
    () => [
      ...queueRows(shown, filter, waits, opened),
      ...runningRows(filterRunning(running, filter, repositories)),
    ],
    [shown, filter, waits, opened, running, repositories],
  );
  const { waitId } = filter;
  const markedIsOver = waitId !== null && causes.every(({ wait }) => wait?.id !== waitId);
  return { rows, causes, allCauses, facets, running: running.length, markedIsOver };
}
