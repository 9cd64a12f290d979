/** How many pools have jobs that wait because something holds the pool back. */
import { useBoard } from '../store/session.ts';

export function useHeldPools(): number {
  return useBoard(
    (board) =>
      Object.values(board.poolStates).filter(({ hold, demand }) => hold !== null && demand > 0).length,
  );
}
