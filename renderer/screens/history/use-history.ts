/** Events that fit a filter: asked for page by page, and kept up to date by what the board hears. */
import { useCallback, useEffect, useMemo, useState } from 'react';
import type { HistoryEvent } from '../../../shared/model.ts';
import { problemOf, type ShownProblem } from '../../client/problem.ts';
import { useBoard, useClient } from '../../store/session.ts';
import { mergeEvents } from './event-rows.ts';
import { type HistoryFilter, matchesFilter } from './history-filter.ts';

interface Page {
  /** The filter that the events fit. */
  filter: HistoryFilter;
  events: readonly HistoryEvent[];
  more: boolean;
}

export interface History {
  /** The newest first; null before the first answer. */
  events: readonly HistoryEvent[] | null;
  /** Older ones fit as well. */
  more: boolean;
  loading: boolean;
  problem: ShownProblem | null;
  loadOlder: () => void;
}

/**
 * Follows the events that fit.
 * @param filter must keep its identity while it stays the same
 * @param limit events of one page
 */
export function useHistory(filter: HistoryFilter, limit: number): History {
  const client = useClient();
  const live = useBoard((board) => board.events);
  const [page, setPage] = useState<Page | null>(null);
  const [loading, setLoading] = useState(true);
  const [problem, setProblem] = useState<ShownProblem | null>(null);
  const load = useCallback(
    async (before: readonly HistoryEvent[], signal?: AbortSignal): Promise<void> => {
      setLoading(true);
      try {
        const query = { ...filter, before: before.at(-1)?.id ?? null, limit };
        const { events, more } = await client.history.query(query, { signal });
        if (signal?.aborted) return;
        setPage({ filter, events: [...before, ...events], more });
        setProblem(null);
      } catch (error) {
        if (!signal?.aborted) setProblem(problemOf(error));
      }
      if (!signal?.aborted) setLoading(false);
    },
    [client, filter, limit],
  );
  useEffect(() => {
    const ending = new AbortController();
    void load([], ending.signal);
    return () => ending.abort();
  }, [load]);
  const events = useMemo(() => {
    if (page === null) return null;
    // Until the answer comes, what fits of the earlier one stays, so that nothing jumps.
    const loaded =
      page.filter === filter ? page.events : page.events.filter((event) => matchesFilter(event, filter));
    const shown = Object.values(live);
    const fresh = shown.filter((event) => matchesFilter(event, filter));
    const fromMs = shown.reduce<number | null>((first, { at }) => Math.min(first ?? at, at), null);
    return mergeEvents(fresh, loaded, fromMs);
  }, [page, live, filter]);
  const loadOlder = useCallback(() => {
    if (page !== null && page.filter === filter) void load(page.events);
  }, [load, page, filter]);
  return { events, more: page?.more ?? false, loading, problem, loadOlder };
}
