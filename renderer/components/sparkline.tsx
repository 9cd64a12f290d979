/** The recent course of a value, small enough for a row. */
import styles from './sparkline.module.css';
import { sparklinePath } from './sparkline-path.ts';

/**
 * @param values oldest first
 * @param top the value that reaches the upper edge; larger ones raise it
 * @param label what it shows, in words, with the present value
 */
export function Sparkline({
  values,
  top,
  label,
  width = 88,
  height = 24,
}: {
  values: readonly number[];
  top: number;
  label: string;
  width?: number;
  height?: number;
}) {
  const { line, area } = sparklinePath(values, top, width, height);
  return (
    <svg className={styles.sparkline} width={width} height={height} role="img" aria-label={label}>
      <line className={styles.base} x1="0" x2={width} y1={height - 0.5} y2={height - 0.5} />
      {area !== '' && <path className={styles.area} d={area} />}
      {line !== '' && <path className={styles.line} d={line} />}
    </svg>
  );
}
