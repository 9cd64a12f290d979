/** Registrations on the forge that this installation made and that no runner here stands for: first shown, then removed. */
import { useState } from 'react';
import { formatCount, formatDateTime } from '../../../shared/format.ts';
import type { Ghost } from '../../../shared/model.ts';
import { Button } from '../../components/button.tsx';
import { ConfirmDialog } from '../../components/confirm-dialog.tsx';
import { useNow } from '../../store/now.ts';
import { useBoard, useClient } from '../../store/session.ts';
import { showToast } from '../../store/toasts.ts';
import styles from './left-behind.module.css';
import { ghostSentences, removalWords, removedWords } from './left-behind.ts';

export function GhostTable({ ghosts }: { ghosts: readonly Ghost[] }) {
  const [asked, setAsked] = useState<readonly Ghost[] | null>(null);
  return (
    <>
      <table className={styles.ghosts}>
        <thead>
          <tr>
            <th scope="col">Runner</th>
            <th scope="col">How it is known to be yours</th>
            <th scope="col">Goes</th>
            <th scope="col">
              <span className="visually-hidden">Actions</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {ghosts.map((ghost) => (
            <GhostRow key={ghost.id} ghost={ghost} onRemove={() => setAsked([ghost])} />
          ))}
        </tbody>
      </table>
      {ghosts.length > 1 && (
        <div className={styles.all}>
          <Button size="small" onClick={() => setAsked(ghosts)}>
            Remove all {ghosts.length.toLocaleString('en')}…
          </Button>
        </div>
      )}
      {asked && <RemoveGhosts ghosts={asked} onClose={() => setAsked(null)} />}
    </>
  );
}

function GhostRow({ ghost, onRemove }: { ghost: Ghost; onRemove: () => void }) {
  const now = useNow(10_000);
  const repository = useBoard((board) => board.repositories[ghost.repositoryId]?.fullName);
  return (
    <tr>
      <th scope="row">
        {ghost.name}
        <span className={styles.where}>{repository ?? 'no longer connected'}</span>
      </th>
      <td className={styles.proof}>
        {ghost.proof} Registered {formatDateTime(ghost.registeredAt)}.
      </td>
      <td className={styles.goes}>{removalWords(ghost, now)}</td>
      <td className={styles.act}>
        <Button size="small" aria-label={`Remove ${ghost.name} from GitHub…`} onClick={onRemove}>
          Remove…
        </Button>
      </td>
    </tr>
  );
}

function RemoveGhosts({ ghosts, onClose }: { ghosts: readonly Ghost[]; onClose: () => void }) {
  const client = useClient();
  const repositories = useBoard((board) => board.repositories);
  const names = ghosts.map(({ repositoryId }) => repositories[repositoryId]?.fullName ?? 'GitHub');
  const [only] = ghosts;
  const what = ghosts.length === 1 && only ? only.name : formatCount(ghosts.length, 'registration');
  const remove = async (): Promise<void> => {
    const { removed } = await client.ghosts.remove({ ghostIds: ghosts.map(({ id }) => id) });
    showToast({ message: removedWords(ghosts.length, removed) });
  };
  return (
    <ConfirmDialog
      title={`Remove ${what} from GitHub?`}
      confirmLabel="Remove from GitHub"
      danger
      onConfirm={remove}
      onClose={onClose}
    >
      <div className={styles.sentences}>
        {ghostSentences(ghosts, names).map((sentence) => (
          <p key={sentence}>{sentence}</p>
        ))}
      </div>
    </ConfirmDialog>
  );
}
