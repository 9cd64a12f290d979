/** Follows a log for as long as it is shown. */
import { useEffect, useState } from 'react';
import type { LogSource, LogState } from '../../../shared/model.ts';
import { problemOf, type ShownProblem } from '../../client/problem.ts';
import { useClient, useConnection } from '../../store/session.ts';
import { createLineCache, type LineCache } from './line-cache.ts';

export interface FollowedLog extends Omit<LogState, 'tail'> {
  cache: LineCache;
  problem: ShownProblem | null;
  /** Follows it anew after a problem. */
  again: () => void;
}

type Followed = Omit<FollowedLog, 'again'>;

/** Lines that come with each state: as many as one sees at once. */
const tail = 200;

/** Null until the first state has come. */
export function useLog(source: LogSource): FollowedLog | null {
  const client = useClient();
  const connected = useConnection().state === 'live';
  const [log, setLog] = useState<Followed | null>(null);
  const [tries, setTries] = useState(0);
  const name = JSON.stringify(source);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another try follows it anew
  useEffect(() => {
    if (!connected) return;
    const ending = new AbortController();
    const { signal } = ending;
    const fail = (error: unknown): void => {
      if (signal.aborted) return;
      setLog((before) => ({ ...(before ?? nothing()), problem: problemOf(error) }));
    };
    const open = (logId: string): LineCache =>
      createLineCache(async (from, count) => {
        const input = { logId, from, count };
        return (await client.logs.lines(input, { signal })).lines;
      });
    const follow = async (): Promise<void> => {
      const followed: LogSource = JSON.parse(name);
      let present: Followed | null = null;
      for await (const state of await client.logs.follow({ source: followed, tail }, { signal })) {
        if (signal.aborted) return;
        present = take(present, state, open);
        setLog(present);
      }
    };
    follow().catch(fail);
    return () => ending.abort();
  }, [client, connected, name, tries]);
  return log && { ...log, again: () => setTries(tries + 1) };
}

const nothing = (): Followed => ({
  ...{ logId: '', lines: 0, bytes: 0, complete: false, fetched: null, empty: null },
  cache: createLineCache(async () => []),
  problem: null,
});

/** The log after another state; with another id, it is another log. */
function take(
  present: Followed | null,
  { tail: last, ...state }: LogState,
  open: (logId: string) => LineCache,
): Followed {
  const same = present?.logId === state.logId;
  const cache = same ? present.cache : open(state.logId);
  // The last line may have been written on since.
  if (same && present.lines > 0) cache.forget(present.lines - 1);
  if (state.lines > 0) cache.put(state.lines - last.length, last);
  return { ...state, cache, problem: null };
}
