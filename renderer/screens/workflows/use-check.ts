/** The check of a repository's workflow files, or of those in a folder of the engine's machine. */
import { useCallback, useEffect, useState } from 'react';
import type { CheckedWorkflow } from '../../../shared/model.ts';
import { problemOf, type ShownProblem } from '../../client/problem.ts';
import { useClient } from '../../store/session.ts';

/** @param folder null = the files on the default branch */
export function useCheck(repositoryId: string, folder: string | null) {
  const client = useClient();
  const [files, setFiles] = useState<readonly CheckedWorkflow[] | null>(null);
  const [problem, setProblem] = useState<ShownProblem | null>(null);
  const [working, setWorking] = useState(true);
  const [round, setRound] = useState(0);
  const again = useCallback(() => setRound((before) => before + 1), []);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another round asks the same again
  useEffect(() => {
    const ending = new AbortController();
    setWorking(true);
    setProblem(null);
    client.workflows
      .check({ repositoryId, folder }, { signal: ending.signal })
      .then(
        (found) => !ending.signal.aborted && setFiles(found),
        (error: unknown) => {
          if (ending.signal.aborted) return;
          setFiles(null);
          setProblem(problemOf(error));
        },
      )
      .finally(() => !ending.signal.aborted && setWorking(false));
    return () => ending.abort();
  }, [client, repositoryId, folder, round]);
  return { files, problem, working, again };
}
