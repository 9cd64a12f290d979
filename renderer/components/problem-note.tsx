/** What went wrong, why, and what to do about it, with the action beside it. */
import { CircleAlert, TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import { classNames } from './class-names.ts';
import styles from './problem-note.module.css';

export function ProblemNote({
  problem,
  tone = 'fail',
  action,
  className,
}: {
  problem: { message: string; remedy: string | null };
  /** `wait`: a warning; things go on. */
  tone?: 'fail' | 'wait';
  action?: ReactNode;
  className?: string;
}) {
  const Icon = tone === 'fail' ? CircleAlert : TriangleAlert;
  return (
    <div
      className={classNames(styles.note, styles[tone], className)}
      role={tone === 'fail' ? 'alert' : 'status'}
    >
      <Icon className={styles.icon} aria-hidden="true" />
      <div className={styles.words}>
        <p className={styles.message}>{problem.message}</p>
        {problem.remedy && <p className={styles.remedy}>{problem.remedy}</p>}
      </div>
      {action && <div className={styles.action}>{action}</div>}
    </div>
  );
}
