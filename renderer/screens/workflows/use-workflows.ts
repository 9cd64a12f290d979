/** The workflows of a repository. */
import { useEffect, useState } from 'react';
import type { Workflow } from '../../../shared/model.ts';
import { problemOf, type ShownProblem } from '../../client/problem.ts';
import { useClient } from '../../store/session.ts';

export interface Workflows {
  /** Null until the first answer. */
  workflows: readonly Workflow[] | null;
  problem: ShownProblem | null;
  /** Asks again. */
  retry: () => void;
}

export function useWorkflows(repositoryId: string): Workflows {
  const client = useClient();
  const [workflows, setWorkflows] = useState<readonly Workflow[] | null>(null);
  const [problem, setProblem] = useState<ShownProblem | null>(null);
  const [attempt, setAttempt] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another attempt asks the same again
  useEffect(() => {
    const ending = new AbortController();
    setProblem(null);
    client.workflows.list({ repositoryId }, { signal: ending.signal }).then(
      (found) => !ending.signal.aborted && setWorkflows(found),
      (error: unknown) => !ending.signal.aborted && setProblem(problemOf(error)),
    );
    return () => ending.abort();
  }, [client, repositoryId, attempt]);
  return { workflows, problem, retry: () => setAttempt((count) => count + 1) };
}

/** Those that can be started by hand. */
export function startable(workflows: readonly Workflow[] | null): readonly Workflow[] | null {
  return workflows?.filter(({ inputs, state }) => inputs !== null && state === 'active') ?? null;
}
