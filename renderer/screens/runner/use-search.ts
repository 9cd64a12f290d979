/** Searching in a log: the hits, and the one that the reader stands on. */
import { useDeferredValue, useMemo, useState } from 'react';
import { findHits, type Hit } from './log-buffer.ts';
import type { LogLine } from './log-text.ts';

export interface LogSearch {
  query: string;
  setQuery: (query: string) => void;
  hits: readonly Hit[];
  /** Index into `hits`; -1 when there are none. */
  current: number;
  /** Goes to the next (1) or previous (-1) hit, around the ends, and returns it. */
  step: (by: 1 | -1) => Hit | undefined;
  /** Where hits start in a line. */
  startsIn: (line: number) => readonly number[];
}

const none: readonly number[] = [];

export function useSearchIn(lines: readonly LogLine[]): LogSearch {
  const [query, setQuery] = useState('');
  const [wanted, setWanted] = useState(0);
  const words = useDeferredValue(query);
  const seen = useDeferredValue(lines);
  const hits = useMemo(() => findHits(seen, words), [seen, words]);
  const byLine = useMemo(() => Map.groupBy(hits, ({ line }) => line), [hits]);
  const current = hits.length === 0 ? -1 : Math.min(wanted, hits.length - 1);
  return {
    query,
    setQuery(next) {
      setQuery(next);
      setWanted(0);
    },
    hits,
    current,
    step(by) {
      if (hits.length === 0) return undefined;
      const next = (current + by + hits.length) % hits.length;
      setWanted(next);
      return hits[next];
    },
    startsIn: (line) => byLine.get(line)?.map(({ start }) => start) ?? none,
  };
}
