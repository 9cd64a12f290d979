/** How much of its usual time a job has had. */
import { formatDuration } from '../../shared/format.ts';
import { useNow } from '../store/now.ts';
import { Ring } from './ring.tsx';
import styles from './usual-share.module.css';

/**
 * A ring that fills; nothing for a job that was not seen often enough.
 * @param usualMs how long it usually takes
 */
export function UsualShare({ startedAt, usualMs }: { startedAt: number; usualMs: number | null }) {
  const now = useNow(5000);
  if (usualMs === null || usualMs <= 0) return null;
  const share = (now - startedAt) / usualMs;
  const usual = formatDuration(usualMs);
  const label =
    share > 1 ? `Longer than its usual ${usual}` : `${Math.round(share * 100)} % of its usual ${usual}`;
  return (
    <span title={label} className={styles.ring}>
      <Ring value={share} label={label} size={22} />
    </span>
  );
}
