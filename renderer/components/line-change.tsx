/** A line as it is and as it should be, with what changes between them marked, and the new one to copy. */
import { CopyButton } from './code.tsx';
import styles from './line-change.module.css';
import { lineDiff } from './line-diff.ts';

export function LineChange({ before, after }: { before: string; after: string }) {
  const line = after.trim();
  const diff = lineDiff(before.trim(), line);
  return (
    <div className={styles.change}>
      <p className={styles.before}>
        <span className={styles.sign} aria-hidden="true">
          −
        </span>
        <span className="visually-hidden">Before: </span>
        <code>
          {diff.start}
          <del>{diff.before}</del>
          {diff.end}
        </code>
      </p>
      <p className={styles.after}>
        <span className={styles.sign} aria-hidden="true">
          +
        </span>
        <span className="visually-hidden">After: </span>
        <code>
          {diff.start}
          <ins>{diff.after}</ins>
          {diff.end}
        </code>
        <CopyButton text={() => line} label="Copy the new line" />
      </p>
    </div>
  );
}
