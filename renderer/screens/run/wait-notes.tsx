/** Why jobs of a run wait, and what would help. */
import { formatCount, formatRoughly } from '../../../shared/format.ts';
import type { RunDetail, Wait, WaitKind } from '../../../shared/model.ts';
import { StateShape } from '../../components/pill.tsx';
import { Sentence } from '../../components/sentence.tsx';
import { useNow } from '../../store/now.ts';
import { useBoardList } from '../../store/session.ts';
import { RepairButtons } from '../queue/repair-buttons.tsx';
import { waitLook } from '../queue/wait-words.ts';
import styles from './notes.module.css';

/** What the notes of environments tell with their buttons. */
const gateKinds: readonly WaitKind[] = ['approval', 'protection'];

export function WaitNotes({ detail: { run, gates } }: { detail: RunDetail }) {
  const { repositoryId, id: runId } = run;
  const waiting = useBoardList((board) =>
    Object.values(board.jobs).filter(
      (job) => job.repositoryId === repositoryId && job.runId === runId && job.waitId !== null,
    ),
  );
  const waits = useBoardList((board) => [
    ...new Set(waiting.flatMap(({ waitId }) => (waitId === null ? [] : (board.waits[waitId] ?? [])))),
  ]);
  // A job that waits for others of its run stands in the timeline already, and nobody has to do anything.
  const told = waits.filter(
    ({ kind }) => kind !== 'needs' && (gates.length === 0 || !gateKinds.includes(kind)),
  );
  if (told.length === 0) return null;
  return (
    <ul className={styles.notes} aria-label="What it waits for">
      {told.map((wait) => (
        <WaitNote
          key={wait.id}
          wait={wait}
          jobs={waiting.filter(({ waitId }) => waitId === wait.id).map(({ name }) => name)}
        />
      ))}
    </ul>
  );
}

function WaitNote({ wait, jobs }: { wait: Wait; jobs: readonly string[] }) {
  const now = useNow(10_000);
  const { tone, shape } = waitLook(wait);
  const [only] = jobs;
  const subject = jobs.length === 1 && only !== undefined ? only : formatCount(jobs.length, 'job');
  return (
    <li className={`${styles.note} ${styles[tone]}`}>
      <span className={styles.shape}>
        <StateShape shape={shape} size={11} />
      </span>
      <div className={styles.words}>
        <p className={styles.subject}>
          {subject} {jobs.length === 1 ? 'has' : 'have'} been waiting for {formatRoughly(now - wait.since)}
        </p>
        <p>
          <Sentence text={wait.sentence} missing={wait.missing} />
        </p>
      </div>
      <div className={styles.actions}>
        <RepairButtons repairs={wait.repairs} subject={subject} />
      </div>
    </li>
  );
}
