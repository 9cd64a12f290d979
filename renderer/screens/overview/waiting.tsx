/** What waits, why, and what mends it: reason and repair side by side. */
import { CircleCheck } from 'lucide-react';
import { useMemo, useState } from 'react';
import { formatCount, formatDuration } from '../../../shared/format.ts';
import type { Job } from '../../../shared/model.ts';
import { Button, ButtonLink } from '../../components/button.tsx';
import { Card } from '../../components/card.tsx';
import { Label } from '../../components/pill.tsx';
import { useNow } from '../../store/now.ts';
import { useBoard } from '../../store/session.ts';
import styles from './jobs.module.css';
import { repairFor, waitingJobs } from './repair.ts';

const firstShown = 5;
const moreShown = 50;

export function Waiting() {
  const table = useBoard((board) => board.jobs);
  const jobs = useMemo(() => waitingJobs(table), [table]);
  const [most, setMost] = useState(firstShown);
  return (
    <Card title="Waiting" note={jobs.length > 0 ? formatCount(jobs.length, 'job') : undefined}>
      {jobs.length === 0 ? (
        <p className={styles.none}>
          <CircleCheck aria-hidden="true" />
          Nothing waits.
        </p>
      ) : (
        <ul>
          {jobs.slice(0, most).map((job) => (
            <WaitingJob key={job.id} job={job} />
          ))}
        </ul>
      )}
      {jobs.length > most && (
        <div className={styles.further}>
          <Button size="small" kind="quiet" onClick={() => setMost(most + moreShown)}>
            Show {Math.min(moreShown, jobs.length - most).toLocaleString('en')} more of{' '}
            {(jobs.length - most).toLocaleString('en')}
          </Button>
        </div>
      )}
    </Card>
  );
}

function WaitingJob({ job }: { job: Job }) {
  const repair = repairFor(job);
  const missing = new Set(job.wait?.missing);
  return (
    <li className={styles.job}>
      <Waited since={job.queuedAt} />
      <div className={styles.words}>
        <p className={styles.title}>
          {job.url === null ? <strong>{job.name}</strong> : <a href={job.url}>{job.name}</a>}
          <span className={styles.where}>
            {job.workflow}
            {job.branch && ` · ${job.branch}`}
          </span>
        </p>
        <p className={styles.reason}>
          <Sentence text={job.wait?.sentence ?? 'It waits for a runner that fits.'} />
        </p>
        <p className={styles.labels}>
          <span className="visually-hidden">Labels: </span>
          {job.labels.map((label) => (
            <Label key={label} missing={missing.has(label)}>
              {label}
            </Label>
          ))}
        </p>
      </div>
      {repair && (
        <ButtonLink size="small" href={repair.href} {...linkTarget(repair.href)}>
          {repair.label}
        </ButtonLink>
      )}
    </li>
  );
}

/** A sentence in which `words between backticks` are labels. */
function Sentence({ text }: { text: string }) {
  return text.split('`').map((part, index) =>
    // biome-ignore lint/suspicious/noArrayIndexKey: the parts of a sentence never change their order
    index % 2 === 0 ? part : <Label key={index}>{part}</Label>,
  );
}

function linkTarget(href: string): { target?: string; rel?: string } {
  return href.startsWith('#') ? {} : { target: '_blank', rel: 'noreferrer' };
}

function Waited({ since }: { since: number }) {
  const now = useNow();
  return <span className={styles.time}>{formatDuration(now - since)}</span>;
}
