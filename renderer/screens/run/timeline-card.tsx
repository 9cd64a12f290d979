/** The jobs of a run as lanes on a time axis, in the order in which they depend on each other. */
import { useMemo, useState } from 'react';
import { formatCount, formatDuration } from '../../../shared/format.ts';
import type { RunDetail, RunJob } from '../../../shared/model.ts';
import { Card } from '../../components/card.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { useNow } from '../../store/now.ts';
import { useWidth } from '../overview/use-width.ts';
import { isActive } from '../runs/run-words.ts';
import { jobLanes } from './job-order.ts';
import { JobTable } from './job-table.tsx';
import styles from './timeline.module.css';
import { TimelineLane } from './timeline-lane.tsx';
import { layOutTimeline, type Timeline } from './timeline-layout.ts';

interface TimelineCardProps {
  detail: RunDetail;
  /** Key of the job that is opened. */
  opened: string | null;
  onOpen: (key: string | null) => void;
}

export function TimelineCard({ detail, opened, onOpen }: TimelineCardProps) {
  const { run, jobs } = detail;
  return (
    <Card title="Jobs" note={jobsInWords(jobs, opened !== null)}>
      {jobs.length === 0 ? (
        <EmptyState title={isActive(run) ? 'It has no jobs yet' : 'It had no jobs'}>
          {isActive(run)
            ? 'The forge makes them when the run begins.'
            : 'The forge ended it before it made any, for example because its file has an error.'}
        </EmptyState>
      ) : (
        <>
          <Lanes detail={detail} opened={opened} onOpen={onOpen} />
          <JobTable jobs={jobs} onOpen={onOpen} />
        </>
      )}
    </Card>
  );
}

function jobsInWords(jobs: readonly RunJob[], isOpen: boolean): string {
  const count = (fits: (job: RunJob) => boolean): number => jobs.filter(fits).length;
  const ended = count(({ status }) => status === 'completed');
  const running = count(({ status }) => status === 'in_progress');
  const failed = count(({ conclusion }) => conclusion === 'failure' || conclusion === 'timed_out');
  const waiting = count(({ status }) => status === 'queued' || status === 'waiting' || status === 'pending');
  return [
    ended === jobs.length ? formatCount(ended, 'job') : `${ended} of ${jobs.length} ended`,
    running > 0 ? `${running} running` : '',
    waiting > 0 ? `${waiting} waiting` : '',
    failed > 0 ? `${failed} failed` : '',
    ended > 0 && !isOpen ? 'choose one for its steps and its log' : '',
  ]
    .filter(Boolean)
    .join(' · ');
}

const nothingToggled: ReadonlySet<string> = new Set();
/** Below this width names stand above their lanes. */
const narrowPx = 600;

function Lanes({ detail, opened, onOpen }: TimelineCardProps) {
  const { run, jobs } = detail;
  const [body, width] = useWidth<HTMLDivElement>();
  const [toggled, setToggled] = useState(nothingToggled);
  const [pointed, setPointed] = useState<string | null>(null);
  const now = useNow(jobs.every(({ status }) => status === 'completed') ? 60_000 : 1000);
  const lanes = useMemo(() => jobLanes(jobs, toggled), [jobs, toggled]);
  const stacked = width < narrowPx;
  const sides = stacked ? { name: 0, words: 0 } : { name: Math.min(220, width * 0.24), words: 116 };
  const laneWidth = width - sides.name - sides.words;
  const timeline = useMemo(
    () =>
      layOutTimeline(
        lanes,
        { startedAt: run.startedAt, nowMs: now },
        { width: laneWidth, laneHeight: stacked ? 54 : 34, groupHeight: stacked ? 34 : 30 },
      ),
    [lanes, run.startedAt, now, laneWidth, stacked],
  );
  const toggle = (key: string): void =>
    setToggled(
      (before) => new Set(before.has(key) ? [...before].filter((one) => one !== key) : [...before, key]),
    );
  return (
    <div className={styles.body} ref={body}>
      {width > 0 && (
        <div className={styles.lanes} onPointerLeave={() => setPointed(null)}>
          <Behind
            timeline={timeline}
            left={sides.name}
            width={laneWidth}
            stacked={stacked}
            pointed={pointed ?? opened}
          />
          {timeline.lanes.map((picture) => (
            <TimelineLane
              key={picture.lane.key}
              picture={picture}
              now={now}
              layout={{ stacked, nameWidth: sides.name, laneWidth }}
              opened={picture.lane.key === opened}
              onPoint={setPointed}
              onPress={() => {
                if (picture.lane.kind === 'group') toggle(picture.lane.key);
                else onOpen(picture.lane.key === opened ? null : picture.lane.key);
              }}
            />
          ))}
          {timeline.nowX !== null && (
            <span className={styles.now} style={{ left: sides.name + timeline.nowX }} aria-hidden="true" />
          )}
        </div>
      )}
      {width > 0 && <Axis timeline={timeline} left={sides.name} width={laneWidth} />}
    </div>
  );
}

/** Hairlines of the time, and the lines from what is needed to what needs it. */
function Behind({
  timeline: { ticks, links, height },
  left,
  width,
  stacked,
  pointed,
}: {
  timeline: Timeline;
  left: number;
  width: number;
  stacked: boolean;
  pointed: string | null;
}) {
  const isNear = (link: Timeline['links'][number]): boolean => link.from === pointed || link.to === pointed;
  return (
    <svg className={styles.behind} style={{ left }} width={width} height={height} aria-hidden="true">
      {ticks.map(({ x, spanMs }) => (
        <line key={spanMs} className={styles.hairline} x1={x} x2={x} y1="0" y2="100%" />
      ))}
      {!stacked &&
        links.map((link) => (
          <path key={link.key} className={isNear(link) ? styles.linkNear : styles.link} d={link.path} />
        ))}
    </svg>
  );
}

function Axis({
  timeline: { ticks, nowX },
  left,
  width,
}: {
  timeline: Timeline;
  left: number;
  width: number;
}) {
  const nearNow = (x: number): boolean => nowX !== null && Math.abs(x - nowX) < 40;
  return (
    <div className={styles.axis} style={{ marginLeft: left, width }} aria-hidden="true">
      {ticks
        .filter(({ x }) => !nearNow(x) && x < width - 24)
        .map(({ x, spanMs }) => (
          <span key={spanMs} style={{ left: x }}>
            {formatDuration(spanMs)}
          </span>
        ))}
      {nowX !== null && (
        <span className={styles.nowWord} style={{ left: Math.min(nowX, width - 14) }}>
          now
        </span>
      )}
    </div>
  );
}
