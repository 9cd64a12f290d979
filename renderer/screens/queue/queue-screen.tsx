/** `#/queue`: every job that waits or runs, why, and what would help. */
import { CircleCheck, Play, RefreshCw } from 'lucide-react';
import { useCallback, useMemo, useState } from 'react';
import { useSearch } from 'wouter';
import { formatCount } from '../../../shared/format.ts';
import { Button, ButtonLink } from '../../components/button.tsx';
import { Card } from '../../components/card.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { navigate } from '../../router.ts';
import { openDialog } from '../../store/dialogs.ts';
import { runAction } from '../../store/run-action.ts';
import { useBoard, useBoardList, useClient } from '../../store/session.ts';
import { CheckedAgo } from '../overview/checked-ago.tsx';
import { Clauses } from '../overview/clauses.tsx';
import { leavesOut, type QueueFilter, queueFilterFrom, queuePath, wholeQueue } from './queue-filter.ts';
import { QueueFilterBar } from './queue-filter-bar.tsx';
import { queueHeadline } from './queue-headline.ts';
import { QueueList } from './queue-list.tsx';
import styles from './queue-screen.module.css';
import { QueueStrip } from './queue-strip.tsx';
import { useQueue } from './use-queue.ts';

export function QueueScreen() {
  const search = useSearch();
  const filter = useMemo(() => queueFilterFrom(search), [search]);
  const change = useCallback(
    (part: Partial<QueueFilter>): void => navigate(queuePath({ ...filter, ...part }), { replace: true }),
    [filter],
  );
  const [opened, setOpened] = useState<ReadonlySet<string>>(new Set());
  const open = useCallback((key: string): void => setOpened((before) => new Set(before).add(key)), []);
  const queue = useQueue(filter, opened);
  const connected = useBoard((board) => Object.keys(board.repositories).length > 0);
  const empty = queue.allCauses.length === 0 && queue.running === 0;
  return (
    <>
      <PageHeader
        documentTitle="Queue"
        title={<Clauses clauses={queueHeadline(queue.allCauses, queue.running)} />}
        sub={<SubLine />}
        actions={connected && <LookNow />}
      />
      {empty ? (
        <EmptyQueue connected={connected} />
      ) : (
        <>
          {queue.causes.length > 0 && <QueueStrip causes={queue.causes} />}
          <QueueFilterBar filter={filter} facets={queue.facets} onChange={change} />
          {queue.markedIsOver && (
            <MarkedIsOver hidden={leavesOut(filter)} onForget={() => change({ waitId: null })} />
          )}
          {queue.rows.length === 0 ? (
            <NothingFits filter={filter} onChange={change} />
          ) : (
            <QueueList rows={queue.rows} filter={filter} onChange={change} onOpen={open} />
          )}
        </>
      )}
    </>
  );
}

function SubLine() {
  const repositories = useBoardList((board) => Object.values(board.repositories));
  const [first] = repositories;
  return (
    <>
      {repositories.length === 1 && first
        ? first.fullName
        : formatCount(repositories.length, 'repository', 'repositories')}
      <CheckedAgo />
    </>
  );
}

/** Asks the forge about every repository instead of waiting for the next look. */
function LookNow() {
  const client = useClient();
  const repositories = useBoard((board) => board.repositories);
  const [looking, setLooking] = useState(false);
  const look = async (): Promise<void> => {
    setLooking(true);
    const asked = Object.keys(repositories).map((repositoryId) =>
      client.repositories.refresh({ repositoryId }),
    );
    await runAction(() => Promise.all(asked), null);
    setLooking(false);
  };
  return (
    <Button icon={RefreshCw} busy={looking} onClick={() => void look()}>
      Look now
    </Button>
  );
}

function EmptyQueue({ connected }: { connected: boolean }) {
  return (
    <Card>
      <EmptyState
        icon={CircleCheck}
        title={connected ? 'No job waits and none runs' : 'No repository is connected'}
        action={
          connected ? (
            <>
              <Button icon={Play} onClick={() => openDialog({ kind: 'run-workflow', repositoryId: null })}>
                Run a workflow…
              </Button>
              <ButtonLink href="#/history?kinds=job">Earlier jobs</ButtonLink>
            </>
          ) : (
            <ButtonLink kind="primary" href="#/connect">
              Connect a repository
            </ButtonLink>
          )
        }
      >
        {connected
          ? 'A job appears here as soon as GitHub queues it: why it waits, since when, when it will start, and a button for what would help.'
          : 'Connect one, and its jobs appear here: why each waits, when it will start, and what would help.'}
      </EmptyState>
    </Card>
  );
}

function NothingFits({
  filter,
  onChange,
}: {
  filter: QueueFilter;
  onChange: (part: Partial<QueueFilter>) => void;
}) {
  return (
    <Card className={styles.note}>
      <EmptyState
        title="No job fits"
        action={
          leavesOut(filter) && (
            <Button onClick={() => onChange({ ...wholeQueue, view: filter.view })}>
              Show the whole queue
            </Button>
          )
        }
      >
        Try fewer words, another repository, reason or label.
      </EmptyState>
    </Card>
  );
}

/** @param hidden the filter may hide it */
function MarkedIsOver({ hidden, onForget }: { hidden: boolean; onForget: () => void }) {
  return (
    <div className={styles.over} role="status">
      <CircleCheck aria-hidden="true" />
      <p>
        {hidden
          ? 'What you came for is over, or the filter hides it: nothing shown here waits for it.'
          : 'What you came for is over: nothing waits for it any more.'}
      </p>
      <Button size="small" kind="quiet" onClick={onForget}>
        All right
      </Button>
    </div>
  );
}
