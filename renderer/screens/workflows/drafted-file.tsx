/** A written workflow file: its lines with what each is for, and the way from "by hand" to "by itself". */
import { SquareArrowOutUpRight } from 'lucide-react';
import type { WorkflowDraft } from '../../../shared/model.ts';
import { ButtonLink } from '../../components/button.tsx';
import { Card } from '../../components/card.tsx';
import { classNames } from '../../components/class-names.ts';
import { CopyButton } from '../../components/code.tsx';
import styles from './drafted-file.module.css';

export function DraftedFile({ draft, stale }: { draft: WorkflowDraft; stale: boolean }) {
  const { path, yaml, newFileUrl, notes } = draft;
  const lines = yaml.replace(/\n$/, '').split('\n');
  const noteOf = new Map(notes.map(({ line, text }) => [line, text]));
  return (
    <Card
      className={classNames(styles.card, stale && styles.stale)}
      title={<code>{path}</code>}
      actions={
        <>
          <CopyButton text={() => yaml} label="Copy the file" />
          {newFileUrl !== null && (
            <ButtonLink
              kind="primary"
              size="small"
              icon={SquareArrowOutUpRight}
              href={newFileUrl}
              target="_blank"
              rel="noreferrer"
            >
              Open on the forge with this text
            </ButtonLink>
          )}
        </>
      }
    >
      <ol className={styles.lines} aria-label={`Lines of ${path}`}>
        {lines.map((text, index) => {
          const note = noteOf.get(index + 1);
          return (
            // biome-ignore lint/suspicious/noArrayIndexKey: a line is its number
            <li key={index} className={classNames(styles.line, note !== undefined && styles.noted)}>
              <span className={styles.number} aria-hidden="true">
                {index + 1}
              </span>
              <code className={styles.code}>{text === '' ? ' ' : text}</code>
              {note !== undefined && <span className={styles.note}>{note}</span>}
            </li>
          );
        })}
      </ol>
      {newFileUrl === null && (
        <p className={styles.tooLong}>
          It is too long for an address. Copy it, and put it into a new file <code>{path}</code> on the forge.
        </p>
      )}
    </Card>
  );
}

export function Phases({ phases }: { phases: WorkflowDraft['phases'] }) {
  if (phases.length === 0) return null;
  return (
    <Card title="From by hand to by itself" note="one step after the other, each when the one before works">
      <ol className={styles.phases}>
        {phases.map(({ title, text, yaml }, index) => (
          <li key={title} className={styles.phase}>
            <span className={styles.mark} aria-hidden="true">
              {index + 1}
            </span>
            <div className={styles.words}>
              <p className={styles.title}>{title}</p>
              <p className="muted">{text}</p>
              <pre className={styles.yaml}>{yaml}</pre>
            </div>
          </li>
        ))}
      </ol>
    </Card>
  );
}
