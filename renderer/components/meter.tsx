/** How much of something is used. */
import styles from './meter.module.css';
import type { Tone } from './pill.tsx';
import tones from './tone.module.css';

/** A bar alone; the words stand beside it. `value` is 0–1. */
export function Bar({ value, tone = 'busy', label }: { value: number; tone?: Tone; label: string }) {
  const share = Math.min(1, Math.max(0, value));
  return (
    <div className={styles.track} role="img" aria-label={label}>
      <div className={`${styles.fill} ${tones[tone]}`} style={{ width: `${share * 100}%` }} />
    </div>
  );
}

/** A row: what, a bar, and the amount in words. */
export function Meter({
  label,
  value,
  amount,
  tone = 'busy',
}: {
  label: string;
  /** 0–1. */
  value: number;
  /** "10.2 of 16 cores". */
  amount: string;
  tone?: Tone;
}) {
  return (
    <div className={styles.meter}>
      <span>{label}</span>
      <span className={styles.amount}>{amount}</span>
      <Bar value={value} tone={tone} label={`${label}: ${amount}`} />
    </div>
  );
}
