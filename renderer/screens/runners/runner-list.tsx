// biome-ignore-all lint/a11y/useFocusableInteractive: rows and cells are read, their links and buttons take the focus
// biome-ignore-all lint/a11y/useSemanticElements: a real table cannot leave out the rows that are not seen
/** The list itself: a table whose rows are only drawn where one looks, beyond fifty of them. */
import { type ReactNode, useCallback } from 'react';
import { WindowVirtualizer } from 'virtua';
import { formatBytes, formatCoreCount, formatCount } from '../../../shared/format.ts';
import type { Pool } from '../../../shared/model.ts';
import { Card } from '../../components/card.tsx';
import { Checkbox } from '../../components/choice.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { Label, StateShape } from '../../components/pill.tsx';
import { walkRows } from '../../components/walk-rows.ts';
import { useBoard } from '../../store/session.ts';
import { lifeLine } from '../pools/pool-words.ts';
import type { ListRow } from './rows.ts';
import styles from './runner-list.module.css';
import { ForeignRow, RunnerRow } from './runner-row.tsx';
import { managesItself } from './stay.ts';
import type { ActionsOf } from './use-runner-actions.ts';

const mostAtOnce = 50;

interface RunnerListProps {
  rows: readonly ListRow[];
  selection: ReadonlySet<string>;
  onSelect: (ids: readonly string[], selected: boolean) => void;
  actions: ActionsOf;
}

export function RunnerList({ rows, selection, onSelect, actions }: RunnerListProps) {
  const ids = rows.flatMap((row) => (row.kind === 'runner' ? row.runner.id : []));
  const selectOne = useCallback(
    (id: string, selected: boolean): void => onSelect([id], selected),
    [onSelect],
  );
  if (rows.length === 0) {
    return (
      <Card>
        <EmptyState title="No runner matches">Try fewer words, or another state.</EmptyState>
      </Card>
    );
  }
  const drawn = rows.map((row, index) => (
    <Row key={row.key} {...{ row, selection, actions }} index={index + 2} onSelect={selectOne} />
  ));
  return (
    <Card className={styles.card}>
      <div
        className={styles.list}
        role="table"
        aria-label="Runners"
        aria-rowcount={rows.length + 1}
        onKeyDown={walkRows}
      >
        <Head ids={ids} selection={selection} onSelect={onSelect} />
        <div role="rowgroup">
          {rows.length > mostAtOnce ? <WindowVirtualizer itemSize={65}>{drawn}</WindowVirtualizer> : drawn}
        </div>
      </div>
    </Card>
  );
}

function Head({
  ids,
  selection,
  onSelect,
}: Pick<RunnerListProps, 'selection' | 'onSelect'> & { ids: readonly string[] }) {
  const chosen = ids.filter((id) => selection.has(id)).length;
  return (
    <div role="rowgroup">
      <div className={styles.head} role="row" aria-rowindex={1}>
        <div role="columnheader" className={styles.select}>
          <Checkbox
            aria-label="Select all shown"
            checked={chosen === ids.length && ids.length > 0}
            partly={chosen > 0 && chosen < ids.length}
            disabled={ids.length === 0}
            onChange={(event) => onSelect(ids, event.target.checked)}
          />
          <span className={styles.all} aria-hidden="true">
            Select all
          </span>
        </div>
        <div role="columnheader" className={styles.runner}>
          Runner
        </div>
        <div role="columnheader">State</div>
        <div role="columnheader">Job</div>
        <div role="columnheader" className={styles.usage}>
          CPU, cores
        </div>
        <div role="columnheader" className={styles.usage}>
          Memory
        </div>
        <div role="columnheader">
          <span className="visually-hidden">Actions</span>
        </div>
      </div>
    </div>
  );
}

interface RowProps extends Pick<RunnerListProps, 'selection' | 'actions'> {
  row: ListRow;
  index: number;
  onSelect: (id: string, selected: boolean) => void;
}

function Row({ row, index, selection, actions, onSelect }: RowProps) {
  switch (row.kind) {
    case 'pool':
      return <PoolHead pool={row.pool} count={row.count} index={index} />;
    case 'foreign-head':
      return (
        <GroupHead index={index}>
          <strong>Not managed here</strong>
          <span className="muted">{formatCount(row.count, 'runner')} that somebody set up elsewhere</span>
        </GroupHead>
      );
    case 'foreign':
      return <ForeignRow runner={row.runner} index={index} />;
    case 'runner':
      return (
        <RunnerRow
          runner={row.runner}
          selected={selection.has(row.runner.id)}
          onSelect={onSelect}
          actions={actions}
          index={index}
        />
      );
  }
}

function PoolHead({ pool, count, index }: { pool: Pool | null; count: number; index: number }) {
  if (pool === null) {
    return (
      <GroupHead index={index}>
        <strong>Without a pool</strong>
      </GroupHead>
    );
  }
  const { name, size, labels, lifecycle, scaling } = pool;
  const most = lifecycle.mode === 'manual' ? '' : ` of at most ${scaling.maxRunners.toLocaleString('en')}`;
  return (
    <GroupHead index={index}>
      <a className={styles.pool} href={`#/pools/${encodeURIComponent(pool.id)}`}>
        {name}
      </a>
      <span className="muted">
        {most === '' ? formatCount(count, 'runner') : `${count.toLocaleString('en')}${most}`} ·{' '}
        {formatCoreCount(size.cores)}, {formatBytes(size.memoryBytes)} each · {lifeLine(pool)}
      </span>
      {labels.map((label) => (
        <Label key={label}>{label}</Label>
      ))}
      {managesItself(pool) && <PoolNews pool={pool} resting={count === 0} />}
    </GroupHead>
  );
}

/** Why it has no more runners, or none at all. */
function PoolNews({ pool, resting }: { pool: Pool; resting: boolean }) {
  const state = useBoard((board) => board.poolStates[pool.id]);
  if (state?.hold) {
    return (
      <span className={styles.held}>
        <StateShape shape="ring" size={9} />
        {state.hold.sentence}
      </span>
    );
  }
  if (!resting && (state === undefined || state.demand === 0)) return null;
  return <span className={styles.news}>{state?.cause ?? 'It starts runners when a job waits.'}</span>;
}

function GroupHead({ index, children }: { index: number; children: ReactNode }) {
  return (
    <div className={styles.group} role="row" aria-rowindex={index}>
      <div className={styles.groupWords} role="cell" aria-colspan={7}>
        {children}
      </div>
    </div>
  );
}
