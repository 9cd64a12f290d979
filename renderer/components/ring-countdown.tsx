/** The time that is left as a ring: an arc that shrinks, in the last half minute a stroke per second. */
import { useNow } from '../store/now.ts';
import { classNames } from './class-names.ts';
import { countdownAt, lastSeconds, secondDashes } from './countdown.ts';
import styles from './ring.module.css';
import tones from './tone.module.css';

const radius = 14;

/**
 * A picture only: the words that say the same must stand beside it. Times are the engine's, epoch milliseconds.
 * @param fromMs when the ring was whole
 * @param untilMs when nothing of it is left
 */
export function CountdownRing({
  fromMs,
  untilMs,
  size = 32,
}: {
  fromMs: number;
  untilMs: number;
  size?: number;
}) {
  const { share, seconds } = countdownAt(fromMs, untilMs, useNow());
  const ending = seconds !== null;
  const whole = ending ? lastSeconds : 1;
  return (
    <svg
      className={classNames(styles.ring, ending ? tones.wait : tones.idle)}
      width={size}
      height={size}
      viewBox="0 0 34 34"
      aria-hidden="true"
    >
      <circle className={styles.rest} cx="17" cy="17" r={radius} />
      <circle
        className={ending ? styles.strokes : styles.share}
        cx="17"
        cy="17"
        r={radius}
        pathLength={whole}
        strokeDasharray={ending ? secondDashes(seconds) : `${share} 2`}
        transform="rotate(-90 17 17)"
      />
      {ending && size >= 26 && (
        <text className={styles.seconds} x="17" y="21.2">
          {seconds}
        </text>
      )}
    </svg>
  );
}
