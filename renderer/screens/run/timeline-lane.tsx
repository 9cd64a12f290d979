/** One lane of a run's timeline: a job, or a group of jobs under their common name. */
import { ChevronRight } from 'lucide-react';
import { formatClock, formatDuration, formatRoughly } from '../../../shared/format.ts';
import type { RunJob } from '../../../shared/model.ts';
import { classNames } from '../../components/class-names.ts';
import { StateShape } from '../../components/pill.tsx';
import type { StateLook } from '../../components/runner-state.ts';
import tones from '../../components/tone.module.css';
import { fitWords } from '../overview/track-model.ts';
import { runLook, spanOf } from '../runs/run-words.ts';
import { groupLook, groupWords } from './group-words.ts';
import type { JobLane } from './job-order.ts';
import styles from './timeline.module.css';
import type { LanePicture } from './timeline-layout.ts';

interface TimelineLaneProps {
  picture: LanePicture;
  now: number;
  layout: { stacked: boolean; nameWidth: number; laneWidth: number };
  opened: boolean;
  onPoint: (key: string) => void;
  onPress: () => void;
}

export function TimelineLane({ picture, now, layout, opened, onPoint, onPress }: TimelineLaneProps) {
  const { lane, height } = picture;
  const { stacked, nameWidth, laneWidth } = layout;
  const look = lookOf(lane);
  const words = wordsOf(lane, now);
  const isGroup = lane.kind === 'group';
  const folded = !isGroup || !lane.open;
  return (
    <div
      className={classNames(stacked ? styles.stacked : styles.lane, opened && styles.opened)}
      style={
        stacked ? { height } : { height, gridTemplateColumns: `${nameWidth}px ${laneWidth}px minmax(0, 1fr)` }
      }
      onPointerEnter={() => onPoint(lane.key)}
    >
      <button
        type="button"
        className={classNames(styles.name, lane.kind === 'job' && lane.indented && styles.indented)}
        aria-expanded={isGroup ? lane.open : opened}
        title={lane.title}
        onClick={onPress}
      >
        <span className={tones[look.tone]}>
          {isGroup ? (
            <ChevronRight
              className={classNames(styles.chevron, lane.open && styles.unfolded)}
              aria-hidden="true"
            />
          ) : (
            <StateShape shape={look.shape} size={10} />
          )}
        </span>
        <span className={styles.nameText}>{lane.title}</span>
        <span className="visually-hidden">
          : {look.word}, {words}
        </span>
      </button>
      {folded ? <Drawing picture={picture} width={laneWidth} /> : <span />}
      <span
        className={classNames(styles.words, isQuiet(look) ? styles.quiet : tones[look.tone])}
        aria-hidden="true"
      >
        {words}
      </span>
    </div>
  );
}

/** What ended well, or did not run, needs no colour to be seen. */
const isQuiet = ({ tone }: StateLook): boolean => tone === 'ok' || tone === 'off';

function lookOf(lane: JobLane): StateLook {
  return lane.kind === 'job' ? runLook(lane.job) : groupLook(lane.jobs);
}

function wordsOf(lane: JobLane, now: number): string {
  if (lane.kind === 'group') return groupWords(lane.jobs);
  return jobWords(lane.job, now);
}

/** How long it took or takes, else what it does. */
function jobWords(job: RunJob, now: number): string {
  const span = job.conclusion === 'skipped' ? null : spanOf(job, now);
  if (span === null) return job.status === 'completed' ? runLook(job).word : waitingWords(job, now);
  return job.status === 'completed' ? formatDuration(span) : formatClock(span);
}

function waitingWords(job: RunJob, now: number): string {
  const { word } = runLook(job);
  if (job.status === 'blocked' || job.queuedAt === null) return word;
  const waited = now - job.queuedAt;
  return `${word} ${waited < hourMs ? formatClock(waited) : formatRoughly(waited)}`;
}

const hourMs = 3_600_000;
const barHeight = 22;

function Drawing({ picture, width }: { picture: LanePicture; width: number }) {
  const { bar, wait, outline, steps, lane, earlier } = picture;
  const top = 1;
  return (
    <svg className={styles.drawing} width={width} height={barHeight + 2} aria-hidden="true">
      <rect className={styles.groove} x="0" y={top} width={width} height={barHeight} rx="5" />
      {wait && (
        <line
          className={bar === null ? styles.waits : styles.waited}
          x1={wait.x + 1}
          x2={wait.x + wait.width - 2}
          y1={top + barHeight / 2}
          y2={top + barHeight / 2}
        />
      )}
      {outline && (
        <rect
          className={styles.outline}
          x={outline.x + 0.5}
          y={top + 1.5}
          width={Math.max(1, outline.width - 1)}
          height={barHeight - 3}
          rx="5"
        />
      )}
      {bar && (
        <g className={classNames(styles.bar, styles[bar.kind], earlier && styles.earlier)}>
          <rect
            x={bar.x + 0.5}
            y={top + 0.5}
            width={Math.max(1, bar.width - 1)}
            height={barHeight - 1}
            rx={Math.min(4.5, bar.width / 2)}
          />
          {bar.kind === 'failed' && bar.width > 18 && (
            <path className={styles.mark} d={`M${bar.x + 6} ${top + 6}l7 7m0 -7l-7 7`} />
          )}
          <text x={bar.x + (bar.kind === 'failed' ? 18 : 7)} y={top + 13.5}>
            {fitWords(inside(lane), bar.width - (bar.kind === 'failed' ? 24 : 14))}
          </text>
        </g>
      )}
      {bar && <Steps steps={steps} bar={bar} y={top + barHeight - 5} />}
    </svg>
  );
}

/** The steps as a strip at the bottom of the bar, kept inside of it. */
function Steps({
  steps,
  bar,
  y,
}: {
  steps: LanePicture['steps'];
  bar: { x: number; width: number };
  y: number;
}) {
  const right = bar.x + bar.width - 2;
  return steps.map((step) => {
    const x = Math.max(bar.x + 2, step.x);
    const width = Math.min(right, step.x + step.width - 1) - x;
    if (width < 1) return null;
    return (
      <rect
        key={step.number}
        className={classNames(styles.step, styles[step.kind])}
        {...{ x, y, width }}
        height="3"
        rx="1"
      />
    );
  });
}

/** What stands in a bar: the step that runs or that failed. */
function inside(lane: JobLane): string {
  if (lane.kind === 'group') return '';
  const { steps, status } = lane.job;
  if (status === 'in_progress') return steps.find((step) => step.status === 'in_progress')?.name ?? '';
  return steps.find(({ conclusion }) => conclusion === 'failure')?.name ?? '';
}
