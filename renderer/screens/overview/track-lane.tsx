/** One runner's lane: of one that is there, or of one that left. */
import { memo } from 'react';
import { formatAgo, formatCount } from '../../../shared/format.ts';
import type { Runner } from '../../../shared/model.ts';
import { classNames } from '../../components/class-names.ts';
import { StateShape, type Tone } from '../../components/pill.tsx';
import { runnerLook } from '../../components/runner-state.ts';
import tones from '../../components/tone.module.css';
import { useNow } from '../../store/now.ts';
import styles from './track.module.css';
import { aheadOf } from './track-ahead.ts';
import type { ShownBar } from './track-details.tsx';
import type { Lane } from './track-lanes.ts';
import type { TrackLayout } from './track-layout.ts';
import { type Bar, describeBar, fitWords, layBars, type Zoom } from './track-model.ts';
import { useExpectedDuration } from './use-expected-duration.ts';

interface TrackLaneProps {
  lane: Lane;
  zoom: Zoom;
  layout: TrackLayout;
  onShow: (shown: ShownBar | null) => void;
}

export const TrackLane = memo(function TrackLane(props: TrackLaneProps) {
  const { lane, layout } = props;
  const columns = layout.stacked
    ? undefined
    : {
        gridTemplateColumns: `${layout.nameWidth}px ${layout.laneWidth}px minmax(0, 1fr)`,
        height: layout.laneHeight,
      };
  return (
    <div
      className={classNames(
        layout.stacked ? styles.stacked : styles.lane,
        lane.runner === null && styles.gone,
      )}
      style={columns}
      data-lane={lane.key}
    >
      {lane.runner === null ? <GoneName lane={lane} /> : <LaneName runner={lane.runner} />}
      <LaneDrawing {...props} />
      {lane.runner === null ? (
        <GoneWords leftAt={lane.leftAt} />
      ) : (
        <AheadWords runner={lane.runner} thin={layout.laneHeight < 28} />
      )}
    </div>
  );
});

function LaneName({ runner }: { runner: Runner }) {
  const look = runnerLook(runner);
  return (
    <a className={styles.name} href={`#/runners/${encodeURIComponent(runner.id)}`} title={runner.name}>
      <span className={tones[look.tone]}>
        <StateShape shape={look.shape} size={9} />
      </span>
      <span className={styles.nameText}>{runner.name}</span>
    </a>
  );
}

/** One that left has no page any more; its history is still there. */
function GoneName({ lane }: { lane: Lane }) {
  return (
    <a className={styles.name} href={historyHref(lane.key)} title={`${lane.name} left`}>
      <span className={tones.off}>
        <StateShape shape="dashed" size={9} />
      </span>
      <span className={styles.nameText}>{lane.name}</span>
    </a>
  );
}

const historyHref = (runnerId: string): string => `#/history?runner=${encodeURIComponent(runnerId)}`;

function LaneDrawing({ lane, zoom, layout, onShow }: TrackLaneProps) {
  const now = useNow();
  const { laneWidth, laneHeight, stacked } = layout;
  const height = stacked ? 26 : laneHeight;
  const inset = stacked ? 2 : laneHeight < 28 ? 3 : 6;
  const bars = layBars(lane.shifts, { fromMs: now - zoom.spanMs, nowMs: now }, laneWidth);
  const barHeight = height - 2 * inset;
  const end =
    lane.leftAt === null ? laneWidth : ((lane.leftAt - now + zoom.spanMs) / zoom.spanMs) * laneWidth;
  return (
    // biome-ignore lint/a11y/noSvgWithoutTitle: each bar in it is a link with a name of its own
    <svg className={styles.drawing} width={laneWidth + 2} height={height}>
      <rect className={styles.groove} x="0" y={inset} width={Math.max(0, end)} height={barHeight} rx="5" />
      {bars.map((bar) => (
        <BarShape key={bar.key} {...{ bar, lane, inset, barHeight, onShow, now }} />
      ))}
    </svg>
  );
}

interface BarShapeProps {
  bar: Bar;
  lane: Lane;
  inset: number;
  barHeight: number;
  onShow: (shown: ShownBar | null) => void;
  now: number;
}

function BarShape({ bar, lane, inset, barHeight, onShow, now }: BarShapeProps) {
  const { kind, x, width, shifts } = bar;
  const show = (target: Element): void =>
    onShow({ bar, runnerName: lane.name, at: target.getBoundingClientRect() });
  const words = shifts.length === 1 ? (shifts[0]?.jobName ?? '') : formatCount(shifts.length, 'job');
  const mark = kind in marks ? 14 : 0;
  const middle = inset + barHeight / 2;
  return (
    <a
      className={classNames(styles.bar, styles[kind])}
      href={barHref(lane, bar)}
      aria-label={`${words} on ${lane.name}: ${describeBar(bar, now)}`}
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

function barHref({ runner, key }: Lane, { kind }: Bar): string {
  if (runner === null) return historyHref(key);
  return `#/runners/${encodeURIComponent(runner.id)}${kind === 'running' ? '?log=job' : ''}`;
}

/** A cross for what failed, a broken line for what was lost, a stroke for what was cancelled: not by colour alone. */
const marks: Partial<Record<Bar['kind'], string>> = {
  failed: 'm0 -3.5l7 7m0 -7l-7 7',
  lost: 'm-.5 1.5h2.5l1.5 -5l2 7l1.5 -2h1.5',
  cancelled: 'h7',
};

function Mark({ kind, x, y }: { kind: Bar['kind']; x: number; y: number }) {
  return <path className={styles.mark} d={`M${x} ${y}${marks[kind] ?? ''}`} />;
}

function AheadWords({ runner, thin }: { runner: Runner; thin: boolean }) {
  const now = useNow();
  const expected = useExpectedDuration(runner.job?.name ?? null, runner.repositoryId);
  const { look, words, more, share, stay } = aheadOf(runner, now, expected);
  return (
    <div className={styles.ahead}>
      {runner.state === 'idle' && <Dots stay={stay} tone={look.tone} />}
      <span className={styles.aheadText}>
        <span className={classNames(styles.aheadWords, tones[look.tone])}>{words}</span>
        {more && <span className={styles.more}> {more}</span>}
        {share !== null && !thin && (
          <span className={classNames(styles.share, tones[look.tone])} aria-hidden="true">
            <span style={{ width: `${share * 100}%` }} />
          </span>
        )}
      </span>
    </div>
  );
}

const longestDotsPx = 49;
const dotPx = 7;

/** The way an idle runner still has before it leaves; one that stays has a way without an end. */
function Dots({ stay, tone }: { stay: number | null; tone: Tone }) {
  const width = stay === null ? 28 : Math.max(dotPx, Math.ceil((stay * longestDotsPx) / dotPx) * dotPx);
  return (
    <span
      className={classNames(styles.dots, tones[tone], stay === null && styles.endless)}
      style={{ width }}
      aria-hidden="true"
    />
  );
}

function GoneWords({ leftAt }: { leftAt: number | null }) {
  const now = useNow(10_000);
  return (
    <div className={styles.ahead}>
      <span className={styles.more}>left{leftAt === null ? '' : ` ${formatAgo(now - leftAt)}`}</span>
    </div>
  );
}
