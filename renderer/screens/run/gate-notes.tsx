/** Environments that a run waits for: who may approve, until when they wait by themselves, and the decision. */
import { useState } from 'react';
import type { RunDetail } from '../../../shared/model.ts';
import { Button } from '../../components/button.tsx';
import { ConfirmDialog } from '../../components/confirm-dialog.tsx';
import { Field, TextInput } from '../../components/field.tsx';
import { StateShape } from '../../components/pill.tsx';
import { useNow } from '../../store/now.ts';
import { useBoard, useClient } from '../../store/session.ts';
import { type Gate, gateWords } from './gate-words.ts';
import styles from './notes.module.css';

export function GateNotes({ detail, onChanged }: { detail: RunDetail; onChanged: () => void }) {
  if (detail.gates.length === 0) return null;
  return (
    <ul className={styles.notes} aria-label="Environments it waits for">
      {detail.gates.map((gate) => (
        <GateNote key={gate.environment} gate={gate} detail={detail} onChanged={onChanged} />
      ))}
    </ul>
  );
}

interface GateNoteProps {
  gate: Gate;
  detail: RunDetail;
  onChanged: () => void;
}

function GateNote({ gate, detail, onChanged }: GateNoteProps) {
  const [deciding, setDeciding] = useState<'approve' | 'refuse' | null>(null);
  const { environment, canApprove } = gate;
  return (
    <li className={`${styles.note} ${styles.wait}`}>
      <span className={styles.shape}>
        <StateShape shape="half" size={11} />
      </span>
      <div className={styles.words}>
        <p className={styles.subject}>It waits for the environment “{environment}”</p>
        <p>
          <GateWords gate={gate} repositoryId={detail.run.repositoryId} />
        </p>
      </div>
      {canApprove && (
        <div className={styles.actions}>
          <Button size="small" kind="primary" onClick={() => setDeciding('approve')}>
            Approve…
          </Button>
          <Button size="small" onClick={() => setDeciding('refuse')}>
            Refuse…
          </Button>
        </div>
      )}
      {deciding && (
        <ReviewDialog
          environment={environment}
          approve={deciding === 'approve'}
          detail={detail}
          onChanged={onChanged}
          onClose={() => setDeciding(null)}
        />
      )}
    </li>
  );
}

function GateWords({ gate, repositoryId }: { gate: Gate; repositoryId: string }) {
  const now = useNow();
  const login = useBoard(
    ({ repositories, connections }) =>
      connections[repositories[repositoryId]?.connectionId ?? '']?.login ?? null,
  );
  return gateWords(gate, login, now);
}

function ReviewDialog({
  environment,
  approve,
  detail: { run },
  onChanged,
  onClose,
}: {
  environment: string;
  approve: boolean;
  detail: RunDetail;
  onChanged: () => void;
  onClose: () => void;
}) {
  const client = useClient();
  const [comment, setComment] = useState('');
  const review = async (): Promise<void> => {
    await client.runs.review({
      repositoryId: run.repositoryId,
      runId: run.id,
      environment,
      approve,
      comment,
    });
    onChanged();
  };
  return (
    <ConfirmDialog
      title={approve ? `Approve “${environment}”?` : `Refuse “${environment}”?`}
      confirmLabel={approve ? 'Approve' : 'Refuse'}
      danger={!approve}
      onConfirm={review}
      onClose={onClose}
    >
      <p>
        {approve
          ? `Jobs of this run that deploy to it begin as soon as a runner takes them.`
          : `Jobs of this run that deploy to it fail, and so does the run.`}
      </p>
      <Field label="Comment" optional>
        <TextInput value={comment} onChange={(event) => setComment(event.target.value)} />
      </Field>
    </ConfirmDialog>
  );
}
