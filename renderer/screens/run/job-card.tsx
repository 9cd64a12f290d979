/** One job of a run: its steps, its log, and a way to run it again. */
import { ExternalLink, RotateCcw, X } from 'lucide-react';
import { useState } from 'react';
import { formatDuration } from '../../../shared/format.ts';
import type { Run, RunJob } from '../../../shared/model.ts';
import { Button, ButtonLink, IconButton } from '../../components/button.tsx';
import { Card } from '../../components/card.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { Label, Pill } from '../../components/pill.tsx';
import { useNow } from '../../store/now.ts';
import { runAction } from '../../store/run-action.ts';
import { useBoard, useClient } from '../../store/session.ts';
import { isActive, runLook, spanOf } from '../runs/run-words.ts';
import styles from './job-card.module.css';
import { JobLog } from './job-log.tsx';
import { JobSteps } from './job-steps.tsx';

interface JobCardProps {
  run: Run;
  job: RunJob;
  onClose: () => void;
  onChanged: () => void;
}

export function JobCard({ run, job, onClose, onChanged }: JobCardProps) {
  const look = runLook(job);
  return (
    <Card
      className={styles.card}
      title={
        <span className={styles.title}>
          {job.name}
          <Pill tone={look.tone} shape={look.shape}>
            {look.word}
          </Pill>
        </span>
      }
      note={<Facts job={job} />}
      actions={
        <>
          <RerunButton run={run} job={job} onChanged={onChanged} />
          {job.url !== null && (
            <ButtonLink size="small" icon={ExternalLink} href={job.url} target="_blank" rel="noreferrer">
              On the forge
            </ButtonLink>
          )}
          <IconButton icon={X} label={`Close ${job.name}`} size="small" onClick={onClose} />
        </>
      }
    >
      {job.startedAt === null || job.conclusion === 'skipped' ? (
        <NotBegun job={job} />
      ) : (
        <div className={styles.columns}>
          <JobSteps job={job} />
          <JobLog repositoryId={run.repositoryId} job={job} />
        </div>
      )}
    </Card>
  );
}

function Facts({ job }: { job: RunJob }) {
  const now = useNow(job.status === 'in_progress' ? 1000 : 60_000);
  const span = spanOf(job, now);
  const isHere = useBoard((board) => job.runnerId !== null && job.runnerId in board.runners);
  return (
    <span className={styles.facts}>
      {span !== null && job.conclusion !== 'skipped' && <span>{formatDuration(span)}</span>}
      {job.runnerName !== null && (
        <span>
          on{' '}
          {isHere ? (
            <a href={`#/runners/${encodeURIComponent(job.runnerId ?? '')}`}>{job.runnerName}</a>
          ) : (
            job.runnerName
          )}
        </span>
      )}
      <span className={styles.labels}>
        {job.labels.map((label) => (
          <Label key={label}>{label}</Label>
        ))}
      </span>
    </span>
  );
}

function RerunButton({ run, job, onChanged }: Omit<JobCardProps, 'onClose'>) {
  const client = useClient();
  const [working, setWorking] = useState(false);
  const { id: jobId } = job;
  if (jobId === null || job.status !== 'completed' || job.conclusion === 'skipped') return null;
  const rerun = async (): Promise<void> => {
    setWorking(true);
    const asked = { repositoryId: run.repositoryId, runId: run.id, which: 'job' as const, jobId };
    const done = `${job.name} runs again, and so do the jobs that need it.`;
    if (await runAction(() => client.runs.rerun(asked), done)) onChanged();
    setWorking(false);
  };
  return (
    <Button
      size="small"
      icon={RotateCcw}
      busy={working}
      disabled={isActive(run)}
      title={isActive(run) ? 'It can run again when the whole run has ended.' : undefined}
      onClick={() => void rerun()}
    >
      Run it again
    </Button>
  );
}

function NotBegun({ job: { status, conclusion } }: { job: RunJob }) {
  if (conclusion === 'skipped') {
    return (
      <EmptyState title="It was skipped">
        Its condition was not met, or a job that it needs did not succeed.
      </EmptyState>
    );
  }
  if (status === 'completed') return <EmptyState title="It ended before it began" />;
  return (
    <EmptyState title="It has not begun">
      {status === 'blocked'
        ? 'It begins when the jobs that it needs have ended.'
        : 'Its steps and its log are here as soon as a runner has taken it.'}
    </EmptyState>
  );
}
