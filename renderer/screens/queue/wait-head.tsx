/** Why jobs wait, since when, how that is known and what would help: the same on every screen. */
import { ArrowRight, ChevronRight } from 'lucide-react';
import { memo } from 'react';
import { formatDuration, formatRoughly } from '../../../shared/format.ts';
import type { Wait } from '../../../shared/model.ts';
import { classNames } from '../../components/class-names.ts';
import { Label, StateShape } from '../../components/pill.tsx';
import { Sentence } from '../../components/sentence.tsx';
import { plainSentence } from '../../components/sentence-parts.ts';
import tones from '../../components/tone.module.css';
import { useNow } from '../../store/now.ts';
import { useBoard } from '../../store/session.ts';
import { queuePath } from './queue-filter.ts';
import { RepairButtons } from './repair-buttons.tsx';
import styles from './wait-head.module.css';
import { mistakeWords, waitLook, waitTitle, waitTitles } from './wait-words.ts';

interface WaitHeadProps {
  wait: Wait | null;
  /** Jobs that wait for it. */
  jobs: number;
  /** When the first of them began to wait. */
  since: number;
  /** The labels that all of them ask for; null where they differ. */
  labels: readonly string[] | null;
  /** Its title leads to the queue, where the rest is told. */
  brief?: boolean;
}

export const WaitHead = memo(function WaitHead({ wait, jobs, since, labels, brief = false }: WaitHeadProps) {
  const { tone, shape } = waitLook(wait);
  const title = waitTitle(wait, jobs);
  const missing = wait?.missing ?? [];
  const words = <Sentence text={title} missing={missing} />;
  return (
    <div className={styles.frame}>
      <div className={styles.head}>
        <span className={classNames(styles.shape, tones[tone])}>
          <StateShape shape={shape} size={11} />
        </span>
        <div className={styles.words}>
          <h3 className={styles.title}>
            {brief && wait ? <a href={`#${queuePath({ waitId: wait.id })}`}>{words}</a> : words}
          </h3>
          <p className={styles.meta}>
            <span className={tones[tone]}>{waitTitles[wait?.kind ?? 'unknown']}</span>
            <RepositoryName repositoryId={wait?.repositoryId ?? null} />
            <Since since={since} />
            {wait !== null && wait.failsAt !== null && <FailsIn at={wait.failsAt} many={jobs > 1} />}
          </p>
          {wait !== null && (
            <p className={styles.sentence}>{<Sentence text={wait.sentence} missing={missing} />}</p>
          )}
          {labels !== null && (!brief || missing.length > 0) && <AskedLabels labels={labels} wait={wait} />}
          {wait !== null && !brief && wait.evidence.length > 0 && <Evidence wait={wait} />}
        </div>
        {wait !== null && wait.repairs.length > 0 && (
          <div className={styles.repairs}>
            <RepairButtons repairs={wait.repairs} subject={plainSentence(title)} />
          </div>
        )}
      </div>
    </div>
  );
});

/** Only where several repositories are connected. */
function RepositoryName({ repositoryId }: { repositoryId: string | null }) {
  const name = useBoard(({ repositories }) =>
    repositoryId === null || Object.keys(repositories).length < 2
      ? undefined
      : repositories[repositoryId]?.fullName,
  );
  return name === undefined ? null : <span>{name}</span>;
}

function Since({ since }: { since: number }) {
  return <span>for {formatDuration(useNow() - since)}</span>;
}

/** The forge gives up on a job that has waited for a day. */
function FailsIn({ at, many }: { at: number; many: boolean }) {
  const leftMs = at - useNow(10_000);
  const who = many ? 'the first of them' : 'it';
  const words = leftMs <= 0 ? `${who} fails any moment` : `${who} fails in ${formatRoughly(leftMs)}`;
  return <strong className={tones.fail}>{words}</strong>;
}

/** What is asked for; what nobody has is struck, and beside it what was probably meant. */
function AskedLabels({ labels, wait }: { labels: readonly string[]; wait: Wait | null }) {
  const missing = wait?.missing ?? [];
  const { nearest, mistake } = wait ?? { nearest: null, mistake: null };
  const others = labels.filter((label) => !missing.includes(label));
  return (
    <p className={styles.labels}>
      <span className="visually-hidden">Labels: </span>
      {others.map((label) => (
        <Label key={label}>{label}</Label>
      ))}
      {missing.map((label) => (
        <span key={label} className={styles.missing}>
          <Label missing>{label}</Label>
          <span className="visually-hidden"> (no runner has it) </span>
        </span>
      ))}
      {nearest !== null && (
        <span className={styles.nearest}>
          <ArrowRight aria-hidden="true" />
          did you mean <Label>{nearest}</Label>?
          {mistake !== null && <span className={styles.mistake}>{mistakeWords[mistake]}</span>}
        </span>
      )}
    </p>
  );
}

const sides: Record<Wait['evidence'][number]['side'], string> = {
  job: 'The job',
  forge: 'GitHub',
  here: 'Here',
};

function Evidence({ wait }: { wait: Wait }) {
  return (
    <details className={styles.evidence}>
      <summary>
        <ChevronRight aria-hidden="true" />
        Why we think so
      </summary>
      <ul>
        {wait.evidence.map(({ side, fact }) => (
          <li key={`${side} ${fact}`}>
            <span className={styles.side}>{sides[side]}</span>
            <span>
              <Sentence text={fact} missing={wait.missing} />
            </span>
          </li>
        ))}
      </ul>
    </details>
  );
}
