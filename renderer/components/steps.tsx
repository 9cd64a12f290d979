/** Steps that follow each other, with what each one does or did. */
import { Check, Minus, X } from 'lucide-react';
import type { ReactNode } from 'react';
import { classNames } from './class-names.ts';
import styles from './steps.module.css';

type StepStatus = 'waiting' | 'active' | 'done' | 'failed' | 'cancelled';

export interface StepRow {
  id: string;
  title: string;
  status: StepStatus;
  /** 0–1 where it can be measured. */
  progress?: number | null;
  detail?: ReactNode;
  /** At the end of the row: how long it took. */
  aside?: ReactNode;
}

const statusWords: Record<StepStatus, string> = {
  waiting: 'to come',
  active: 'under way',
  done: 'done',
  failed: 'failed',
  cancelled: 'cancelled',
};

const icons = { done: Check, failed: X, cancelled: Minus } as const;

/** A list from top to bottom, for a deploy or a wizard's pages. */
export function Steps({ steps, label }: { steps: readonly StepRow[]; label: string }) {
  return (
    <ol className={styles.steps} aria-label={label}>
      {steps.map((step) => (
        <li
          key={step.id}
          className={classNames(styles.step, styles[step.status])}
          aria-current={step.status === 'active' ? 'step' : undefined}
        >
          <StepMark status={step.status} />
          <div className={styles.words}>
            <div className={styles.line}>
              <span className={styles.title}>{step.title}</span>
              <span className="visually-hidden">{statusWords[step.status]}</span>
              {step.aside && <span className={styles.aside}>{step.aside}</span>}
            </div>
            {step.detail && <div className={styles.detail}>{step.detail}</div>}
            {step.status === 'active' && typeof step.progress === 'number' && (
              <div className={styles.track}>
                <div className={styles.fill} style={{ width: `${step.progress * 100}%` }} />
              </div>
            )}
          </div>
        </li>
      ))}
    </ol>
  );
}

function StepMark({ status }: { status: StepStatus }) {
  const Icon = status === 'waiting' || status === 'active' ? null : icons[status];
  return (
    <span className={styles.mark} aria-hidden="true">
      {Icon && <Icon />}
    </span>
  );
}

/** The same steps as a thin row of segments, for a list's rows. Words stand beside it. */
export function StepSegments({ steps, label }: { steps: readonly StepRow[]; label: string }) {
  return (
    <div className={styles.segments} role="img" aria-label={label}>
      {steps.map((step) => (
        <span key={step.id} className={classNames(styles.segment, styles[step.status])}>
          <span style={{ width: `${segmentShare(step) * 100}%` }} />
        </span>
      ))}
    </div>
  );
}

function segmentShare({ status, progress }: StepRow): number {
  if (status === 'waiting') return 0;
  return status === 'active' ? (progress ?? 0.5) : 1;
}
