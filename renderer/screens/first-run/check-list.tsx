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
  unknown: { icon: CircleHelp, word: 'Not checked' },
};

export function CheckList({ check }: { check: TokenCheck }) {
  const { report, running, problem } = check;
  const title = report === null ? null : describeToken(report);
  const rows = report?.checks ?? [];
  const active = running ? rows.find(({ status }) => status === 'unknown') : undefined;
  return (
    <div className={styles.checks}>
      <div className={styles.head}>
        <h3>{title ?? 'What the token may do'}</h3>
        <span className={styles.verdict} role="status">
          {verdict(check)}
        </span>
      </div>
      <ul className={styles.list}>
        {rows.map((row) => (
          <CheckRow
            key={row.id}
            check={row}
            pending={running && row.status === 'unknown'}
            active={row === active}
          />
        ))}
        {running && active === undefined && (
          <li className={styles.row}>
            <CheckMark status="unknown" pending active />
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

interface CheckRowProps {
  check: PermissionCheck;
  /** Its turn is still to come. */
  pending: boolean;
  /** It is being checked now. */
  active: boolean;
}

function CheckRow({ check, pending, active }: CheckRowProps) {
  if (pending) {
    return (
      <li className={classNames(styles.row, styles.pending)}>
        <CheckMark status="unknown" pending active={active} />
        <p>
          {check.title}
          <span className="visually-hidden">, {active ? 'being checked' : 'to come'}</span>
        </p>
      </li>
    );
  }
  return (
    <li className={classNames(styles.row, styles[check.status])}>
      <CheckMark status={check.status} />
      <div className={styles.words}>
        <p className={styles.title}>
          {check.title}
          <span className={isPlain(check) ? 'visually-hidden' : styles.word}>{wordOf(check)}</span>
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

/** Whether the mark and the detail say enough to those who see them. */
function isPlain({ status }: PermissionCheck): boolean {
  return status === 'ok' || status === 'unknown';
}

function wordOf({ status, required }: PermissionCheck): string {
  return status === 'missing' && !required ? 'Missing, not needed' : looks[status].word;
}

function CheckMark({
  status,
  pending = false,
  active = false,
}: {
  status: PermissionCheck['status'];
  pending?: boolean;
  active?: boolean;
}) {
  const { icon: Icon } = looks[status];
  return (
    <span
      className={classNames(styles.mark, pending && styles.waiting, active && styles.running)}
      aria-hidden="true"
    >
      {!pending && <Icon />}
    </span>
  );
}
