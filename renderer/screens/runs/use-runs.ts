/** Runs that fit a filter: asked for page by page, and kept fresh by what the board hears of their jobs. */
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { Run } from '../../../shared/model.ts';
import type { TracksideClient } from '../../client/client.ts';
import { problemOf, type ShownProblem } from '../../client/problem.ts';
import { useBoard, useClient } from '../../store/session.ts';
import type { RunFilter } from './run-filter.ts';
import { appendRuns, pagesToRefresh, replaceNewest } from './run-pages.ts';
import { isActive } from './run-words.ts';

const perPage = 50;
const mostRefreshed = 3;
/** News of several jobs is answered with one look. */
const newsPauseMs = 800;
/** While a run goes on it is looked at this often even without news. */
const activePauseMs = 15_000;

interface Loaded {
  query: Query;
  runs: readonly Run[];
  total: number;
  pages: number;
  more: boolean;
}

interface Query {
  repositoryId: string;
  filter: RunFilter;
}

export interface Runs {
  /** The newest first; null before the first answer. */
  runs: readonly Run[] | null;
  total: number;
  more: boolean;
  loading: boolean;
  /** What is shown fits another filter; the answer is on its way. */
  stale: boolean;
  problem: ShownProblem | null;
  loadMore: () => void;
  refresh: () => void;
}

/** @param filter must keep its identity while it stays the same; null asks for nothing */
export function useRuns(repositoryId: string, filter: RunFilter | null): Runs {
  const client = useClient();
  const query = useMemo(() => (filter === null ? null : { repositoryId, filter }), [repositoryId, filter]);
  const [loaded, setLoaded] = useState<Loaded | null>(null);
  const [loading, setLoading] = useState(false);
  const [problem, setProblem] = useState<ShownProblem | null>(null);
  const ending = useRef(new AbortController());
  const read = useCallback(async (reading: (signal: AbortSignal) => Promise<Loaded>): Promise<void> => {
    ending.current.abort();
    ending.current = new AbortController();
    const { signal } = ending.current;
    setLoading(true);
    try {
      const next = await reading(signal);
      if (signal.aborted) return;
      setLoaded(next);
      setProblem(null);
    } catch (error) {
      if (!signal.aborted) setProblem(problemOf(error));
    }
    if (!signal.aborted) setLoading(false);
  }, []);
  useEffect(() => {
    if (query !== null) void read((signal) => readNewest(client, query, null, signal));
    return () => ending.current.abort();
  }, [client, query, read]);
  const own = loaded !== null && loaded.query === query ? loaded : null;
  const refresh = useCallback(() => {
    if (query !== null) void read((signal) => readNewest(client, query, own, signal));
  }, [client, query, own, read]);
  const loadMore = useCallback(() => {
    if (own !== null) void read((signal) => readMore(client, own, signal));
  }, [client, own, read]);
  useRefreshing(repositoryId, own?.runs ?? [], loading, refresh);
  const shown = loaded?.query.repositoryId === repositoryId ? loaded : null;
  return {
    runs: shown?.runs ?? null,
    total: shown?.total ?? 0,
    more: own?.more ?? false,
    loading,
    stale: shown !== null && own === null,
    problem,
    loadMore,
    refresh,
  };
}

/** Asks for the first pages again, as many as could have changed. */
async function readNewest(
  client: TracksideClient,
  query: Query,
  before: Loaded | null,
  signal: AbortSignal,
): Promise<Loaded> {
  const pages = pagesToRefresh(before?.runs ?? [], perPage, mostRefreshed);
  const answers = await Promise.all(
    Array.from({ length: pages }, (_, index) => ask(client, query, index + 1, signal)),
  );
  const last = answers.at(-1);
  const fresh = appendRuns(
    [],
    answers.flatMap(({ runs }) => runs),
  );
  const runs = replaceNewest(before?.runs ?? [], fresh, last?.more ?? false);
  const deeper = before !== null && before.pages > pages;
  return {
    query,
    runs,
    total: last?.total ?? runs.length,
    pages: deeper ? before.pages : pages,
    more: deeper ? before.more : (last?.more ?? false),
  };
}

async function readMore(client: TracksideClient, before: Loaded, signal: AbortSignal): Promise<Loaded> {
  const page = before.pages + 1;
  const { runs, total, more } = await ask(client, before.query, page, signal);
  return { query: before.query, runs: appendRuns(before.runs, runs), total, pages: page, more };
}

function ask(client: TracksideClient, { repositoryId, filter }: Query, page: number, signal: AbortSignal) {
  return client.runs.list({ ...filter, repositoryId, page, perPage }, { signal });
}

/** Looks again when a job of the repository came, went or changed, and now and then while a run goes on. */
function useRefreshing(
  repositoryId: string,
  runs: readonly Run[],
  loading: boolean,
  refresh: () => void,
): void {
  const news = useBoard(({ jobs }) =>
    Object.values(jobs)
      .filter((job) => job.repositoryId === repositoryId)
      .map(({ id, status }) => `${id} ${status}`)
      .sort()
      .join(),
  );
  const heard = useRef(news);
  const active = runs.some(isActive);
  useEffect(() => {
    if (loading) return;
    const isNews = heard.current !== news;
    if (!isNews && !active) return;
    const timer = setTimeout(
      () => {
        heard.current = news;
        refresh();
      },
      isNews ? newsPauseMs : activePauseMs,
    );
    return () => clearTimeout(timer);
  }, [news, active, loading, refresh]);
}
