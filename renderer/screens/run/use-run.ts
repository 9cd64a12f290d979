/** Follows one run for as long as something of it can change. */
import { ORPCError } from '@orpc/client';
import { useCallback, useEffect, useState } from 'react';
import type { RunDetail } from '../../../shared/model.ts';
import { problemOf, type ShownProblem } from '../../client/problem.ts';
import { useClient } from '../../store/session.ts';

/** Pause before a run is followed again after the connection broke. */
const pauseMs = 1000;

export interface FollowedRun {
  /** Null until the first answer. */
  detail: RunDetail | null;
  /** Why it cannot be followed; null while it is, or has come to its end. */
  problem: ShownProblem | null;
  /** Follows it again: something was done that may change it. */
  follow: () => void;
}

export function useRun(repositoryId: string, runId: number): FollowedRun {
  const client = useClient();
  const [detail, setDetail] = useState<RunDetail | null>(null);
  const [problem, setProblem] = useState<ShownProblem | null>(null);
  const [round, setRound] = useState(0);
  const follow = useCallback(() => setRound((before) => before + 1), []);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another round follows the same again
  useEffect(() => {
    const ending = new AbortController();
    const { signal } = ending;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const watch = async (): Promise<void> => {
      try {
        for await (const next of await client.runs.watch({ repositoryId, runId }, { signal })) {
          if (signal.aborted) return;
          setDetail(next);
          setProblem(null);
        }
      } catch (error) {
        if (signal.aborted) return;
        setProblem(problemOf(error));
        // What the engine refused it refuses again; a connection comes back.
        if (!(error instanceof ORPCError)) timer = setTimeout(follow, pauseMs);
      }
    };
    void watch();
    return () => {
      ending.abort();
      clearTimeout(timer);
    };
  }, [client, repositoryId, runId, round, follow]);
  return { detail, problem, follow };
}
