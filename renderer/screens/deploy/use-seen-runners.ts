/** The runners of a deploy, with those that were cancelled while one looked: their rows stay, so that nothing jumps. */
import { useState } from 'react';
import type { Runner } from '../../../shared/model.ts';
import { useBoardList } from '../../store/session.ts';
import { joinSeen } from './progress.ts';

/** Rows in the order in which they first appeared. */
export function useSeenRunners(poolId: string): readonly Runner[] {
  const present = useBoardList((board) =>
    Object.values(board.runners).filter((row) => row.poolId === poolId),
  );
  const [seen, setSeen] = useState<{ poolId: string; present: readonly Runner[]; rows: readonly Runner[] }>({
    poolId,
    present,
    rows: present,
  });
  if (seen.poolId !== poolId || seen.present !== present) {
    const rows = joinSeen(seen.poolId === poolId ? seen.rows : [], present);
    setSeen({ poolId, present, rows });
    return rows;
  }
  return seen.rows;
}
