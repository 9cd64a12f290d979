/** All runners, grouped by pool, with what each one does and what can be done with it. */
import { Plus, Server } from 'lucide-react';
import { useCallback, useDeferredValue, useMemo, useState } from 'react';
import { useSearch } from 'wouter';
import { formatCount } from '../../../shared/format.ts';
import { ButtonLink } from '../../components/button.tsx';
import { Card } from '../../components/card.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { navigate } from '../../router.ts';
import { useBoard } from '../../store/session.ts';
import { LeftBehind } from './left-behind.tsx';
import { ListFilter } from './list-filter.tsx';
import { countGroups, groupFrom, listHeadline, listRows, type StateGroup } from './rows.ts';
import { type AskedAction, RunnerDialog } from './runner-dialog.tsx';
import { RunnerList } from './runner-list.tsx';
import { SelectionBar } from './selection-bar.tsx';
import { managesItself } from './stay.ts';
import { useRunnerActions } from './use-runner-actions.ts';

const nothing: ReadonlySet<string> = new Set();

export function RunnersScreen() {
  const runners = useBoard((board) => board.runners);
  const pools = useBoard((board) => board.pools);
  const foreignRunners = useBoard((board) => board.foreignRunners);
  const [query, setQuery] = useState('');
  const group = groupFrom(useSearch());
  const [asked, setAsked] = useState<AskedAction | null>(null);
  const [selection, setSelection] = useState(nothing);
  const actions = useRunnerActions(setAsked);
  const words = useDeferredValue(query);
  const rows = useMemo(
    () => listRows({ runners, pools, foreignRunners }, { query: words, group }),
    [runners, pools, foreignRunners, words, group],
  );
  const select = useCallback((ids: readonly string[], selected: boolean) => {
    setSelection((before) => {
      const next = new Set(before);
      for (const id of ids) {
        if (selected) next.add(id);
        else next.delete(id);
      }
      return next;
    });
  }, []);
  const counts = countGroups(runners);
  const chosen = Object.values(runners).filter(({ id }) => selection.has(id));
  const managed = Object.values(pools).some(managesItself);
  const nobody = counts.all === 0 && !managed && Object.keys(foreignRunners).length === 0;
  return (
    <>
      <PageHeader
        title={listHeadline(runners, pools)}
        documentTitle="Runners"
        sub={<SubLine />}
        actions={
          (counts.all > 0 || managed) && (
            <ButtonLink kind="primary" icon={Plus} href="#/deploy">
              Deploy…
            </ButtonLink>
          )
        }
      />
      {nobody ? (
        <NoRunners />
      ) : (
        <>
          <ListFilter query={query} onQuery={setQuery} group={group} onGroup={showGroup} counts={counts} />
          <RunnerList rows={rows} selection={selection} onSelect={select} actions={actions} />
        </>
      )}
      <LeftBehind />
      <SelectionBar runners={chosen} onAsk={setAsked} onClear={() => setSelection(nothing)} />
      {asked && (
        <RunnerDialog
          asked={asked}
          onClose={() => {
            setAsked(null);
            setSelection(nothing);
          }}
        />
      )}
    </>
  );
}

/** The group is part of the address, so that a link can lead to it. */
function showGroup(group: StateGroup): void {
  navigate(group === 'all' ? '/runners' : `/runners?state=${group}`, { replace: true });
}

function SubLine() {
  const used = useBoard((board) => new Set(Object.values(board.runners).map(({ poolId }) => poolId)).size);
  const resting = useBoard((board) =>
    used > 0 ? 0 : Object.values(board.pools).filter(managesItself).length,
  );
  const foreign = useBoard((board) => Object.keys(board.foreignRunners).length);
  const parts = [
    used > 0 ? `in ${formatCount(used, 'pool')}` : '',
    resting > 0 ? `${formatCount(resting, 'pool starts', 'pools start')} runners when a job waits` : '',
    foreign > 0 ? `${formatCount(foreign, 'runner')} more not managed here` : '',
  ];
  return parts.filter(Boolean).join(' · ');
}

function NoRunners() {
  const connected = useBoard((board) => Object.keys(board.repositories).length > 0);
  return (
    <Card>
      <EmptyState
        icon={Server}
        title="Runners appear here once you deploy some"
        action={
          connected ? (
            <ButtonLink kind="primary" size="large" icon={Plus} href="#/deploy">
              Deploy runners…
            </ButtonLink>
          ) : (
            <ButtonLink kind="primary" size="large" href="#/connect">
              Connect a repository
            </ButtonLink>
          )
        }
      >
        A runner is a program on this machine that takes one job of your repository at a time.
      </EmptyState>
    </Card>
  );
}
