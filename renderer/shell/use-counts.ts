/** The numbers beside the screens' names. */
import { needsSomebody } from '../components/runner-state.ts';
import { useBoard } from '../store/session.ts';

export function useCounts(): { waiting: number; runners: number; failed: number } {
  const waiting = useBoard(
    ({ jobs }) => Object.values(jobs).filter(({ status }) => status === 'queued').length,
  );
  const runners = useBoard((board) => Object.keys(board.runners).length);
  const failed = useBoard((board) => Object.values(board.runners).filter(needsSomebody).length);
  return { waiting, runners, failed };
}
