/** Asks the engine what fits on this machine. */
import { useEffect, useState } from 'react';
import type { Plan, Size } from '../../../shared/model.ts';
import { problemOf, type ShownProblem } from '../../client/problem.ts';
import { useClient } from '../../store/session.ts';

export interface PlanState {
  /** The last plan heard; stays while another is asked for, so that nothing jumps. */
  plan: Plan | null;
  problem: ShownProblem | null;
  /** Asks again. */
  retry: () => void;
}

/**
 * @param repositoryId null = nothing is asked for yet
 * @param size null = the engine suggests one; must keep its identity while it stays the same
 */
export function usePlan(repositoryId: string | null, size: Size | null): PlanState {
  const client = useClient();
  const [state, setState] = useState<Omit<PlanState, 'retry'>>({ plan: null, problem: null });
  const [attempt, setAttempt] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another attempt asks the same again
  useEffect(() => {
    if (repositoryId === null) return;
    const ending = new AbortController();
    client.pools.plan({ repositoryId, size }, { signal: ending.signal }).then(
      (plan) => {
        if (!ending.signal.aborted) setState({ plan, problem: null });
      },
      (error: unknown) => {
        if (!ending.signal.aborted) setState(({ plan }) => ({ plan, problem: problemOf(error) }));
      },
    );
    return () => ending.abort();
  }, [client, repositoryId, size, attempt]);
  return { ...state, retry: () => setAttempt((count) => count + 1) };
}
