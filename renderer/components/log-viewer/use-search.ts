/** Searching in a whole log: the hits as the engine finds them, and the one that the reader stands on. */
import { useDeferredValue, useEffect, useMemo, useRef, useState } from 'react';
import { wordsPattern } from '../../../shared/log-line.ts';
import { problemOf, type ShownProblem } from '../../client/problem.ts';
import { useClient } from '../../store/session.ts';
import type { FoundWords } from './log-line-row.tsx';
import { mostHits, noHits, type SearchHits, startAnew, stepFrom, takeFound } from './search-hits.ts';
import type { FollowedLog } from './use-log.ts';

export interface LogSearch {
  query: string;
  setQuery: (query: string) => void;
  /** What lines are marked with; null without a query. */
  words: FoundWords | null;
  found: SearchHits;
  /** Index into the hits; null before somebody has gone to one. */
  current: number | null;
  /** Goes to the next (1) or previous (-1) hit, around the ends. @returns its line; null when there is none */
  step: (by: 1 | -1, from: number) => number | null;
  /** Goes to one of the hits. */
  goTo: (index: number) => void;
  problem: ShownProblem | null;
}

/** Typing goes on for so long before it is searched. */
const typingMs = 150;
/** A growing log is searched on after a moment. */
const growingMs = 500;
const longestQuery = 1000;

export function useSearch(log: Pick<FollowedLog, 'logId' | 'lines'>): LogSearch {
  const { logId, lines } = log;
  const client = useClient();
  const [query, setQuery] = useState('');
  const [found, setFound] = useState<SearchHits>(noHits);
  const [current, setCurrent] = useState<number | null>(null);
  const [problem, setProblem] = useState<ShownProblem | null>(null);
  const latest = useRef(found);
  latest.current = found;
  const shown = useDeferredValue(query);
  const words = useMemo<FoundWords | null>(
    () => (shown === '' ? null : { pattern: wordsPattern(shown), length: shown.length }),
    [shown],
  );
  const show = (next: SearchHits): void => {
    latest.current = next;
    setFound(next);
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: other words or another log, and all is searched anew
  useEffect(() => {
    setCurrent(null);
    setProblem(null);
    show(query === '' || logId === '' ? noHits : { ...noHits, done: false });
  }, [query, logId]);

  const isDue =
    query !== '' && logId !== '' && found.hits.length < mostHits && (!found.done || lines > found.searched);
  const [rounds, setRounds] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a search under way is not begun again by what it finds
  useEffect(() => {
    if (!isDue) return;
    const ending = new AbortController();
    const { signal } = ending;
    const search = async (): Promise<void> => {
      const before = startAnew(latest.current);
      const input = { logId, query: query.slice(0, longestQuery), from: before.searched };
      let next = before;
      for await (const told of await client.logs.search(input, { signal })) {
        if (signal.aborted) return;
        next = takeFound(next, told);
        show(next);
      }
      setRounds((count) => count + 1);
    };
    const begin = (): void => {
      search().catch((error: unknown) => {
        if (!signal.aborted) setProblem(problemOf(error));
      });
    };
    const timer = setTimeout(begin, latest.current.searched === 0 ? typingMs : growingMs);
    return () => {
      clearTimeout(timer);
      ending.abort();
    };
  }, [client, query, logId, isDue, rounds]);

  return {
    query,
    setQuery,
    words,
    found,
    current,
    step(by, from) {
      const next = stepFrom(found.hits, current, by, from);
      setCurrent(next);
      return next === null ? null : (found.hits[next]?.line ?? null);
    },
    goTo: setCurrent,
    problem,
  };
}
