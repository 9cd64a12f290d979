/** One event: its sentence first, then what it happened to. The same in every list. */
import type { ReactNode } from 'react';
import type { HistoryEvent } from '../../../shared/model.ts';
import { StateShape } from '../../components/pill.tsx';
import tones from '../../components/tone.module.css';
import { useBoard } from '../../store/session.ts';
import styles from './event-line.module.css';
import { eventLook } from './event-words.ts';

/** `time`: what stands at its side, an age or a time of day. */
export function EventLine({ event, time }: { event: HistoryEvent; time: ReactNode }) {
  const { tone, shape, word } = eventLook(event);
  return (
    <div className={styles.line}>
      <span className={`${styles.shape} ${tones[tone]}`}>
        <StateShape shape={shape} size={9} />
      </span>
      <div className={styles.words}>
        <p>{event.cause}</p>
        <p className={styles.subject}>
          <Subject event={event} />
          {word !== '' && ` · ${word.toLowerCase()}`}
        </p>
      </div>
      <span className={styles.time}>{time}</span>
    </div>
  );
}

/** Its name, a link where it still has a page; a job's runner beside it. */
function Subject({ event: { subject, runnerId, poolId, kind } }: { event: HistoryEvent }) {
  const runner = useBoard((board) => (runnerId === null ? undefined : board.runners[runnerId]?.name));
  const pool = useBoard((board) => kind === 'pool' && poolId !== null && poolId in board.pools);
  const runnerHref = `#/runners/${encodeURIComponent(runnerId ?? '')}`;
  if (pool && poolId !== null) return <a href={`#/pools/${encodeURIComponent(poolId)}`}>{subject}</a>;
  if (runner === undefined) return subject;
  if (runner === subject) return <a href={runnerHref}>{subject}</a>;
  return (
    <>
      {subject} on <a href={runnerHref}>{runner}</a>
    </>
  );
}
