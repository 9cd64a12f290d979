/** The timeline in words. */
import { formatDuration, formatList, formatTimeOfDay } from '../../../shared/format.ts';
import type { RunJob } from '../../../shared/model.ts';
import { AsTable, DataTable } from '../../components/as-table.tsx';
import { useNow } from '../../store/now.ts';
import { runLook, spanOf } from '../runs/run-words.ts';
import styles from './timeline.module.css';

const columns = ['Job', 'State', 'Started', 'Time', 'Runner', 'After'];

interface JobTableProps {
  jobs: readonly RunJob[];
  onOpen: (key: string) => void;
}

export function JobTable(props: JobTableProps) {
  return (
    <AsTable>
      <Rows {...props} />
    </AsTable>
  );
}

function Rows({ jobs, onOpen }: JobTableProps) {
  const now = useNow();
  const names = new Map(jobs.map(({ key, name }) => [key, name]));
  return (
    <DataTable label="Jobs as a table" columns={columns}>
      {jobs.map((job) => {
        const span = spanOf(job, now);
        return (
          <tr key={job.key}>
            <td>
              <button type="button" className={styles.inTable} onClick={() => onOpen(job.key)}>
                {job.name}
              </button>
            </td>
            <td>{runLook(job).word}</td>
            <td>{job.startedAt === null ? '–' : formatTimeOfDay(job.startedAt)}</td>
            <td>{span === null ? '–' : formatDuration(span)}</td>
            <td>{job.runnerName ?? '–'}</td>
            <td>{formatList(job.needs.map((key) => names.get(key) ?? key)) || '–'}</td>
          </tr>
        );
      })}
    </DataTable>
  );
}
