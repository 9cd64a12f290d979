/** The track in words: for those who do not see it, and for those who want the figures. */
import { ChevronRight } from 'lucide-react';
import { useState } from 'react';
import { formatClock, formatTimeOfDay } from '../../../shared/format.ts';
import type { Shift } from '../../../shared/model.ts';
import { useNow } from '../../store/now.ts';
import { barKindOf, outcomes, type Zoom } from './track-model.ts';
import styles from './track-table.module.css';

/** Rows shown at most; the newest come first. */
const mostRows = 200;

export function TrackTable(props: { shifts: Readonly<Record<string, Shift>>; zoom: Zoom }) {
  const [open, setOpen] = useState(false);
  return (
    <details className={styles.details} open={open} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>
        <ChevronRight aria-hidden="true" />
        As a table
      </summary>
      {open && <Rows {...props} />}
    </details>
  );
}

function Rows({ shifts, zoom }: { shifts: Readonly<Record<string, Shift>>; zoom: Zoom }) {
  const now = useNow();
  const inWindow = Object.values(shifts)
    .filter(({ endedAt }) => (endedAt ?? now) >= now - zoom.spanMs)
    .sort((a, b) => b.startedAt - a.startedAt);
  if (inWindow.length === 0) return <p className={styles.none}>No job ran in this time.</p>;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <section className={styles.scroll} tabIndex={0} aria-label="Jobs as a table">
      <table className={styles.table}>
        <thead>
          <tr>
            <th scope="col">Job</th>
            <th scope="col">Runner</th>
            <th scope="col">Started</th>
            <th scope="col">Time</th>
            <th scope="col">Result</th>
          </tr>
        </thead>
        <tbody>
          {inWindow.slice(0, mostRows).map((shift) => (
            <tr key={shift.id}>
              <td>{shift.jobName}</td>
              <td>{shift.runnerName}</td>
              <td>{formatTimeOfDay(shift.startedAt)}</td>
              <td>{formatClock((shift.endedAt ?? now) - shift.startedAt)}</td>
              <td>{outcomes[barKindOf(shift)]}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {inWindow.length > mostRows && (
        <p className={styles.none}>And {(inWindow.length - mostRows).toLocaleString('en')} earlier ones.</p>
      )}
    </section>
  );
}
