/** What a workflow can be started on and deployed to. The form works without: both can be typed. */
import { useEffect, useState } from 'react';
import { useClient } from '../../store/session.ts';

export interface Refs {
  branches: readonly string[];
  tags: readonly string[];
}

/** Null until they are known, and where the forge does not tell them. */
export function useRefs(repositoryId: string): Refs | null {
  const client = useClient();
  const [refs, setRefs] = useState<Refs | null>(null);
  useEffect(() => {
    const ending = new AbortController();
    client.workflows.refs({ repositoryId }, { signal: ending.signal }).then(
      (found) => !ending.signal.aborted && setRefs(found),
      () => {},
    );
    return () => ending.abort();
  }, [client, repositoryId]);
  return refs;
}

/** The same for environments; asked for only when an input takes one. */
export function useEnvironments(repositoryId: string, needed: boolean): readonly string[] | null {
  const client = useClient();
  const [environments, setEnvironments] = useState<readonly string[] | null>(null);
  useEffect(() => {
    if (!needed) return;
    const ending = new AbortController();
    client.workflows.environments({ repositoryId }, { signal: ending.signal }).then(
      (found) => !ending.signal.aborted && setEnvironments(found),
      () => {},
    );
    return () => ending.abort();
  }, [client, repositoryId, needed]);
  return environments;
}
