/** The log of a job: live from the runner here that runs it, else as the forge keeps it. */
import { useMemo } from 'react';
import type { LogSource, RunJob } from '../../../shared/model.ts';
import { LogViewer } from '../../components/log-viewer/log-viewer.tsx';
import styles from './job-card.module.css';

export function JobLog({ repositoryId, job }: { repositoryId: string; job: RunJob }) {
  const source = useMemo(
    (): LogSource | null => (job.id === null ? null : { kind: 'job', repositoryId, jobId: job.id }),
    [job.id, repositoryId],
  );
  return (
    <div className={styles.log}>{source !== null && <LogViewer source={source} title={job.name} />}</div>
  );
}
