/** What runs, and where. */
import { useMemo, useState } from 'react';
import { formatClock, formatCount } from '../../../shared/format.ts';
import { Button } from '../../components/button.tsx';
import { Card } from '../../components/card.tsx';
import { UsualShare } from '../../components/usual-share.tsx';
import { useNow } from '../../store/now.ts';
import { useBoard } from '../../store/session.ts';
import { type RunningJob, runningJobs } from '../queue/running-jobs.ts';
import styles from './jobs.module.css';
import { useExpectedDuration } from './use-expected-duration.ts';

const firstShown = 6;

export function Running() {
  const runners = useBoard((board) => board.runners);
  const table = useBoard((board) => board.jobs);
  const running = useMemo(() => runningJobs({ runners, jobs: table }), [runners, table]);
  const [all, setAll] = useState(false);
  return (
    <Card title="Running" note={running.length > 0 ? formatCount(running.length, 'job') : undefined}>
      {running.length === 0 && <p className={styles.none}>No job runs at the moment.</p>}
      <ul>
        {(all ? running : running.slice(0, firstShown)).map((one) => (
          <RunningRow key={one.key} running={one} />
        ))}
      </ul>
      {!all && running.length > firstShown && (
        <div className={styles.further}>
          <Button size="small" kind="quiet" onClick={() => setAll(true)}>
            Show all {running.length.toLocaleString('en')}
          </Button>
        </div>
      )}
    </Card>
  );
}

function RunningRow({ running }: { running: RunningJob }) {
  const { name, startedAt, repositoryId, runnerName, runnerId } = running;
  const usualMs = useExpectedDuration(name, repositoryId);
  return (
    <li className={styles.running}>
      <Elapsed since={startedAt} />
      <p className={styles.title}>
        <JobLink running={running} />
        <span className={styles.where}>
          on{' '}
          {runnerId === null ? (
            `${runnerName}, not managed here`
          ) : (
            <a href={`#/runners/${encodeURIComponent(runnerId)}?log=job`}>{runnerName}</a>
          )}
        </span>
      </p>
      <UsualShare startedAt={startedAt} usualMs={usualMs} />
    </li>
  );
}

/** Its run in the panel once the forge tells of it; until then its page there. */
function JobLink({ running: { job, name, url } }: { running: RunningJob }) {
  if (job !== null) return <a href={`#/runs/${encodeURIComponent(job.repositoryId)}/${job.runId}`}>{name}</a>;
  if (url === null) return <strong>{name}</strong>;
  return (
    <a href={url} target="_blank" rel="noreferrer">
      {name}
    </a>
  );
}

function Elapsed({ since }: { since: number }) {
  const now = useNow();
  return <span className={styles.time}>{formatClock(now - since)}</span>;
}
