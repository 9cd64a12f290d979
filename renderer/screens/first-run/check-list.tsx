/** What a token may do, a line per check: a tick, a warning, or the exact thing missing and how to mend it. */
import { Check, CircleHelp, ExternalLink, type LucideIcon, TriangleAlert, X } from 'lucide-react';
import type { PermissionCheck } from '../../../shared/model.ts';
import { classNames } from '../../components/class-names.ts';
import { ProblemNote } from '../../components/problem-note.tsx';
import styles from './check-list.module.css';
import type { TokenCheck } from './use-token-check.ts';
import { describeToken } from './words.ts';

const looks: Record<PermissionCheck['status'], { icon: LucideIcon; word: string }> = {
  ok: { icon: Check, word: 'Good' },
  warning: { icon: TriangleAlert, word: 'Worth a look' },
  missing: { icon: X, word: 'Missing' },
  unknown: { icon: CircleHelp, word: 'Could not be checked' },
};

export function CheckList({ check }: { check: TokenCheck }) {
  const { report, running, problem } = check;
  const title = report === null ? null : describeToken(report);
  return (
    <div className={styles.checks}>
      <div className={styles.head}>
        <h3>{title ?? 'What the token may do'}</h3>
        <span className={styles.verdict} role="status">
          {verdict(check)}
        </span>
      </div>
      <ul className={styles.list}>
        {report?.checks.map((row) => (
          <CheckRow key={row.id} check={row} />
        ))}
        {running && (
          <li className={styles.row}>
            <span className={classNames(styles.mark, styles.running)} aria-hidden="true" />
            <span className={styles.detail}>Checking</span>
          </li>
        )}
      </ul>
      {problem && <ProblemNote problem={problem} />}
    </div>
  );
}

function verdict({ report, running }: TokenCheck): string {
  if (running || report === null) return '';
  return report.sufficient ? 'Everything needed is there.' : 'Something needed is missing.';
}

function CheckRow({ check }: { check: PermissionCheck }) {
  const { icon: Icon, word } = looks[check.status];
  return (
    <li className={classNames(styles.row, styles[check.status])}>
      <span className={styles.mark}>
        <Icon aria-hidden="true" />
      </span>
      <div className={styles.words}>
        <p className={styles.title}>
          {check.title}
          <span className={check.status === 'ok' ? 'visually-hidden' : styles.word}>
            {check.status === 'missing' && !check.required ? 'Missing, not needed' : word}
          </span>
        </p>
        <p className={styles.detail}>{check.detail}</p>
        {check.remedy !== null && <p>{check.remedy}</p>}
        {check.remedyUrl !== null && (
          <a href={check.remedyUrl} target="_blank" rel="noreferrer">
            Open the page where that is done <ExternalLink className={styles.outside} aria-hidden="true" />
          </a>
        )}
      </div>
    </li>
  );
}
