/** What runs, and where. */
import { useMemo, useState } from 'react';
import { formatClock, formatCount, formatDuration } from '../../../shared/format.ts';
import type { Job, Runner } from '../../../shared/model.ts';
import { Button } from '../../components/button.tsx';
import { Card } from '../../components/card.tsx';
import { Ring } from '../../components/ring.tsx';
import { useNow } from '../../store/now.ts';
import { useBoard } from '../../store/session.ts';
import styles from './jobs.module.css';
import { byName } from './track-model.ts';
import { useExpectedDuration } from './use-expected-duration.ts';

const firstShown = 6;

interface RunningJob {
  key: string;
  name: string;
  startedAt: number;
  url: string | null;
  runnerName: string;
  repositoryId: string;
  /** Null for a runner that is not managed here. */
  runnerId: string | null;
}

/** Jobs on our runners as they tell it themselves, then those the forge tells of other runners. */
function runningJobs(
  runners: Readonly<Record<string, Runner>>,
  jobs: Readonly<Record<string, Job>>,
): RunningJob[] {
  const ours = byName(Object.values(runners)).flatMap(({ id, name, job, repositoryId }) =>
    job === null ? [] : { ...job, key: id, repositoryId, runnerName: name, runnerId: id },
  );
  const names = new Set(Object.values(runners).map(({ name }) => name));
  const elsewhere = Object.values(jobs).flatMap((job) =>
    job.status !== 'in_progress' || job.runnerName === null || names.has(job.runnerName)
      ? []
      : {
          key: job.id,
          name: job.name,
          startedAt: job.startedAt ?? job.queuedAt,
          url: job.url,
          repositoryId: job.repositoryId,
          runnerName: job.runnerName,
          runnerId: null,
        },
  );
  return [...ours, ...elsewhere];
}

export function Running() {
  const runners = useBoard((board) => board.runners);
  const table = useBoard((board) => board.jobs);
  const jobs = useMemo(() => runningJobs(runners, table), [runners, table]);
  const [all, setAll] = useState(false);
  return (
    <Card title="Running" note={jobs.length > 0 ? formatCount(jobs.length, 'job') : undefined}>
      {jobs.length === 0 && <p className={styles.none}>No job runs at the moment.</p>}
      <ul>
        {(all ? jobs : jobs.slice(0, firstShown)).map((job) => (
          <RunningRow key={job.key} job={job} />
        ))}
      </ul>
      {!all && jobs.length > firstShown && (
        <div className={styles.further}>
          <Button size="small" kind="quiet" onClick={() => setAll(true)}>
            Show all {jobs.length.toLocaleString('en')}
          </Button>
        </div>
      )}
    </Card>
  );
}

function RunningRow({ job }: { job: RunningJob }) {
  const { name, startedAt, url, runnerName, runnerId } = job;
  return (
    <li className={styles.job}>
      <Elapsed since={startedAt} />
      <div className={styles.words}>
        <p className={styles.title}>
          {url === null ? (
            <strong>{name}</strong>
          ) : (
            <a href={url} target="_blank" rel="noreferrer">
              {name}
            </a>
          )}
          <span className={styles.where}>
            on{' '}
            {runnerId === null ? (
              `${runnerName}, not managed here`
            ) : (
              <a href={`#/runners/${encodeURIComponent(runnerId)}?log=job`}>{runnerName}</a>
            )}
          </span>
        </p>
      </div>
      <UsualShare job={job} />
    </li>
  );
}

function Elapsed({ since }: { since: number }) {
  const now = useNow();
  return <span className={styles.time}>{formatClock(now - since)}</span>;
}

/** How much of its usual time a job has had; nothing for one that was not seen often enough. */
function UsualShare({ job }: { job: RunningJob }) {
  const now = useNow(5000);
  const usualMs = useExpectedDuration(job.name, job.repositoryId);
  if (usualMs === null || usualMs <= 0) return null;
  const share = (now - job.startedAt) / usualMs;
  const usual = formatDuration(usualMs);
  const label =
    share > 1 ? `Longer than its usual ${usual}` : `${Math.round(share * 100)} % of its usual ${usual}`;
  return (
    <span title={label} className={styles.ring}>
      <Ring value={share} label={label} size={22} />
    </span>
  );
}
