/** Confirms stopping, restarting or removing runners, and does it. */
import { useEffect, useState } from 'react';
import { formatCount } from '../../../shared/format.ts';
import type { Runner } from '../../../shared/model.ts';
import type { TracksideClient } from '../../client/client.ts';
import { problemOf } from '../../client/problem.ts';
import { RadioCards } from '../../components/choice.tsx';
import { ConfirmDialog } from '../../components/confirm-dialog.tsx';
import { useNow } from '../../store/now.ts';
import { useBoard, useBoardList, useClient } from '../../store/session.ts';
import { showToast } from '../../store/toasts.ts';
import { type ConfirmedAction, confirmationFor } from './actions.ts';
import styles from './runner-dialog.module.css';
import { managesItself } from './stay.ts';

type How = 'drain' | 'now';

export interface AskedAction {
  action: ConfirmedAction;
  runnerIds: readonly string[];
}

export function RunnerDialog({ asked, onClose }: { asked: AskedAction; onClose: () => void }) {
  const client = useClient();
  const now = useNow();
  const [how, setHow] = useState<How>('drain');
  const runners = useBoardList((board) => asked.runnerIds.flatMap((id) => board.runners[id] ?? []));
  const forge = useForgeName(runners);
  const managed = useBoard((board) => runners.every(({ poolId }) => managesItself(board.pools[poolId])));
  const asking = confirmationFor(asked.action, runners, now, forge, managed);
  const { title, sentences, choice, confirmLabel } = asking;
  const chosen = choice === null ? 'drain' : how;
  const gone = runners.length === 0;
  useEffect(() => {
    if (gone) onClose();
  }, [gone, onClose]);
  if (gone) return null;
  const confirm = async (): Promise<void> => {
    await actOnAll(client, asked.action, runners, chosen);
    tellOutcome(client, asked.action, runners, chosen);
  };
  return (
    <ConfirmDialog
      title={title}
      confirmLabel={choice !== null && how === 'now' ? `${confirmLabel} now` : confirmLabel}
      danger={asked.action === 'remove' || (choice !== null && how === 'now')}
      onConfirm={confirm}
      onClose={onClose}
    >
      <div className={styles.words}>
        {sentences.map((sentence) => (
          <p key={sentence}>{sentence}</p>
        ))}
      </div>
      {choice && (
        <RadioCards<How>
          label="What about the running job?"
          value={how}
          onChange={setHow}
          choices={[
            { value: 'drain', title: 'After the job', detail: choice.drain },
            { value: 'now', title: 'Now', detail: choice.now },
          ]}
        />
      )}
    </ConfirmDialog>
  );
}

function useForgeName(runners: readonly Runner[]): string {
  const ids = new Set(runners.map(({ repositoryId }) => repositoryId));
  const [only] = ids;
  return (
    useBoard((board) => (ids.size === 1 && only ? board.repositories[only]?.fullName : null)) ?? 'GitHub'
  );
}

/** Does it to all; rejects with the first refusal after every one was tried. */
async function actOnAll(
  client: TracksideClient,
  action: ConfirmedAction,
  runners: readonly Runner[],
  how: How,
): Promise<void> {
  const outcomes = await Promise.allSettled(runners.map(({ id }) => act(client, action, id, how)));
  const refusals = outcomes.filter((outcome) => outcome.status === 'rejected');
  const [first] = refusals;
  if (first === undefined) return;
  if (refusals.length === runners.length) throw first.reason;
  const { message, remedy } = problemOf(first.reason);
  showToast({
    tone: 'failed',
    message: `${refusals.length} of ${runners.length} refused. ${message}`,
    remedy,
  });
}

function act(client: TracksideClient, action: ConfirmedAction, runnerId: string, how: How): Promise<unknown> {
  if (action === 'stop') return client.runners.stop({ runnerId, how });
  if (action === 'remove') return client.runners.remove({ runnerId, how });
  return client.runners.restart({ runnerId });
}

const doing: Record<ConfirmedAction, [one: string, many: string]> = {
  stop: ['stops', 'stop'],
  restart: ['restarts', 'restart'],
  remove: ['is removed', 'are removed'],
};

function tellOutcome(
  client: TracksideClient,
  action: ConfirmedAction,
  runners: readonly Runner[],
  how: How,
): void {
  const [only] = runners;
  const [one, many] = doing[action];
  const busy = runners.filter(({ job }) => job !== null);
  const who =
    runners.length === 1 && only ? `${only.name} ${one}` : `${formatCount(runners.length, 'runner')} ${many}`;
  const waits = busy.length > 0 && how === 'drain';
  const undo = {
    label: 'Undo',
    run: () => void Promise.allSettled(busy.map(({ id }) => client.runners.keep({ runnerId: id }))),
  };
  showToast({
    message: waits ? `${who} after ${busy.length === 1 ? 'its job' : 'their jobs'}.` : `${who}.`,
    action: waits ? undo : null,
  });
}
