/** Events under their days; beyond a hundred rows only those are drawn at which one looks. */
import type { ReactNode } from 'react';
import { WindowVirtualizer } from 'virtua';
import { formatTimeOfDay } from '../../../shared/format.ts';
import { EventLine } from './event-line.tsx';
import styles from './event-list.module.css';
import type { EventRow } from './event-rows.ts';

const mostAtOnce = 120;
const usualHeight = 61;

export function EventList({ rows }: { rows: readonly EventRow[] }) {
  const drawn = rows.map((row) => <Row key={row.key} row={row} />);
  return (
    <div className={styles.list}>
      {rows.length > mostAtOnce ? (
        <WindowVirtualizer itemSize={usualHeight}>{drawn}</WindowVirtualizer>
      ) : (
        drawn
      )}
    </div>
  );
}

function Row({ row }: { row: EventRow }): ReactNode {
  if (row.kind === 'day') return <h2 className={styles.day}>{row.title}</h2>;
  const { event } = row;
  return (
    <div className={styles.event}>
      <EventLine
        event={event}
        time={<time dateTime={new Date(event.at).toISOString()}>{formatTimeOfDay(event.at)}</time>}
      />
    </div>
  );
}
