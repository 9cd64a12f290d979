/** Fetching one artifact: how far it is, what became of it. */
import { useEffect, useRef, useState } from 'react';
import type { SavedArtifact } from '../../../shared/model.ts';
import { problemOf, type ShownProblem } from '../../client/problem.ts';
import { useClient } from '../../store/session.ts';

export interface ArtifactFetch {
  /** Null before it was asked for. */
  progress: SavedArtifact | null;
  working: boolean;
  problem: ShownProblem | null;
  start: () => void;
  cancel: () => void;
}

/** @param onSaved called when it is whole, for a browser that then takes it */
export function useArtifact(
  asked: { repositoryId: string; runId: number; artifactId: number },
  onSaved: (saved: NonNullable<SavedArtifact['saved']>) => void,
): ArtifactFetch {
  const client = useClient();
  const [progress, setProgress] = useState<SavedArtifact | null>(null);
  const [working, setWorking] = useState(false);
  const [problem, setProblem] = useState<ShownProblem | null>(null);
  const ending = useRef<AbortController | null>(null);
  useEffect(() => () => ending.current?.abort(), []);
  const start = async (): Promise<void> => {
    const own = new AbortController();
    ending.current = own;
    setWorking(true);
    setProblem(null);
    setProgress(null);
    try {
      for await (const next of await client.runs.saveArtifact(asked, { signal: own.signal })) {
        if (own.signal.aborted) return;
        setProgress(next);
        if (next.saved !== null) onSaved(next.saved);
      }
    } catch (error) {
      if (!own.signal.aborted) setProblem(problemOf(error));
    }
    if (!own.signal.aborted) setWorking(false);
  };
  return {
    progress,
    working,
    problem,
    start: () => void start(),
    cancel: () => {
      ending.current?.abort();
      setWorking(false);
      setProgress(null);
    },
  };
}
