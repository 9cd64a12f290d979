/** How long a job is likely to take. */
import { useMemo } from 'react';
import { useBoardReader } from '../../store/session.ts';
import { expectedDurationMs } from './track-model.ts';

/** Milliseconds, looked up once per job; null without a job, or before it was seen often enough. */
export function useExpectedDuration(jobName: string | null, repositoryId: string): number | null {
  const readBoard = useBoardReader();
  return useMemo(() => {
    const board = readBoard();
    if (board === null || jobName === null) return null;
    return expectedDurationMs(Object.values(board.shifts), { jobName, repositoryId });
  }, [readBoard, jobName, repositoryId]);
}
