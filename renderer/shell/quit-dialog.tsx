/** Asks how Trackside should end, with the true counts and what each way does. */
import { useState } from 'react';
import type { QuitManner } from '../../shared/model.ts';
import { RadioCards } from '../components/choice.tsx';
import { ConfirmDialog } from '../components/confirm-dialog.tsx';
import { useBoard, useClient } from '../store/session.ts';
import { rememberQuit } from './asked-quit.ts';
import { atWork, quitChoices } from './quit-words.ts';

export function QuitDialog({ onClose }: { onClose: () => void }) {
  const client = useClient();
  const [how, setHow] = useState<QuitManner>('finish-jobs');
  const runners = useBoard((board) => board.runners);
  const drainBoundMs = useBoard((board) => board.panel.settings.drainBoundMs);
  const work = atWork(Object.values(runners));
  const choices = quitChoices(work, drainBoundMs);
  const chosen = choices.find(({ value }) => value === how);
  const quit = async (): Promise<void> => {
    rememberQuit(how);
    try {
      await client.engine.quit({ how });
    } catch (error) {
      rememberQuit(null);
      throw error;
    }
  };
  return (
    <ConfirmDialog
      title="Quit Trackside?"
      confirmLabel={chosen?.button ?? 'Quit'}
      danger={how === 'stop-now' && work.jobs > 0}
      onConfirm={quit}
      onClose={onClose}
    >
      <RadioCards<QuitManner>
        label="What about the runners and their jobs?"
        value={how}
        onChange={setHow}
        choices={choices}
      />
    </ConfirmDialog>
  );
}
