/** The numbers beside the screens' names. */
import { needsSomebody } from '../components/runner-state.ts';
import { isWaiting } from '../screens/queue/waiting-jobs.ts';
import { useBoard } from '../store/session.ts';

export interface Counts {
  waiting: number;
  /** Something that jobs wait for does not pass by itself. */
  pressing: boolean;
  runners: number;
  failed: number;
}

export function useCounts(): Counts {
  const waiting = useBoard(({ jobs }) => Object.values(jobs).filter(isWaiting).length);
  const pressing = useBoard(({ waits }) => Object.values(waits).some(({ passes }) => !passes));
  const runners = useBoard((board) => Object.keys(board.runners).length);
  const failed = useBoard((board) => Object.values(board.runners).filter(needsSomebody).length);
  return { waiting, pressing, runners, failed };
}
