/** Asks before something that cannot be taken back, and says exactly what will happen. */
import { type ReactNode, useState } from 'react';
import { problemOf, type ShownProblem } from '../client/problem.ts';
import { Button } from './button.tsx';
import { Dialog } from './dialog.tsx';
import { ProblemNote } from './problem-note.tsx';

/** Stays open and tells the problem when `onConfirm` rejects; closes by itself when it resolves. */
export function ConfirmDialog({
  title,
  children,
  confirmLabel,
  danger = false,
  onConfirm,
  onClose,
}: {
  title: string;
  /** What will happen, in sentences; choices may follow. */
  children: ReactNode;
  confirmLabel: string;
  danger?: boolean;
  onConfirm: () => Promise<void>;
  onClose: () => void;
}) {
  const [working, setWorking] = useState(false);
  const [problem, setProblem] = useState<ShownProblem | null>(null);
  const confirm = async (): Promise<void> => {
    if (working) return;
    setWorking(true);
    setProblem(null);
    try {
      await onConfirm();
      onClose();
    } catch (error) {
      setProblem(problemOf(error));
      setWorking(false);
    }
  };
  return (
    <Dialog
      title={title}
      width="narrow"
      onClose={onClose}
      onSubmit={() => void confirm()}
      footer={
        <>
          <Button onClick={onClose}>Not now</Button>
          <Button type="submit" kind={danger ? 'danger' : 'primary'} busy={working}>
            {confirmLabel}
          </Button>
        </>
      }
    >
      {children}
      {problem && <ProblemNote problem={problem} />}
    </Dialog>
  );
}
