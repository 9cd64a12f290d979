/** Checks a token line by line. The token passes through; nothing here keeps it. */
import { useEffect, useRef, useState } from 'react';
import type { PermissionReport } from '../../../shared/model.ts';
import type { TracksideClient } from '../../client/client.ts';
import { problemOf, type ShownProblem } from '../../client/problem.ts';
import { useClient } from '../../store/session.ts';

export type Credentials = Parameters<TracksideClient['connections']['check']>[0];

export interface TokenCheck {
  /** Null until the first line has come. */
  report: PermissionReport | null;
  running: boolean;
  /** Why the check itself could not be made; what it found is in the report. */
  problem: ShownProblem | null;
}

const nothing: TokenCheck = { report: null, running: false, problem: null };

export function useTokenCheck(): TokenCheck & {
  start: (credentials: Credentials) => Promise<void>;
  /** Forgets what was found, because what was checked has changed. */
  reset: () => void;
} {
  const client = useClient();
  const [check, setCheck] = useState(nothing);
  const ending = useRef<AbortController | null>(null);
  useEffect(() => () => ending.current?.abort(), []);

  const reset = (): void => {
    ending.current?.abort();
    ending.current = null;
    setCheck((before) => (before === nothing ? before : nothing));
  };
  const start = async (credentials: Credentials): Promise<void> => {
    reset();
    const own = new AbortController();
    ending.current = own;
    setCheck({ ...nothing, running: true });
    try {
      for await (const report of await client.connections.check(credentials, { signal: own.signal })) {
        if (own.signal.aborted) return;
        setCheck({ report, running: true, problem: null });
      }
      if (!own.signal.aborted) setCheck((before) => ({ ...before, running: false }));
    } catch (error) {
      if (own.signal.aborted) return;
      setCheck((before) => ({ ...before, running: false, problem: problemOf(error) }));
    }
  };
  return { ...check, start, reset };
}
