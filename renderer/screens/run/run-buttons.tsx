/** What can be done with a run: end it, run it again, look at it on the forge. */
import { Ban, ExternalLink, OctagonX, RotateCcw } from 'lucide-react';
import { useState } from 'react';
import type { RunDetail } from '../../../shared/model.ts';
import { Button, ButtonLink } from '../../components/button.tsx';
import { ConfirmDialog } from '../../components/confirm-dialog.tsx';
import { useNow } from '../../store/now.ts';
import { runAction } from '../../store/run-action.ts';
import { useClient } from '../../store/session.ts';
import { isActive } from '../runs/run-words.ts';

/** A cancelled run has this long to end in an orderly way before it can be forced to. */
const forceAfterMs = 30_000;

interface RunButtonsProps {
  detail: RunDetail;
  onChanged: () => void;
}

export function RunButtons({ detail, onChanged }: RunButtonsProps) {
  const { run } = detail;
  return (
    <>
      {isActive(run) ? (
        <CancelButtons detail={detail} onChanged={onChanged} />
      ) : (
        <RerunButtons detail={detail} onChanged={onChanged} />
      )}
      <ButtonLink icon={ExternalLink} href={run.url} target="_blank" rel="noreferrer">
        Open on the forge
      </ButtonLink>
    </>
  );
}

function CancelButtons({ detail: { run }, onChanged }: RunButtonsProps) {
  const client = useClient();
  const now = useNow();
  const [asking, setAsking] = useState<'cancel' | 'force' | null>(null);
  const [askedAt, setAskedAt] = useState<number | null>(null);
  const cancel = async (force: boolean): Promise<void> => {
    await client.runs.cancel({ repositoryId: run.repositoryId, runId: run.id, force });
    setAskedAt(now);
    onChanged();
  };
  const stuck = askedAt !== null && now - askedAt >= forceAfterMs;
  return (
    <>
      {stuck ? (
        <Button kind="danger" icon={OctagonX} onClick={() => setAsking('force')}>
          Force its end…
        </Button>
      ) : (
        <Button icon={Ban} busy={askedAt !== null} onClick={() => setAsking('cancel')}>
          {askedAt === null ? 'Cancel…' : 'Ending…'}
        </Button>
      )}
      {asking === 'cancel' && (
        <ConfirmDialog
          title="Cancel this run?"
          confirmLabel="Cancel the run"
          danger
          onConfirm={() => cancel(false)}
          onClose={() => setAsking(null)}
        >
          <p>Its running jobs are told to stop, and those to come do not begin. It can be run again later.</p>
        </ConfirmDialog>
      )}
      {asking === 'force' && (
        <ConfirmDialog
          title="Force this run to end?"
          confirmLabel="Force its end"
          danger
          onConfirm={() => cancel(true)}
          onClose={() => setAsking(null)}
        >
          <p>
            It did not end when it was cancelled. The forge then takes it for ended whatever its jobs do, also
            those that say <code>always()</code>.
          </p>
        </ConfirmDialog>
      )}
    </>
  );
}

function RerunButtons({ detail: { run, jobs }, onChanged }: RunButtonsProps) {
  const client = useClient();
  const [working, setWorking] = useState(false);
  const rerun = async (which: 'all' | 'failed'): Promise<void> => {
    setWorking(true);
    const work = () =>
      client.runs.rerun({ repositoryId: run.repositoryId, runId: run.id, which, jobId: null });
    const done = which === 'all' ? 'All its jobs run again.' : 'The jobs that failed run again.';
    if (await runAction(work, done)) onChanged();
    setWorking(false);
  };
  const failed = jobs.some(
    ({ conclusion }) => conclusion === 'failure' || conclusion === 'cancelled' || conclusion === 'timed_out',
  );
  return (
    <>
      {failed && (
        <Button kind="primary" icon={RotateCcw} busy={working} onClick={() => void rerun('failed')}>
          Run failed again
        </Button>
      )}
      <Button icon={RotateCcw} busy={working && !failed} onClick={() => void rerun('all')}>
        Run all again
      </Button>
    </>
  );
}
