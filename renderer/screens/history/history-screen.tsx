/** What happened, to what, and why: everything that the engine wrote down. */
import { ScrollText } from 'lucide-react';
import { useEffect, useMemo, useState } from 'react';
import { useSearch } from 'wouter';
import { Button, ButtonLink } from '../../components/button.tsx';
import { Card } from '../../components/card.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { ProblemNote } from '../../components/problem-note.tsx';
import { ScreenSkeleton } from '../../components/skeleton.tsx';
import { navigate } from '../../router.ts';
import { useNow } from '../../store/now.ts';
import { EventList } from './event-list.tsx';
import { eventRows } from './event-rows.ts';
import { filterFrom, type HistoryFilter, historyPath, isNarrowed } from './history-filter.ts';
import { HistoryFilterBar } from './history-filter-bar.tsx';
import styles from './history-screen.module.css';
import { useHistory } from './use-history.ts';

const pageSize = 100;
/** While somebody types, the engine is not asked for every letter. */
const typingPauseMs = 200;

export function HistoryScreen() {
  const address = useSearch();
  const filter = useMemo(() => filterFrom(address), [address]);
  const [typed, setTyped] = useTypedSearch(filter);
  const history = useHistory(filter, pageSize);
  const day = useNow(60_000);
  const rows = useMemo(() => eventRows(history.events ?? [], day), [history.events, day]);
  const change = (part: Partial<HistoryFilter>): void => show({ ...filter, search: typed, ...part });
  return (
    <>
      <PageHeader
        title="History"
        documentTitle="History"
        sub="What happened, to what, and why. The latest comes first."
      />
      <HistoryFilterBar filter={filter} search={typed} onSearch={setTyped} onChange={change} />
      {history.problem && <ProblemNote className={styles.problem} problem={history.problem} />}
      {history.events === null && history.problem === null && <ScreenSkeleton />}
      {history.events !== null && rows.length === 0 && <NothingFound filter={filter} />}
      {rows.length > 0 && (
        <Card className={styles.card}>
          <EventList rows={rows} />
          {history.more && (
            <div className={styles.older}>
              <Button size="small" busy={history.loading} onClick={history.loadOlder}>
                Load older
              </Button>
            </div>
          )}
        </Card>
      )}
    </>
  );
}

/** The filter is part of the address, so that a link can lead to it. */
function show(filter: HistoryFilter): void {
  navigate(historyPath(filter), { replace: true });
}

/** What is in the search field; the address follows when the typing pauses. */
function useTypedSearch(filter: HistoryFilter): [string, (typed: string) => void] {
  const [typed, setTyped] = useState(filter.search);
  useEffect(() => {
    if (typed === filter.search) return;
    const timer = setTimeout(() => show({ ...filter, search: typed }), typingPauseMs);
    return () => clearTimeout(timer);
  }, [typed, filter]);
  return [typed, setTyped];
}

function NothingFound({ filter }: { filter: HistoryFilter }) {
  const narrowed = isNarrowed(filter);
  return (
    <Card>
      <EmptyState
        icon={ScrollText}
        title={narrowed ? 'Nothing like that happened' : 'Nothing has happened yet'}
        action={narrowed ? <ButtonLink href="#/history">Show everything</ButtonLink> : undefined}
      >
        {narrowed
          ? 'Try fewer words, or other kinds. Events older than what the settings keep are gone.'
          : 'Every start, stop, job and fault is written down here with its cause.'}
      </EmptyState>
    </Card>
  );
}
