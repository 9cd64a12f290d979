/** The timeline in words: for those who do not see it, and for those who want the figures. */
import { ChevronRight } from 'lucide-react';
import { useState } from 'react';
import { formatDuration, formatList, formatTimeOfDay } from '../../../shared/format.ts';
import type { RunJob } from '../../../shared/model.ts';
import { useNow } from '../../store/now.ts';
import { runLook, spanOf } from '../runs/run-words.ts';
import styles from './timeline.module.css';

interface JobTableProps {
  jobs: readonly RunJob[];
  onOpen: (key: string) => void;
}

export function JobTable(props: JobTableProps) {
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

function Rows({ jobs, onOpen }: JobTableProps) {
  const now = useNow();
  const names = new Map(jobs.map(({ key, name }) => [key, name]));
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <section className={styles.scroll} tabIndex={0} aria-label="Jobs as a table">
      <table className={styles.table}>
        <thead>
          <tr>
            <th scope="col">Job</th>
            <th scope="col">State</th>
            <th scope="col">Started</th>
            <th scope="col">Time</th>
            <th scope="col">Runner</th>
            <th scope="col">After</th>
          </tr>
        </thead>
        <tbody>
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
        </tbody>
      </table>
    </section>
  );
}
