/** How long a runner stays as it is: a ring, a clock, and the reason. */
import { formatClock } from '../../../shared/format.ts';
import { classNames } from '../../components/class-names.ts';
import { countdownAt } from '../../components/countdown.ts';
import { CountdownRing } from '../../components/ring-countdown.tsx';
import { useNow } from '../../store/now.ts';
import { type Stay, staySentence } from './stay.ts';
import styles from './stay-words.module.css';

/** A reader that speaks hears the time of day once, not every second. */
export function StayWords({ stay }: { stay: Stay }) {
  if (stay.kind === 'updates') return <p className={styles.reason}>{stay.reason}</p>;
  return (
    <div className={classNames(styles.stay, stay.kind === 'leaves' && styles.leaves)}>
      <CountdownRing fromMs={stay.fromMs} untilMs={stay.untilMs} size={30} />
      <div className={styles.words}>
        <span className="visually-hidden">{staySentence(stay)}</span>
        <p aria-hidden="true">
          <Left stay={stay} />
        </p>
        {stay.kind === 'retries' ? (
          <p className={styles.reason}>{stay.reason}</p>
        ) : (
          <p className={styles.reason} aria-hidden="true">
            {stay.note ?? 'if no job comes'}
          </p>
        )}
      </div>
    </div>
  );
}

function Left({ stay }: { stay: Exclude<Stay, { kind: 'updates' }> }) {
  const { leftMs, seconds } = countdownAt(stay.fromMs, stay.untilMs, useNow());
  if (stay.kind === 'retries') {
    return leftMs === 0 ? 'starts again now' : <Clock words="starts again in" leftMs={leftMs} />;
  }
  if (leftMs === 0) return <span className={styles.ending}>leaves now</span>;
  return (
    <span className={seconds === null ? undefined : styles.ending}>
      <Clock words="leaves in" leftMs={leftMs} />
    </span>
  );
}

function Clock({ words, leftMs }: { words: string; leftMs: number }) {
  return (
    <>
      {words} <span className={styles.clock}>{formatClock(leftMs)}</span>
    </>
  );
}
