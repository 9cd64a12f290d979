/** What a bar of the track stands for, beside the pointer or the focus. */
import type { ReactNode } from 'react';
import { formatCount, formatDuration, formatList, formatTimeOfDay } from '../../../shared/format.ts';
import { useNow } from '../../store/now.ts';
import styles from './track.module.css';
import { type Bar, outcomes } from './track-model.ts';

export interface ShownBar {
  bar: Bar;
  runnerName: string;
  /** Where the bar is on the page. */
  at: DOMRect;
}

const cardWidth = 260;

export function BarDetails({ shown: { bar, runnerName, at }, width }: { shown: ShownBar; width: number }) {
  const now = useNow();
  const { shifts, kind } = bar;
  const [first] = shifts;
  const last = shifts.at(-1);
  if (first === undefined || last === undefined) return null;
  const endMs = last.endedAt ?? now;
  const several = shifts.length > 1;
  return (
    <DetailsPlace at={at} width={width}>
      <strong>{several ? formatCount(shifts.length, 'job') : first.jobName}</strong>
      <span>
        {runnerName} · {several ? jobNames(shifts) : outcomes[kind]}
      </span>
      <span>
        {formatTimeOfDay(first.startedAt)} – {kind === 'running' ? 'now' : formatTimeOfDay(endMs)} ·{' '}
        {formatDuration(endMs - first.startedAt)}
      </span>
      {!several && first.verdict && <span>{first.verdict.sentence}</span>}
    </DetailsPlace>
  );
}

function DetailsPlace({ at, width, children }: { at: DOMRect; width: number; children: ReactNode }) {
  return (
    <div
      className={styles.details}
      ref={(element) => {
        const track = element?.offsetParent?.getBoundingClientRect();
        if (!element || !track) return;
        const middle = at.left + at.width / 2 - track.left;
        const left = Math.min(width - cardWidth - 4, Math.max(4, middle - cardWidth / 2));
        element.style.left = `${left}px`;
        element.style.top = `${at.bottom - track.top + 4}px`;
      }}
    >
      {children}
    </div>
  );
}

function jobNames(shifts: Bar['shifts']): string {
  return formatList([...new Set(shifts.map(({ jobName }) => jobName))], 3);
}
