/** A share of a whole as a ring: how far a deploy is, how long something still takes. */

import { classNames } from './class-names.ts';
import type { Tone } from './pill.tsx';
import styles from './ring.module.css';
import tones from './tone.module.css';

const radius = 14;
const circumference = 2 * Math.PI * radius;

/** `value` is 0–1, or null while it cannot be measured (then it turns). */
export function Ring({
  value,
  label,
  tone = 'busy',
  size = 32,
}: {
  value: number | null;
  label: string;
  tone?: Tone;
  size?: number;
}) {
  const share = Math.min(1, Math.max(0, value ?? 0.25));
  return (
    <svg
      className={classNames(styles.ring, tones[tone], value === null && styles.turning)}
      width={size}
      height={size}
      viewBox="0 0 34 34"
      role="img"
      aria-label={label}
    >
      <circle className={styles.rest} cx="17" cy="17" r={radius} />
      <circle
        className={styles.share}
        cx="17"
        cy="17"
        r={radius}
        strokeDasharray={`${circumference * share} ${circumference}`}
        transform="rotate(-90 17 17)"
      />
    </svg>
  );
}
