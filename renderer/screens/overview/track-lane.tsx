/** One runner's lane. */
import { memo } from 'react';
import { formatCount } from '../../../shared/format.ts';
import type { Runner, Shift } from '../../../shared/model.ts';
import { classNames } from '../../components/class-names.ts';
import { StateShape } from '../../components/pill.tsx';
import { runnerLook } from '../../components/runner-state.ts';
import { useNow } from '../../store/now.ts';
import styles from './track.module.css';
import type { ShownBar } from './track-details.tsx';
import type { TrackLayout } from './track-layout.ts';
import { type Ahead, aheadOf, type Bar, describeBar, fitWords, layBars, type Zoom } from './track-model.ts';
import { useExpectedDuration } from './use-expected-duration.ts';

interface TrackLaneProps {
  runner: Runner;
  /** Of this runner, oldest first. */
  shifts: Shift[];
  zoom: Zoom;
  layout: TrackLayout;
  onShow: (shown: ShownBar | null) => void;
}

export const TrackLane = memo(function TrackLane({ runner, shifts, zoom, layout, onShow }: TrackLaneProps) {
  const now = useNow();
  const expected = useExpectedDuration(runner.job?.name ?? null, runner.repositoryId);
  const ahead = aheadOf(runner, now, expected);
  const look = runnerLook(runner);
  const columns = layout.stacked
    ? undefined
    : {
        gridTemplateColumns: `${layout.nameWidth}px ${layout.laneWidth}px minmax(0, 1fr)`,
        height: layout.laneHeight,
      };
  return (
    <div className={layout.stacked ? styles.stacked : styles.lane} style={columns} data-lane={runner.id}>
      <a className={styles.name} href={`#/runners/${encodeURIComponent(runner.id)}`} title={runner.name}>
        <span className={styles[look.tone]}>
          <StateShape shape={look.shape} size={9} />
        </span>
        <span className={styles.nameText}>{runner.name}</span>
      </a>
      <LaneDrawing {...{ runner, shifts, zoom, layout, onShow, now }} />
      <AheadWords ahead={ahead} idle={runner.state === 'idle'} thin={layout.laneHeight < 28} />
    </div>
  );
});

function LaneDrawing({ runner, shifts, zoom, layout, onShow, now }: TrackLaneProps & { now: number }) {
  const { laneWidth, laneHeight, stacked } = layout;
  const height = stacked ? 26 : laneHeight;
  const inset = stacked ? 2 : laneHeight < 28 ? 3 : 6;
  const bars = layBars(shifts, { fromMs: now - zoom.spanMs, nowMs: now }, laneWidth);
  const barHeight = height - 2 * inset;
  return (
    // biome-ignore lint/a11y/noSvgWithoutTitle: each bar in it is a link with a name of its own
    <svg className={styles.drawing} width={laneWidth + 2} height={height}>
      <rect className={styles.groove} x="0" y={inset} width={laneWidth} height={barHeight} rx="5" />
      {bars.map((bar) => (
        <BarShape key={bar.key} {...{ bar, runner, inset, barHeight, onShow, now }} />
      ))}
    </svg>
  );
}

interface BarShapeProps {
  bar: Bar;
  runner: Runner;
  inset: number;
  barHeight: number;
  onShow: (shown: ShownBar | null) => void;
  now: number;
}

function BarShape({ bar, runner, inset, barHeight, onShow, now }: BarShapeProps) {
  const { kind, x, width, shifts } = bar;
  const show = (target: Element): void =>
    onShow({ bar, runnerName: runner.name, at: target.getBoundingClientRect() });
  const words = shifts.length === 1 ? (shifts[0]?.jobName ?? '') : formatCount(shifts.length, 'job');
  const mark = kind === 'failed' || kind === 'cancelled' ? 14 : 0;
  const middle = inset + barHeight / 2;
  return (
    <a
      className={classNames(styles.bar, styles[kind])}
      href={`#/runners/${encodeURIComponent(runner.id)}${kind === 'running' ? '?log=job' : ''}`}
      aria-label={`${words} on ${runner.name}: ${describeBar(bar, now)}`}
      tabIndex={-1}
      data-bar=""
      onPointerEnter={(event) => show(event.currentTarget)}
      onFocus={(event) => show(event.currentTarget)}
      onBlur={() => onShow(null)}
    >
      <rect
        x={x + 0.5}
        y={inset + 0.5}
        width={Math.max(1, width - 1)}
        height={barHeight - 1}
        rx={Math.min(4.5, width / 2)}
      />
      {kind === 'running' && (
        <rect className={styles.head} x={x + width - 3} y={inset} width="3" height={barHeight} rx="1.5" />
      )}
      {mark > 0 && width > 14 && <Mark kind={kind} x={x + 6} y={middle} />}
      {barHeight >= 18 && (
        <text x={x + 7 + mark} y={middle + 4}>
          {fitWords(words, width - 14 - mark)}
        </text>
      )}
    </a>
  );
}

/** A cross for what failed, a stroke for what was cancelled: the colour alone does not say it. */
function Mark({ kind, x, y }: { kind: Bar['kind']; x: number; y: number }) {
  const path = kind === 'failed' ? `M${x} ${y - 3.5}l7 7m0 -7l-7 7` : `M${x} ${y}h7`;
  return <path className={styles.mark} d={path} />;
}

function AheadWords({ ahead, idle, thin }: { ahead: Ahead; idle: boolean; thin: boolean }) {
  const { look, words, more, share } = ahead;
  return (
    <div className={styles.ahead}>
      {idle && <span className={styles.dots} aria-hidden="true" />}
      <span className={styles.aheadText}>
        <span className={classNames(styles.aheadWords, styles[look.tone])}>{words}</span>
        {more && <span className={styles.more}> {more}</span>}
        {share !== null && !thin && (
          <span className={classNames(styles.share, styles[look.tone])} aria-hidden="true">
            <span style={{ width: `${share * 100}%` }} />
          </span>
        )}
      </span>
    </div>
  );
}
