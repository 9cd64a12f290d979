/** Which repositories are connected, and how much of the forge's request budget is left. */
import { formatTimeOfDay } from '../../shared/format.ts';
import { Bar } from '../components/meter.tsx';
import { quotaMeter, tightestQuota } from '../screens/settings/budget.ts';
import { useBoardList } from '../store/session.ts';
import styles from './repository-status.module.css';

export function RepositoryStatus() {
  const repositories = useBoardList((board) => Object.values(board.repositories));
  const connections = useBoardList((board) => Object.values(board.connections));
  const quota = tightestQuota(connections);
  const [first] = repositories;
  if (first === undefined) return null;
  const more = repositories.length - 1;
  return (
    <div className={styles.status}>
      <div className={styles.name} title={first.fullName}>
        {first.fullName}
      </div>
      {more > 0 && <div>and {more} more</div>}
      {quota && <ApiMeter quota={quota} />}
    </div>
  );
}

function ApiMeter({ quota: { budget, spending } }: { quota: NonNullable<ReturnType<typeof tightestQuota>> }) {
  const { amount, value, tone } = quotaMeter(budget);
  return (
    <a
      className={styles.meter}
      href="#/settings"
      title={`Requests left this hour; full again at ${formatTimeOfDay(budget.resetsAt)}`}
    >
      <span className={styles.budget}>
        API {amount.replace(/ requests?$/, '')}
        {spending && <span className={styles.rate}>{spending.requestsLastMinute}/min</span>}
      </span>
      <Bar value={value} tone={tone} label={`${amount} left`} />
    </a>
  );
}
