/** Asks before a pool goes with its runners, and says which jobs would be waited for. */
import { useState } from 'react';
import { formatCount } from '../../../shared/format.ts';
import type { Pool } from '../../../shared/model.ts';
import { RadioCards } from '../../components/choice.tsx';
import { ConfirmDialog } from '../../components/confirm-dialog.tsx';
import { useBoard, useBoardList, useClient } from '../../store/session.ts';
import { showToast } from '../../store/toasts.ts';

type How = 'drain' | 'now';

export function RemovePoolDialog({
  pool,
  onRemoved,
  onClose,
}: {
  pool: Pool;
  onRemoved?: () => void;
  onClose: () => void;
}) {
  const client = useClient();
  const [how, setHow] = useState<How>('drain');
  const runners = useBoardList((board) =>
    Object.values(board.runners).filter(({ poolId }) => poolId === pool.id),
  );
  const forge = useBoard((board) => board.repositories[pool.repositoryId]?.fullName ?? 'GitHub');
  const jobs = runners.filter(({ job }) => job !== null).length;
  const now = jobs > 0 && how === 'now';
  const remove = async (): Promise<void> => {
    await client.pools.remove({ poolId: pool.id, how: jobs > 0 ? how : 'drain' });
    const after = jobs > 0 && !now ? ` after ${formatCount(jobs, 'job')}` : '';
    showToast({ message: `${pool.name} is removed${after}.` });
    onRemoved?.();
  };
  return (
    <ConfirmDialog
      title={`Remove the pool ${pool.name}?`}
      confirmLabel={now ? 'Remove now' : 'Remove'}
      danger
      onConfirm={remove}
      onClose={onClose}
    >
      <p>
        {runners.length === 0
          ? 'It has no runner. Jobs that ask for its labels will wait for another one.'
          : `Its ${formatCount(runners.length, 'runner')} ${runners.length === 1 ? 'is' : 'are'} taken away, here and on ${forge}. Nothing is left of them.`}
      </p>
      {jobs > 0 && (
        <RadioCards<How>
          label="What about the running jobs?"
          value={how}
          onChange={setHow}
          choices={[
            {
              value: 'drain',
              title: jobs === 1 ? 'After the job' : 'After the jobs',
              detail: `${formatCount(jobs, 'job runs', 'jobs run')} to ${jobs === 1 ? 'its' : 'their'} end first. No new one begins.`,
            },
            {
              value: 'now',
              title: 'Now',
              detail: `${formatCount(jobs, 'job is', 'jobs are')} cancelled and ${jobs === 1 ? 'fails' : 'fail'} on ${forge}.`,
            },
          ]}
        />
      )}
    </ConfirmDialog>
  );
}
