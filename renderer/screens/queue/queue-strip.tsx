/** The queue over time: a lane per cause; left of now how it grew, right of it who starts when. */
import { memo, useMemo } from 'react';
import { formatCount, formatDuration, formatHourMinute } from '../../../shared/format.ts';
import { Card } from '../../components/card.tsx';
import { classNames } from '../../components/class-names.ts';
import { StateShape } from '../../components/pill.tsx';
import { plainSentence } from '../../components/sentence-parts.ts';
import { useNow } from '../../store/now.ts';
import { fitWords } from '../overview/track-model.ts';
import { useWidth } from '../overview/use-width.ts';
import { queuePath } from './queue-filter.ts';
import styles from './queue-strip.module.css';
import { type Stairs, type StripScale, stairsOf, stairsPath, stripScale } from './strip-model.ts';
import { waitLook, waitTitle, waitTitles } from './wait-words.ts';
import { type Cause, needsPerson } from './waiting-jobs.ts';

/** More are found in the list below. */
const mostLanes = 6;
const laneHeight = 34;
const areaHeight = 24;
const mostFlags = 10;
const mostNamed = 4;

export function QueueStrip({ causes }: { causes: readonly Cause[] }) {
  const [body, width] = useWidth<HTMLDivElement>();
  const now = useNow(5000);
  const lanes = causes.slice(0, mostLanes);
  const layout = layOut(width);
  const scale = useMemo(() => {
    const jobs = lanes.flatMap((lane) => lane.jobs);
    const first = jobs.reduce((oldest, { queuedAt }) => Math.min(oldest, queuedAt), now);
    const last = jobs.reduce((latest, { estimate }) => Math.max(latest, estimate?.startsAt ?? now), now);
    return stripScale(now - first, last - now, layout.laneWidth);
  }, [lanes, now, layout.laneWidth]);
  const more = causes.length - lanes.length;
  return (
    <Card title="The line" note="how it grew, and who starts when, as far as that can be told">
      <div className={styles.body} ref={body}>
        {width > 0 && (
          <div className={styles.lanes}>
            <Grid scale={scale} left={layout.nameWidth} />
            {lanes.map((cause) => (
              <StripLane key={cause.key} cause={cause} scale={scale} nowMs={now} stacked={layout.stacked} />
            ))}
            <span className={styles.now} style={{ left: layout.nameWidth + scale.nowX }} aria-hidden="true" />
          </div>
        )}
        {width > 0 && <Axis scale={scale} left={layout.nameWidth} />}
        {more > 0 && <p className={styles.more}>{formatCount(more, 'more reason')} below.</p>}
      </div>
    </Card>
  );
}

function layOut(width: number): { stacked: boolean; nameWidth: number; laneWidth: number } {
  if (width < 640) return { stacked: true, nameWidth: 0, laneWidth: width };
  const nameWidth = 190;
  const wordsWidth = 150;
  return { stacked: false, nameWidth, laneWidth: width - nameWidth - wordsWidth };
}

interface StripLaneProps {
  cause: Cause;
  scale: StripScale;
  nowMs: number;
  stacked: boolean;
}

const StripLane = memo(function StripLane({ cause, scale, nowMs, stacked }: StripLaneProps) {
  const { wait, jobs } = cause;
  const { tone, shape } = waitLook(wait);
  const stairs = stairsOf(jobs, nowMs, scale);
  const title = plainSentence(waitTitle(wait, jobs.length));
  const missing = wait?.missing[0];
  return (
    <div className={stacked ? styles.stacked : styles.lane}>
      <a
        className={styles.name}
        href={`#${queuePath(wait === null ? {} : { waitId: wait.id })}`}
        title={title}
      >
        <span className={styles[tone]}>
          <StateShape shape={shape} size={9} />
        </span>
        <span className={styles.nameText}>
          {missing === undefined ? waitTitles[wait?.kind ?? 'unknown'] : 'Label '}
          {missing !== undefined && <code>{missing}</code>}
        </span>
        <span className={styles.count}>{jobs.length.toLocaleString('en')}</span>
      </a>
      <Drawing
        stairs={stairs}
        scale={scale}
        pressing={needsPerson(cause)}
        label={`${title}, ${aheadWords(stairs, nowMs, wait?.passes)}.`}
      />
      <span
        className={classNames(styles.ahead, stairs.nextAt === null && wait?.passes === false && styles.wait)}
      >
        {aheadWords(stairs, nowMs, wait?.passes)}
      </span>
    </div>
  );
});

/** What comes next: "next in 4 min", "not by itself". */
function aheadWords({ nextAt }: Stairs, nowMs: number, passes: boolean | undefined): string {
  if (nextAt !== null) {
    const leftMs = nextAt - nowMs;
    return leftMs < 5000 ? 'next any moment' : `next in ${formatDuration(Math.ceil(leftMs / 1000) * 1000)}`;
  }
  return passes === false ? 'not by itself' : 'start not known';
}

interface DrawingProps {
  stairs: Stairs;
  scale: StripScale;
  pressing: boolean;
  label: string;
}

function Drawing({ stairs, scale, pressing, label }: DrawingProps) {
  const { grown, ahead, starts, total } = stairs;
  const staying = ahead.at(-1)?.count ?? 0;
  const lastX = ahead.at(-1)?.x ?? scale.nowX;
  const moves = starts.length > 0;
  const stayingX = moves ? lastX : scale.nowX;
  const top = areaHeight * (1 - staying / total);
  // So many are a slope already.
  const flags = starts.length > mostFlags ? starts.slice(0, 1) : starts;
  return (
    <svg
      className={classNames(styles.drawing, pressing && styles.pressing)}
      width={scale.width}
      height={laneHeight}
      viewBox={`0 -5 ${scale.width} ${laneHeight}`}
      role="img"
      aria-label={label}
    >
      <path className={styles.grown} d={stairsPath(grown, scale.nowX, total, areaHeight)} />
      {moves && <path className={styles.starting} d={stairsPath(ahead, lastX, total, areaHeight)} />}
      {staying > 0 && (
        <>
          <path
            className={styles.staying}
            d={stairsPath([{ x: stayingX, count: staying }], scale.width, total, areaHeight)}
          />
          <line className={styles.edge} x1={stayingX} x2={scale.width} y1={top} y2={top} />
        </>
      )}
      {flags.map(({ x, atMs, names }, index) => (
        <g key={`${atMs} ${names[0]}`}>
          <title>{`${formatHourMinute(atMs)}: ${startTitle(names)}`}</title>
          <path className={styles.start} d={`M${x} -4v9m0 -9l6 3.2l-6 3.2z`} />
          <text className={styles.word} x={x + 9} y={4}>
            {flags.length <= mostNamed &&
              fitWords(startTitle(names), (flags[index + 1]?.x ?? scale.width) - x - 14, 6)}
          </text>
        </g>
      ))}
    </svg>
  );
}

function startTitle(names: readonly string[]): string {
  const [first = ''] = names;
  return names.length === 1 ? first : formatCount(names.length, 'job');
}

function Grid({ scale, left }: { scale: StripScale; left: number }) {
  return (
    <svg className={styles.grid} style={{ left, width: scale.width }} aria-hidden="true">
      {scale.ticks.map(({ x }) => (
        <line
          key={x}
          className={styles.hairline}
          x1={Math.round(x) + 0.5}
          x2={Math.round(x) + 0.5}
          y1="0"
          y2="100%"
        />
      ))}
    </svg>
  );
}

function Axis({ scale, left }: { scale: StripScale; left: number }) {
  return (
    <div className={styles.axis} style={{ marginLeft: left, width: scale.width }} aria-hidden="true">
      {scale.ticks.map(({ x, words }) => (
        <span key={x} style={{ left: x }}>
          {words}
        </span>
      ))}
      <span className={styles.nowWord} style={{ left: scale.nowX }}>
        now
      </span>
    </div>
  );
}
