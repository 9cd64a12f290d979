/** What waits, why, and what mends it: reason and repair side by side. */
import { CircleCheck } from 'lucide-react';
import { useMemo, useState } from 'react';
import { formatCount, formatDuration } from '../../../shared/format.ts';
import type { Job } from '../../../shared/model.ts';
import { Button } from '../../components/button.tsx';
import { Card } from '../../components/card.tsx';
import { useNow } from '../../store/now.ts';
import { useBoard } from '../../store/session.ts';
import { queuePath } from '../queue/queue-filter.ts';
import { WaitHead } from '../queue/wait-head.tsx';
import { startWords } from '../queue/wait-words.ts';
import { type Cause, causesOf, sharedLabels, waitingJobs } from '../queue/waiting-jobs.ts';
import styles from './jobs.module.css';

const firstShown = 4;
/** Jobs of one cause that are named; the queue has them all. */
const mostNamed = 3;

export function Waiting() {
  const jobs = useBoard((board) => board.jobs);
  const waits = useBoard((board) => board.waits);
  const causes = useMemo(() => causesOf(waitingJobs(jobs), waits), [jobs, waits]);
  const [all, setAll] = useState(false);
  const count = causes.reduce((sum, cause) => sum + cause.jobs.length, 0);
  const hidden = causes.length - firstShown;
  return (
    <Card title="Waiting" note={count > 0 ? <a href="#/queue">{formatCount(count, 'job')}</a> : undefined}>
      {count === 0 ? (
        <p className={styles.none}>
          <CircleCheck aria-hidden="true" />
          Nothing waits.
        </p>
      ) : (
        <ul>
          {(all ? causes : causes.slice(0, firstShown)).map((cause) => (
            <WaitingCause key={cause.key} cause={cause} />
          ))}
        </ul>
      )}
      {!all && hidden > 0 && (
        <div className={styles.further}>
          <Button size="small" kind="quiet" onClick={() => setAll(true)}>
            Show {formatCount(hidden, 'more reason')}
          </Button>
        </div>
      )}
    </Card>
  );
}

function WaitingCause({ cause }: { cause: Cause }) {
  const { jobs, wait, key } = cause;
  const unnamed = jobs.length - mostNamed;
  const labels = useMemo(() => sharedLabels(cause), [cause]);
  return (
    <li className={styles.cause}>
      <WaitHead
        wait={wait}
        jobs={jobs.length}
        since={wait?.since ?? jobs[0].queuedAt}
        labels={labels}
        brief
      />
      <ul className={styles.named}>
        {jobs.slice(0, mostNamed).map((job) => (
          <JobTitle key={job.id} job={job} />
        ))}
        {unnamed > 0 && (
          <li className={styles.others}>
            <a href={`#${queuePath(wait === null ? {} : { waitId: key })}`}>
              and {formatCount(unnamed, 'other job')}
            </a>
          </li>
        )}
      </ul>
    </li>
  );
}

function JobTitle({ job }: { job: Job }) {
  const { name, workflow, branch, queuedAt, repositoryId, runId } = job;
  return (
    <li className={styles.job}>
      <Waited since={queuedAt} />
      <p className={styles.title}>
        <a href={`#/runs/${encodeURIComponent(repositoryId)}/${runId}`}>{name}</a>
        <span className={styles.where}>
          {workflow}
          {branch && ` · ${branch}`}
        </span>
      </p>
      <Starts job={job} />
    </li>
  );
}

function Waited({ since }: { since: number }) {
  const now = useNow();
  return <span className={styles.time}>{formatDuration(now - since)}</span>;
}

function Starts({ job }: { job: Job }) {
  const words = startWords(job, useNow(5000));
  return (
    <span className={styles.starts} title={job.estimate?.basis}>
      {words}
    </span>
  );
}
