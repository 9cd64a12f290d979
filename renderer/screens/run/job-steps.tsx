/** The steps of a job from top to bottom, each with how long it took. */
import { formatClock, formatDuration } from '../../../shared/format.ts';
import type { RunJob, RunStep } from '../../../shared/model.ts';
import { classNames } from '../../components/class-names.ts';
import { StateShape } from '../../components/pill.tsx';
import tones from '../../components/tone.module.css';
import { useNow } from '../../store/now.ts';
import { spanOf, stepLook } from '../runs/run-words.ts';
import styles from './job-card.module.css';

export function JobSteps({ job }: { job: RunJob }) {
  const now = useNow(job.status === 'in_progress' ? 1000 : 60_000);
  const longestMs = Math.max(1000, ...job.steps.map((step) => spanOf(step, now) ?? 0));
  if (job.steps.length === 0) return <p className={styles.noSteps}>The forge tells no steps of it.</p>;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <section className={styles.steps} tabIndex={0} aria-label={`Steps of ${job.name}`}>
      <ol>
        {job.steps.map((step) => (
          <Step key={step.number} step={step} now={now} longestMs={longestMs} />
        ))}
      </ol>
    </section>
  );
}

function Step({ step, now, longestMs }: { step: RunStep; now: number; longestMs: number }) {
  const look = stepLook(step);
  const span = step.conclusion === 'skipped' ? null : spanOf(step, now);
  const runs = step.status === 'in_progress';
  return (
    <li
      className={classNames(
        styles.step,
        look.tone === 'fail' && styles.failed,
        span === null && styles.quiet,
      )}
      aria-current={runs ? 'step' : undefined}
    >
      <span className={tones[look.tone]}>
        <StateShape shape={look.shape} size={10} />
        <span className="visually-hidden">{look.word}: </span>
      </span>
      <span className={styles.stepName}>{step.name}</span>
      <span className={styles.stepTime}>
        {span === null ? '' : runs ? formatClock(span) : formatDuration(span)}
      </span>
      {span !== null && (
        <span className={classNames(styles.stepBar, tones[look.tone])} aria-hidden="true">
          <span style={{ width: `${Math.max(1, (span / longestMs) * 100)}%` }} />
        </span>
      )}
    </li>
  );
}
