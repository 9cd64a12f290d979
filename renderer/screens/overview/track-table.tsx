/** The track in words. */
import { formatClock, formatTimeOfDay } from '../../../shared/format.ts';
import type { Shift } from '../../../shared/model.ts';
import { AsTable, DataTable } from '../../components/as-table.tsx';
import { useNow } from '../../store/now.ts';
import { barKindOf, outcomes, type Zoom } from './track-model.ts';
import styles from './track-table.module.css';

/** Rows shown at most; the newest come first. */
const mostRows = 200;
const columns = ['Job', 'Runner', 'Started', 'Time', 'Result'];

export function TrackTable(props: { shifts: Readonly<Record<string, Shift>>; zoom: Zoom }) {
  return (
    <AsTable>
      <Rows {...props} />
    </AsTable>
  );
}

function Rows({ shifts, zoom }: { shifts: Readonly<Record<string, Shift>>; zoom: Zoom }) {
  const now = useNow();
  const inWindow = Object.values(shifts)
    .filter(({ endedAt }) => (endedAt ?? now) >= now - zoom.spanMs)
    .sort((a, b) => b.startedAt - a.startedAt);
  if (inWindow.length === 0) return <p className={styles.none}>No job ran in this time.</p>;
  return (
    <>
      <DataTable label="Jobs as a table" columns={columns}>
        {inWindow.slice(0, mostRows).map((shift) => (
          <tr key={shift.id}>
            <td>{shift.jobName}</td>
            <td>{shift.runnerName}</td>
            <td>{formatTimeOfDay(shift.startedAt)}</td>
            <td>{formatClock((shift.endedAt ?? now) - shift.startedAt)}</td>
            <td>{outcomes[barKindOf(shift)]}</td>
          </tr>
        ))}
      </DataTable>
      {inWindow.length > mostRows && (
        <p className={styles.none}>And {(inWindow.length - mostRows).toLocaleString('en')} earlier ones.</p>
      )}
    </>
  );
}
