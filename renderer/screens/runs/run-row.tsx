/** One run in a list: how it is, what it is, how long it took, when. */
import { ExternalLink, GitBranch, User, Zap } from 'lucide-react';
import { memo } from 'react';
import { formatAgo, formatDateTime, formatDuration, formatRoughly } from '../../../shared/format.ts';
import type { Run } from '../../../shared/model.ts';
import { classNames } from '../../components/class-names.ts';
import { StateShape } from '../../components/pill.tsx';
import tones from '../../components/tone.module.css';
import { useNow } from '../../store/now.ts';
import styles from './run-list.module.css';
import { endOf, eventWords, isActive, runClock, runLook, runPath, spanOf } from './run-words.ts';

/** @param longestMs the longest run of its workflow; its bar is measured by it */
export const RunRow = memo(function RunRow({ run, longestMs }: { run: Run; longestMs: number }) {
  const look = runLook(run);
  return (
    <li className={styles.row}>
      <span className={`${styles.state} ${tones[look.tone]}`}>
        <StateShape shape={look.shape} size={12} />
        <span className="visually-hidden">{look.word}</span>
      </span>
      <div className={styles.words}>
        <a className={styles.title} href={`#${runPath(run.repositoryId, run.id)}`}>
          {run.title}
        </a>
        <p className={styles.sub}>
          {run.workflow} #{run.number}
          {run.attempt > 1 && `, attempt ${run.attempt}`}
        </p>
      </div>
      <RunOrigin run={run} />
      <RunTime run={run} longestMs={longestMs} />
      <a
        className={styles.forge}
        href={run.url}
        target="_blank"
        rel="noreferrer"
        aria-label={`${run.workflow} #${run.number} on the forge`}
        title="Open on the forge"
      >
        <ExternalLink aria-hidden="true" />
      </a>
    </li>
  );
});

function RunOrigin({ run: { branch, event, actor } }: { run: Run }) {
  return (
    <div className={styles.origin}>
      {branch !== null && (
        <span className={styles.branch} title={branch}>
          <GitBranch aria-hidden="true" />
          <span>{branch}</span>
        </span>
      )}
      <span className={styles.quiet}>
        <Zap aria-hidden="true" />
        <span>{eventWords(event)}</span>
        {actor !== null && (
          <>
            <User aria-hidden="true" />
            <span>{actor}</span>
          </>
        )}
      </span>
    </div>
  );
}

function RunTime({ run, longestMs }: { run: Run; longestMs: number }) {
  const now = useNow(isActive(run) ? 1000 : 30_000);
  const look = runLook(run);
  const span = spanOf({ startedAt: run.startedAt, endedAt: endOf(run) }, now);
  const share = span === null ? 0 : Math.min(1, span / Math.max(1000, longestMs, span));
  return (
    <div className={styles.time}>
      <span className={classNames(styles.took, isActive(run) && tones[look.tone])}>
        {tookWords(run, now)}
      </span>
      <span className={classNames(styles.bar, tones[look.tone])} aria-hidden="true">
        <span style={{ width: `${Math.max(share * 100, span === null ? 0 : 3)}%` }} />
      </span>
      <time
        className={styles.ago}
        dateTime={new Date(run.createdAt).toISOString()}
        title={formatDateTime(run.createdAt)}
      >
        {formatAgo(now - run.createdAt)}
      </time>
    </div>
  );
}

/** `58 s`, `12:41` while it runs, `Queued 12 min` before. */
function tookWords(run: Run, now: number): string {
  const span = spanOf({ startedAt: run.startedAt, endedAt: endOf(run) }, now);
  if (run.status === 'in_progress') return runClock(run, now);
  if (isActive(run)) return `${runLook(run).word} ${formatRoughly(now - run.createdAt)}`;
  return span === null ? runLook(run).word : formatDuration(span);
}
