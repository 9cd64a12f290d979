/** Which repositories are connected, and how much of the forge's request budget is left. */
import { formatTimeOfDay } from '../../shared/format.ts';
import { Bar } from '../components/meter.tsx';
import { useBoardList } from '../store/session.ts';
import styles from './repository-status.module.css';

/** Below this share the budget is worth a glance. */
const lowShare = 0.15;

export function RepositoryStatus() {
  const repositories = useBoardList((board) => Object.values(board.repositories));
  const connections = useBoardList((board) => Object.values(board.connections));
  const budget = connections.map((connection) => connection.budget).find((known) => known !== null) ?? null;
  const [first] = repositories;
  if (first === undefined) return null;
  const more = repositories.length - 1;
  return (
    <div className={styles.status}>
      <div className={styles.name} title={first.fullName}>
        {first.fullName}
      </div>
      {more > 0 && <div>and {more} more</div>}
      {budget && budget.limit > 0 && (
        <div title={`Full again at ${formatTimeOfDay(budget.resetsAt)}`}>
          <div className={styles.budget}>
            API {budget.remaining.toLocaleString('en')} of {budget.limit.toLocaleString('en')}
          </div>
          <Bar
            value={budget.remaining / budget.limit}
            tone={budget.remaining / budget.limit < lowShare ? 'wait' : 'idle'}
            label={`${budget.remaining} of ${budget.limit} requests left`}
          />
        </div>
      )}
    </div>
  );
}
