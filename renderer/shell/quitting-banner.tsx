/** Over everything while Trackside ends: what it waits for, and the way back. */
import { Power } from 'lucide-react';
import { Button } from '../components/button.tsx';
import { openDialog } from '../store/dialogs.ts';
import { runAction } from '../store/run-action.ts';
import { useBoard, useClient } from '../store/session.ts';
import { rememberQuit } from './asked-quit.ts';
import styles from './banners.module.css';
import { quittingWords } from './quit-words.ts';

export function QuittingBanner() {
  const client = useClient();
  const quitting = useBoard((board) => board.panel.quitting);
  const stay = async (): Promise<void> => {
    if (await runAction(() => client.engine.cancelQuit({}), 'Trackside stays.')) rememberQuit(null);
  };
  return (
    <div role="status" className={styles.over}>
      {quitting && (
        <div className={styles.quitting}>
          <Power aria-hidden="true" />
          <p>{quittingWords(quitting)}</p>
          {quitting.how === 'finish-jobs' && (
            <span className={styles.buttons}>
              <Button size="small" onClick={() => void stay()}>
                Cancel
              </Button>
              <Button size="small" kind="quiet" onClick={() => openDialog({ kind: 'quit' })}>
                End otherwise…
              </Button>
            </span>
          )}
        </div>
      )}
    </div>
  );
}
