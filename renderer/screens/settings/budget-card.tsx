/** What watching costs: each login's quota, what Trackside spends of it, and how often each repository is looked at. */
import { formatTimeOfDay } from '../../../shared/format.ts';
import type { Connection, Repository } from '../../../shared/model.ts';
import { Card } from '../../components/card.tsx';
import { Meter } from '../../components/meter.tsx';
import { useBoardList } from '../../store/session.ts';
import { hostOf } from '../first-run/words.ts';
import { type BudgetMeter, quotaMeter, spendingMeters, watchWords } from './budget.ts';
import styles from './settings.module.css';

export function BudgetCard() {
  const connections = useBoardList((board) => Object.values(board.connections));
  const repositories = useBoardList((board) => Object.values(board.repositories));
  if (connections.length === 0) return null;
  return (
    <Card title="Requests" note="what watching the queues costs">
      <ul>
        {connections.map((connection) => (
          <ConnectionBudget key={connection.id} connection={connection} />
        ))}
        {repositories.map((repository) => (
          <RepositoryWatch key={repository.id} repository={repository} />
        ))}
      </ul>
    </Card>
  );
}

function ConnectionBudget({ connection }: { connection: Connection }) {
  const { login, demo, budget, spending } = connection;
  const meters: BudgetMeter[] = [
    ...(budget === null ? [] : [quotaMeter(budget)]),
    ...(spending === null ? [] : spendingMeters(spending)),
  ];
  return (
    <li className={styles.block}>
      <p className={styles.name}>
        {login} <span className={styles.on}>on {demo ? 'the demo GitHub' : hostOf(connection)}</span>
      </p>
      {meters.length === 0 && <p className={styles.quiet}>Nothing has been asked yet.</p>}
      <div className={styles.meters}>
        {meters.map(({ label, value, amount, tone, meaning }) => (
          <div key={label}>
            <Meter label={label} value={value} amount={amount} tone={tone} />
            <p className={styles.quiet}>{meaning}</p>
          </div>
        ))}
      </div>
      {budget && (
        <p className={styles.quiet}>The hour is full again at {formatTimeOfDay(budget.resetsAt)}.</p>
      )}
    </li>
  );
}

function RepositoryWatch({ repository: { fullName, watch } }: { repository: Repository }) {
  return (
    <li className={styles.block}>
      <p>
        <strong>{fullName}</strong>{' '}
        <span className="muted">
          {watch === null ? 'has not been looked at yet' : `is looked at ${watchWords(watch)}`}
        </span>
      </p>
    </li>
  );
}
