/** What can be done with all the selected runners together. */
import { CircleStop, Trash2, X } from 'lucide-react';
import { formatCount } from '../../../shared/format.ts';
import type { Runner } from '../../../shared/model.ts';
import { Button, IconButton } from '../../components/button.tsx';
import { applicable, type ConfirmedAction } from './actions.ts';
import type { AskedAction } from './runner-dialog.tsx';
import styles from './selection-bar.module.css';

export function SelectionBar({
  runners,
  onAsk,
  onClear,
}: {
  runners: readonly Runner[];
  onAsk: (asked: AskedAction) => void;
  onClear: () => void;
}) {
  const ask = (action: ConfirmedAction): void =>
    onAsk({ action, runnerIds: applicable(action, runners).map(({ id }) => id) });
  const stoppable = applicable('stop', runners).length;
  const removable = applicable('remove', runners).length;
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
