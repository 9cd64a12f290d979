/** The head of a run: what it is, how it is, for how long, and what can be done with it. */
import { GitBranch, GitCommitHorizontal, User, Zap } from 'lucide-react';
import type { ReactNode } from 'react';
import { formatAgo, formatDateTime, formatDuration } from '../../../shared/format.ts';
import type { Run, RunDetail } from '../../../shared/model.ts';
import { PageHeader } from '../../components/page-header.tsx';
import { Pill } from '../../components/pill.tsx';
import { useNow } from '../../store/now.ts';
import { useBoard } from '../../store/session.ts';
import { runsPath } from '../runs/run-filter.ts';
import { endOf, eventWords, isActive, runClock, runLook, spanOf } from '../runs/run-words.ts';
import { RunButtons } from './run-buttons.tsx';
import styles from './run-screen.module.css';

interface RunHeaderProps {
  detail: RunDetail;
  before: ReactNode;
  onChanged: () => void;
}

export function RunHeader({ detail, before, onChanged }: RunHeaderProps) {
  const { run } = detail;
  const look = runLook(run);
  return (
    <PageHeader
      before={before}
      title={
        <span className={styles.title}>
          {run.title}
          <Pill tone={look.tone} shape={look.shape}>
            {look.word}
          </Pill>
        </span>
      }
      documentTitle={`${look.word}: ${run.title}`}
      sub={<Sub run={run} />}
      actions={<RunButtons detail={detail} onChanged={onChanged} />}
    />
  );
}

function Sub({ run }: { run: Run }) {
  const webUrl = useBoard((board) => board.repositories[run.repositoryId]?.webUrl ?? null);
  return (
    <>
      <p className={styles.facts}>
        <a href={`#${runsPath(run.repositoryId, { workflowId: run.workflowId })}`}>{run.workflow}</a>
        <span>#{run.number}</span>
        {run.attempt > 1 && <span>attempt {run.attempt}</span>}
        <Took run={run} />
      </p>
      <p className={styles.facts}>
        <span>
          <Zap aria-hidden="true" />
          {eventWords(run.event)}
        </span>
        {run.branch !== null && (
          <a href={`#${runsPath(run.repositoryId, { branch: run.branch })}`}>
            <GitBranch aria-hidden="true" />
            {run.branch}
          </a>
        )}
        <Commit sha={run.headSha} webUrl={webUrl} />
        {run.actor !== null && (
          <span>
            <User aria-hidden="true" />
            {run.actor}
          </span>
        )}
      </p>
    </>
  );
}

function Commit({ sha, webUrl }: { sha: string; webUrl: string | null }) {
  const words = (
    <>
      <GitCommitHorizontal aria-hidden="true" />
      <code>{sha.slice(0, 7)}</code>
    </>
  );
  if (webUrl === null) return <span>{words}</span>;
  return (
    <a href={`${webUrl}/commit/${encodeURIComponent(sha)}`} target="_blank" rel="noreferrer">
      {words}
    </a>
  );
}

function Took({ run }: { run: Run }) {
  const now = useNow(isActive(run) ? 1000 : 30_000);
  const hasBegun = run.status === 'in_progress' || run.status === 'completed';
  const span = hasBegun ? spanOf({ startedAt: run.startedAt, endedAt: endOf(run) }, now) : null;
  return (
    <>
      {span !== null && (
        <strong className={styles.clock}>{isActive(run) ? runClock(run, now) : formatDuration(span)}</strong>
      )}
      <time dateTime={new Date(run.createdAt).toISOString()} title={formatDateTime(run.createdAt)}>
        {formatAgo(now - run.createdAt)}
      </time>
    </>
  );
}
