/** "The runner died, not your test": jobs that were lost, and what happens next. */
import { useMemo } from 'react';
import { formatAgo } from '../../../shared/format.ts';
import { ButtonLink } from '../../components/button.tsx';
import { Card } from '../../components/card.tsx';
import { StateShape } from '../../components/pill.tsx';
import { useNow } from '../../store/now.ts';
import { useBoard } from '../../store/session.ts';
import { shiftLook } from '../history/event-words.ts';
import { historyPath } from '../history/history-filter.ts';
import styles from './attention.module.css';
import { type LostJob, lostJobs, needsRerun, rerunWords } from './lost-jobs.ts';

const mostShown = 3;

export function LostJobs() {
  const shifts = useBoard((board) => board.shifts);
  const now = useNow(30_000);
  const lost = useMemo(() => lostJobs(shifts, now), [shifts, now]);
  if (lost.length === 0) return null;
  const all = historyPath({ kinds: ['job'] });
  return (
    <Card
      title={lost.length === 1 ? 'The runner died, not your test' : 'The runners died, not your tests'}
      note={lost.length > mostShown ? <a href={`#${all}`}>all {lost.length}</a> : undefined}
    >
      <ul>
        {lost.slice(0, mostShown).map((shift) => (
          <LostRow key={shift.id} shift={shift} />
        ))}
      </ul>
    </Card>
  );
}

function LostRow({ shift }: { shift: LostJob }) {
  const { jobName, runnerName, url, verdict, endedAt } = shift;
  const now = useNow(10_000);
  const { shape } = shiftLook(shift);
  return (
    <li className={styles.row}>
      <span className={styles.lostShape}>
        <StateShape shape={shape} size={12} />
      </span>
      <div className={styles.lostWords}>
        <p>
          <strong>{jobName}</strong> on {runnerName}, {formatAgo(now - endedAt)}. {verdict.sentence}
        </p>
        <p className="muted">{rerunWords(verdict)}</p>
      </div>
      {url !== null && (
        <ButtonLink
          size="small"
          kind={needsRerun(verdict) ? 'secondary' : 'quiet'}
          href={url}
          target="_blank"
          rel="noreferrer"
        >
          {needsRerun(verdict) ? 'Run it again on GitHub' : 'Open the job'}
        </ButtonLink>
      )}
    </li>
  );
}
