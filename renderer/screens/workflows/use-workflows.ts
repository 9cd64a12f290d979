/** The workflows of a repository that can be started by hand. */
import { useEffect, useState } from 'react';
import type { Workflow } from '../../../shared/model.ts';
import { problemOf, type ShownProblem } from '../../client/problem.ts';
import { useClient } from '../../store/session.ts';

/** `workflows` is null until the first answer. */
export function useWorkflows(repositoryId: string) {
  const client = useClient();
  const [workflows, setWorkflows] = useState<readonly Workflow[] | null>(null);
  const [problem, setProblem] = useState<ShownProblem | null>(null);
  const [attempt, setAttempt] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another attempt asks the same again
  useEffect(() => {
    const ending = new AbortController();
    setProblem(null);
    client.workflows.list({ repositoryId }, { signal: ending.signal }).then(
      (found) => !ending.signal.aborted && setWorkflows(found.filter(({ inputs }) => inputs !== null)),
      (error: unknown) => !ending.signal.aborted && setProblem(problemOf(error)),
    );
    return () => ending.abort();
  }, [client, repositoryId, attempt]);
  return { workflows, problem, retry: () => setAttempt((count) => count + 1) };
}
