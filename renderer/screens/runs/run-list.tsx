/** Runs, the newest first; beyond a hundred rows only those are drawn at which one looks. */
import { ListFilter, Play } from 'lucide-react';
import { useMemo } from 'react';
import { WindowVirtualizer } from 'virtua';
import { formatCount } from '../../../shared/format.ts';
import type { Repository, Run } from '../../../shared/model.ts';
import { Button, ButtonLink } from '../../components/button.tsx';
import { Card } from '../../components/card.tsx';
import { classNames } from '../../components/class-names.ts';
import { EmptyState } from '../../components/empty-state.tsx';
import { ProblemNote } from '../../components/problem-note.tsx';
import { ScreenSkeleton } from '../../components/skeleton.tsx';
import { openDialog } from '../../store/dialogs.ts';
import { runsPath } from './run-filter.ts';
import styles from './run-list.module.css';
import { RunRow } from './run-row.tsx';
import { endOf, spanOf } from './run-words.ts';
import type { Runs } from './use-runs.ts';

const mostAtOnce = 120;
const usualHeight = 61;

interface RunListProps {
  repository: Repository;
  runs: Runs;
  narrowed: boolean;
  canRun: boolean;
}

export function RunList({ repository, runs: list, narrowed, canRun }: RunListProps) {
  const { runs, total, more, loading, stale, problem } = list;
  const longest = useMemo(() => longestByWorkflow(runs ?? []), [runs]);
  const rows = (runs ?? []).map((run) => (
    <RunRow key={run.id} run={run} longestMs={longest.get(run.workflowId) ?? 0} />
  ));
  return (
    <>
      {problem && (
        <ProblemNote
          problem={problem}
          action={
            <Button size="small" onClick={list.refresh}>
              Try again
            </Button>
          }
        />
      )}
      {runs === null && problem === null && <ScreenSkeleton />}
      {runs !== null && rows.length === 0 && !stale && (
        <NoRuns repository={repository} narrowed={narrowed} canRun={canRun} />
      )}
      {rows.length > 0 && (
        <Card className={classNames(styles.card, stale && styles.stale)}>
          <ul className={styles.list} aria-label="Runs" aria-busy={stale}>
            {rows.length > mostAtOnce ? (
              <WindowVirtualizer itemSize={usualHeight}>{rows}</WindowVirtualizer>
            ) : (
              rows
            )}
          </ul>
          <div className={styles.end}>
            <span>
              {formatCount(rows.length, 'run')}
              {total > rows.length && ` of ${total.toLocaleString('en')}`}
            </span>
            {more && (
              <Button size="small" busy={loading} onClick={list.loadMore}>
                Load more
              </Button>
            )}
          </div>
        </Card>
      )}
    </>
  );
}

/** The longest run of each workflow among those shown, milliseconds. */
function longestByWorkflow(runs: readonly Run[]): Map<number, number> {
  const longest = new Map<number, number>();
  for (const run of runs) {
    const span = spanOf({ startedAt: run.startedAt, endedAt: endOf(run) }, run.updatedAt) ?? 0;
    longest.set(run.workflowId, Math.max(span, longest.get(run.workflowId) ?? 0));
  }
  return longest;
}

function NoRuns({ repository, narrowed, canRun }: Omit<RunListProps, 'runs'>) {
  return (
    <Card>
      {narrowed ? (
        <EmptyState
          icon={ListFilter}
          title="No run is like that"
          action={<ButtonLink href={`#${runsPath(repository.id)}`}>Show all runs</ButtonLink>}
        >
          Try another state, branch or event.
        </EmptyState>
      ) : (
        <EmptyState
          icon={Play}
          title="Nothing has run yet"
          action={
            canRun && (
              <Button
                onClick={() => openDialog({ kind: 'run-workflow', repositoryId: repository.id })}
                icon={Play}
              >
                Run a workflow…
              </Button>
            )
          }
        >
          A run appears here as soon as a workflow starts, by hand or by an event of the repository.
        </EmptyState>
      )}
    </Card>
  );
}
