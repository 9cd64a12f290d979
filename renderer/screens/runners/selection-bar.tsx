/** What can be done with all the selected runners together. */
import { CircleStop, Trash2, X } from 'lucide-react';
import { formatCount } from '../../../shared/format.ts';
import type { Runner } from '../../../shared/model.ts';
import { Button, IconButton } from '../../components/button.tsx';
import { useBoard } from '../../store/session.ts';
import { applicable, type ConfirmedAction } from './actions.ts';
import type { AskedAction } from './runner-dialog.tsx';
import styles from './selection-bar.module.css';
import { managesItself } from './stay.ts';

export function SelectionBar({
  runners,
  onAsk,
  onClear,
}: {
  runners: readonly Runner[];
  onAsk: (asked: AskedAction) => void;
  onClear: () => void;
}) {
  const pools = useBoard((board) => board.pools);
  const isManaged = ({ poolId }: Runner): boolean => managesItself(pools[poolId]);
  const ask = (action: ConfirmedAction): void =>
    onAsk({ action, runnerIds: applicable(action, runners, isManaged).map(({ id }) => id) });
  const stoppable = applicable('stop', runners, isManaged).length;
  const removable = applicable('remove', runners, isManaged).length;
  return (
    <div className={styles.place} role="status">
      {runners.length > 0 && (
        <div className={styles.bar}>
          <span className={styles.words}>{formatCount(runners.length, 'runner')} selected</span>
          <Button size="small" icon={CircleStop} disabled={stoppable === 0} onClick={() => ask('stop')}>
            Stop{stoppable < runners.length && stoppable > 0 ? ` ${stoppable}` : ''}…
          </Button>
          <Button
            size="small"
            kind="danger"
            icon={Trash2}
            disabled={removable === 0}
            onClick={() => ask('remove')}
          >
            Remove{removable < runners.length && removable > 0 ? ` ${removable}` : ''}…
          </Button>
          <IconButton size="small" icon={X} label="Clear the selection" onClick={onClear} />
        </div>
      )}
    </div>
  );
}
