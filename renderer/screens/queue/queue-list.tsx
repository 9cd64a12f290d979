// biome-ignore-all lint/a11y/useFocusableInteractive: rows and cells are read, their links and buttons take the focus
// biome-ignore-all lint/a11y/useSemanticElements: a real table cannot leave out the rows that are not seen
/** The queue as a table whose rows are only drawn where one looks, beyond sixty of them. */
import { ArrowDown, ArrowUp } from 'lucide-react';
import { type ReactElement, type RefObject, useEffect, useRef } from 'react';
import { WindowVirtualizer, type WindowVirtualizerHandle } from 'virtua';
import { Button } from '../../components/button.tsx';
import { classNames } from '../../components/class-names.ts';
import { walkRows } from '../../components/walk-rows.ts';
import { JobRow, RunningRow } from './job-row.tsx';
import type { QueueFilter, SortKey } from './queue-filter.ts';
import styles from './queue-list.module.css';
import type { QueueRow } from './queue-rows.ts';
import { WaitHead } from './wait-head.tsx';
import { sharedLabels } from './waiting-jobs.ts';

const mostAtOnce = 60;
/** Room above a row that is scrolled to: on narrow screens a bar stands there. */
const scrollRoomPx = 72;

interface QueueListProps {
  rows: readonly QueueRow[];
  filter: QueueFilter;
  onChange: (part: Partial<QueueFilter>) => void;
  /** Shows all jobs of a cause. */
  onOpen: (key: string) => void;
}

export function QueueList({ rows, filter, onChange, onOpen }: QueueListProps) {
  const alone = filter.view === 'jobs';
  const list = useRef<WindowVirtualizerHandle>(null);
  const table = useRef<HTMLDivElement>(null);
  useScrollToMarked(rows, filter.waitId, list, table);
  const draw = (row: QueueRow, index: number): ReactElement => (
    <Row key={row.key} row={row} index={index + 2} alone={alone} onOpen={onOpen} />
  );
  return (
    <div
      className={classNames(styles.list, alone && styles.flat)}
      ref={table}
      role="table"
      aria-label="Queue"
      aria-rowcount={rows.length + 1}
      onKeyDown={walkRows}
    >
      <Head filter={filter} onChange={onChange} sortable={alone} />
      <div role="rowgroup">
        {rows.length > mostAtOnce ? (
          <WindowVirtualizer ref={list} data={rows} itemSize={alone ? 84 : undefined}>
            {draw}
          </WindowVirtualizer>
        ) : (
          rows.map(draw)
        )}
      </div>
    </div>
  );
}

/** A cause that the address names is scrolled to once, when it is there. */
function useScrollToMarked(
  rows: readonly QueueRow[],
  waitId: string | null,
  list: RefObject<WindowVirtualizerHandle | null>,
  table: RefObject<HTMLDivElement | null>,
): void {
  const shown = useRef<string | null>(null);
  useEffect(() => {
    if (waitId === null) shown.current = null;
    if (waitId === null || shown.current === waitId) return;
    const index = rows.findIndex((row) => 'marked' in row && row.marked);
    if (index === -1) return;
    shown.current = waitId;
    if (list.current) list.current.scrollToIndex(index, { align: 'start', offset: -scrollRoomPx });
    else table.current?.querySelector('[data-marked]')?.scrollIntoView({ block: 'start' });
  }, [rows, waitId, list, table]);
}

const columns: readonly { key: SortKey | null; title: string }[] = [
  { key: 'waited', title: 'Waits' },
  { key: 'name', title: 'Job' },
  { key: null, title: 'From' },
  { key: 'start', title: 'Starts' },
  { key: null, title: '' },
];

function Head({
  filter,
  onChange,
  sortable,
}: Pick<QueueListProps, 'filter' | 'onChange'> & { sortable: boolean }) {
  return (
    <div role="rowgroup">
      <div className={classNames(styles.head, !sortable && 'visually-hidden')} role="row" aria-rowindex={1}>
        {columns.map(({ key, title }) => {
          if (key === null || !sortable) {
            return (
              <div key={title} role="columnheader">
                {title === '' ? <span className="visually-hidden">On GitHub</span> : title}
              </div>
            );
          }
          return <SortHead key={key} sortKey={key} title={title} filter={filter} onChange={onChange} />;
        })}
      </div>
    </div>
  );
}

/** The longest wait first is the order that `waited` has by itself, which counts down. */
function SortHead({
  sortKey,
  title,
  filter,
  onChange,
}: Pick<QueueListProps, 'filter' | 'onChange'> & { sortKey: SortKey; title: string }) {
  const current = filter.sort === sortKey;
  const falls = (sortKey === 'waited') !== filter.reversed;
  const Icon = falls ? ArrowDown : ArrowUp;
  return (
    <div role="columnheader" aria-sort={current ? (falls ? 'descending' : 'ascending') : 'none'}>
      <button
        type="button"
        className={styles.sort}
        onClick={() => onChange({ sort: sortKey, reversed: current && !filter.reversed })}
      >
        {title}
        {current && <Icon aria-hidden="true" />}
      </button>
    </div>
  );
}

interface RowProps {
  row: QueueRow;
  index: number;
  alone: boolean;
  onOpen: (key: string) => void;
}

function Row({ row, index, alone, onOpen }: RowProps) {
  if (row.kind === 'running') {
    return (
      <div className={classNames(styles.job, row.last && styles.last)}>
        <RunningRow running={row.running} index={index} />
      </div>
    );
  }
  if (row.kind === 'heading') return <HeadingRow title={row.title} count={row.count} index={index} />;
  const marked = row.marked && styles.marked;
  if (row.kind === 'job') {
    return (
      <div className={classNames(styles.job, row.last && styles.last, marked)}>
        <JobRow job={row.job} wait={row.wait} alone={alone} index={index} />
      </div>
    );
  }
  const { cause } = row;
  if (row.kind === 'more') {
    return (
      <div className={classNames(styles.job, styles.last, marked)} role="row" aria-rowindex={index}>
        <div className={styles.further} role="cell" aria-colspan={5}>
          <Button size="small" kind="quiet" onClick={() => onOpen(cause.key)}>
            Show {row.hidden.toLocaleString('en')} more
          </Button>
        </div>
      </div>
    );
  }
  return (
    <div className={classNames(styles.cause, marked)} data-marked={row.marked ? '' : undefined}>
      <div role="row" aria-rowindex={index} aria-current={row.marked || undefined}>
        <div role="cell" aria-colspan={5}>
          <WaitHead
            wait={cause.wait}
            jobs={cause.jobs.length}
            since={cause.wait?.since ?? cause.jobs[0].queuedAt}
            labels={sharedLabels(cause)}
          />
        </div>
      </div>
    </div>
  );
}

function HeadingRow({ title, count, index }: { title: string; count: number; index: number }) {
  return (
    <div className={styles.heading} role="row" aria-rowindex={index}>
      <div role="cell" aria-colspan={5}>
        <h2>{title}</h2>
        <span className="muted">{count.toLocaleString('en')}</span>
      </div>
    </div>
  );
}
