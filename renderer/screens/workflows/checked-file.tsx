/** One workflow file with its jobs, who would take each, and what is wrong with it. */
import { FilePen } from 'lucide-react';
import type { CheckedJob, CheckedWorkflow } from '../../../shared/model.ts';
import { ButtonLink } from '../../components/button.tsx';
import { Card } from '../../components/card.tsx';
import { LineChange } from '../../components/line-change.tsx';
import { Label, Pill } from '../../components/pill.tsx';
import { Sentence } from '../../components/sentence.tsx';
import styles from './checked-file.module.css';
import { verdictLooks } from './verdict-words.ts';

export function CheckedFile({ file }: { file: CheckedWorkflow }) {
  const { path, name, url, jobs, problems } = file;
  return (
    <Card
      className={styles.card}
      title={name ?? path.split('/').at(-1)}
      note={<code>{path}</code>}
      actions={
        url !== null && (
          <ButtonLink size="small" icon={FilePen} href={url} target="_blank" rel="noreferrer">
            Edit on the forge<span className="visually-hidden">: {path}</span>
          </ButtonLink>
        )
      }
    >
      {problems.length > 0 && (
        <ul className={styles.problems} aria-label={`Problems of ${path}`}>
          {problems.map(({ line, column, message }) => (
            <li key={`${line}:${column} ${message}`}>
              <span className={styles.problemPlace}>
                {line}:{column}
              </span>
              <span>{message}</span>
            </li>
          ))}
        </ul>
      )}
      {jobs.length === 0 && problems.length === 0 && <p className={styles.none}>It has no jobs.</p>}
      {jobs.length > 0 && (
        <ul>
          {jobs.map((job) => (
            <JobLine key={`${job.key} ${job.line}`} job={job} />
          ))}
        </ul>
      )}
    </Card>
  );
}

function JobLine({ job }: { job: CheckedJob }) {
  const { tone, shape, word } = verdictLooks[job.verdict];
  return (
    <li className={styles.job}>
      <div className={styles.verdict}>
        <Pill tone={tone} shape={shape}>
          {word}
        </Pill>
      </div>
      <div className={styles.words}>
        <p className={styles.key}>
          <strong>{job.key}</strong>
          <LabelSets job={job} />
          <span className={styles.place}>line {job.line}</span>
        </p>
        <p className={styles.sentence}>
          <Sentence text={job.sentence} />
        </p>
        {job.patch && (
          <div className={styles.patch}>
            <LineChange {...job.patch} />
          </div>
        )}
      </div>
    </li>
  );
}

/** What each leg of a matrix asks for; labels that the sentence names because nobody has them are marked. */
function LabelSets({ job: { labelSets, sentence } }: { job: CheckedJob }) {
  return labelSets.map(({ labels, group, verdict }) => (
    <span key={JSON.stringify([labels, group])} className={styles.labels}>
      {group !== null && <span className="muted">group {group}</span>}
      {labels.map((label) => (
        <Label key={label} missing={verdict === 'nobody' && sentence.includes(`\`${label}\``)}>
          {label}
        </Label>
      ))}
    </span>
  ));
}
