/** How many jobs run here now. */
import type { Board } from '../../shared/board.ts';
import type { BoardPublisher } from '../board.ts';

export function jobsAtWork({ runners }: Pick<Board, 'runners'>): number {
  return Object.values(runners).filter(({ job }) => job !== null).length;
}

/** Calls back with the number of jobs at once and whenever it changes; the returned function ends it. */
export function followJobs(
  board: Pick<BoardPublisher, 'current' | 'onChange'>,
  callback: (jobs: number) => void,
): () => void {
  let told = jobsAtWork(board.current());
  callback(told);
  return board.onChange((change) => {
    if (change.kind === 'panel' || change.table !== 'runners') return;
    const jobs = jobsAtWork(board.current());
    if (jobs === told) return;
    told = jobs;
    callback(jobs);
  });
}
