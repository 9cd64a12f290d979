// biome-ignore-all lint/a11y/useFocusableInteractive: rows and cells are read, their links and buttons take the focus
// biome-ignore-all lint/a11y/useSemanticElements: a real table cannot leave out the rows that are not seen
/** A job's line in the queue: how long it waits or runs, what it is, where it comes from and when it starts. */
import { SquareArrowOutUpRight } from 'lucide-react';
import { memo } from 'react';
import { formatClock, formatDuration, formatHourMinute } from '../../../shared/format.ts';
import type { Job, Wait } from '../../../shared/model.ts';
import { classNames } from '../../components/class-names.ts';
import { Label, StateShape } from '../../components/pill.tsx';
import { UsualShare } from '../../components/usual-share.tsx';
import { useNow } from '../../store/now.ts';
import { useBoard } from '../../store/session.ts';
import { useExpectedDuration } from '../overview/use-expected-duration.ts';
import styles from './job-row.module.css';
import { queuePath } from './queue-filter.ts';
import type { RunningJob } from './running-jobs.ts';
import { placeWords, startWords, waitLook, waitTitles } from './wait-words.ts';

interface JobRowProps {
  job: Job;
  wait: Wait | null;
  /** Its reason and its labels are told in the row, because no heading above it tells them. */
  alone: boolean;
  index: number;
}

export const JobRow = memo(function JobRow({ job, wait, alone, index }: JobRowProps) {
  return (
    <div className={styles.row} role="row" aria-rowindex={index}>
      <div className={styles.time} role="cell">
        <span className="visually-hidden">waits </span>
        <Waited since={job.queuedAt} />
      </div>
      <div className={styles.what} role="cell">
        <JobName job={job} />
        {alone && <Labels labels={job.labels} missing={wait?.missing ?? []} />}
      </div>
      <Origin job={job} />
      <div className={styles.start} role="cell">
        {alone && <Reason wait={wait} />}
        {wait?.passes !== false && <Start job={job} basis={!alone} />}
      </div>
      <div className={styles.outside} role="cell">
        <ForgeLink url={job.url} name={job.name} />
      </div>
    </div>
  );
});

export const RunningRow = memo(function RunningRow({
  running,
  index,
}: {
  running: RunningJob;
  index: number;
}) {
  const { job, name, startedAt, url, repositoryId } = running;
  const usualMs = useExpectedDuration(name, repositoryId);
  return (
    <div className={styles.row} role="row" aria-rowindex={index}>
      <div className={classNames(styles.time, styles.busy)} role="cell">
        <span className="visually-hidden">runs for </span>
        <Runs since={startedAt} />
      </div>
      <div className={styles.what} role="cell">
        {job === null ? (
          <p className={styles.name}>
            <strong>{name}</strong>
          </p>
        ) : (
          <JobName job={job} />
        )}
      </div>
      {job === null ? <div role="cell" /> : <Origin job={job} />}
      <div className={styles.start} role="cell">
        <p>
          on <RunnerName running={running} />
        </p>
        {usualMs !== null && <p className={styles.quiet}>usually takes {formatDuration(usualMs)}</p>}
      </div>
      <div className={styles.outside} role="cell">
        <UsualShare startedAt={startedAt} usualMs={usualMs} />
        <ForgeLink url={url} name={name} />
      </div>
    </div>
  );
});

function Waited({ since }: { since: number }) {
  return formatDuration(useNow() - since);
}

function Runs({ since }: { since: number }) {
  return formatClock(useNow() - since);
}

function JobName({ job: { repositoryId, runId, name, workflow } }: { job: Job }) {
  const repository = useBoard(({ repositories }) =>
    Object.keys(repositories).length < 2 ? undefined : repositories[repositoryId]?.fullName,
  );
  return (
    <>
      <p className={styles.name}>
        <a href={`#/runs/${encodeURIComponent(repositoryId)}/${runId}`} data-row="">
          {name}
        </a>
      </p>
      <p className={styles.quiet}>
        {repository !== undefined && `${repository} · `}
        {workflow}
      </p>
    </>
  );
}

function Origin({ job: { branch, event, actor } }: { job: Job }) {
  const told = [event, actor === null ? null : `by ${actor}`].filter(Boolean).join(' ');
  return (
    <div className={styles.origin} role="cell">
      {branch !== null && <p className={styles.branch}>{branch}</p>}
      <p className={styles.quiet}>{told}</p>
    </div>
  );
}

function Labels({ labels, missing }: { labels: readonly string[]; missing: readonly string[] }) {
  if (labels.length === 0) return null;
  return (
    <p className={styles.labels}>
      <span className="visually-hidden">Labels: </span>
      {labels.map((label) => (
        <Label key={label} missing={missing.includes(label)}>
          {label}
        </Label>
      ))}
    </p>
  );
}

function Reason({ wait }: { wait: Wait | null }) {
  const { tone, shape } = waitLook(wait);
  const title = waitTitles[wait?.kind ?? 'unknown'];
  return (
    <p className={classNames(styles.reason, styles[tone])}>
      <StateShape shape={shape} size={9} />
      {wait === null ? title : <a href={`#${queuePath({ waitId: wait.id })}`}>{title}</a>}
    </p>
  );
}

/** When it starts, where it stands in the line, and how that is known. */
function Start({ job, basis }: { job: Job; basis: boolean }) {
  const now = useNow(5000);
  const words = startWords(job, now);
  const place = placeWords(job);
  if (words === '' && place === '') return null;
  return (
    <>
      <p title={estimateTitle(job)}>{[words, place].filter(Boolean).join(', ')}</p>
      {basis && job.estimate !== null && <p className={styles.basis}>{job.estimate.basis}</p>}
    </>
  );
}

function estimateTitle({ estimate }: Job): string | undefined {
  return estimate === null ? undefined : `At about ${formatHourMinute(estimate.startsAt)}. ${estimate.basis}`;
}

function RunnerName({ running: { runnerId, runnerName } }: { running: RunningJob }) {
  if (runnerId === null) return `${runnerName}, not managed here`;
  return <a href={`#/runners/${encodeURIComponent(runnerId)}?log=job`}>{runnerName}</a>;
}

function ForgeLink({ url, name }: { url: string | null; name: string }) {
  if (url === null) return null;
  return (
    <a
      className={styles.forge}
      href={url}
      target="_blank"
      rel="noreferrer"
      title="Open on GitHub"
      aria-label={`${name} on GitHub`}
    >
      <SquareArrowOutUpRight aria-hidden="true" />
    </a>
  );
}
