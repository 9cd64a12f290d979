/** The track: a lane per runner with its last jobs, and right of now what is to come. */
import { useMemo, useState } from 'react';
import { VList } from 'virtua';
import type { Board } from '../../../shared/board.ts';
import { formatCount } from '../../../shared/format.ts';
import { Card } from '../../components/card.tsx';
import { Segmented } from '../../components/choice.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { engineClock } from '../../store/clock.ts';
import { useNow } from '../../store/now.ts';
import { useBoard, useBoardReader } from '../../store/session.ts';
import { GhostTrack } from './ghost-track.tsx';
import styles from './track.module.css';
import { NowLine, TrackAxis, TrackGrid } from './track-axis.tsx';
import { BarDetails, type ShownBar } from './track-details.tsx';
import { walkBars } from './track-keys.ts';
import { TrackLane } from './track-lane.tsx';
import { type Lane, lanesOf } from './track-lanes.ts';
import { layOutTrack, mostAtOnce } from './track-layout.ts';
import { type Zoom, zoomFor, zooms } from './track-model.ts';
import { TrackTable } from './track-table.tsx';
import { useWidth } from './use-width.ts';

const words: Record<Zoom['value'], string> = {
  '5': 'the last 5 minutes',
  '15': 'the last 15 minutes',
  '60': 'the last hour',
  '360': 'the last 6 hours',
};

export function Track() {
  const readBoard = useBoardReader();
  const [zoom, setZoom] = useState(() => fittingZoom(readBoard()));
  const table = useBoard((board) => board.runners);
  const shifts = useBoard((board) => board.shifts);
  const fromMs = useNow(laneStepMs) - zoom.spanMs;
  const { lanes, unshown } = useMemo(
    () => lanesOf(Object.values(table), shifts, fromMs),
    [table, shifts, fromMs],
  );
  return (
    <Card
      title="Track"
      note={`${words[zoom.value]}, and what comes next`}
      actions={
        <Segmented
          label="How far back"
          value={zoom.value}
          onChange={(value) => setZoom((before) => zooms.find((known) => known.value === value) ?? before)}
          choices={zooms}
        />
      }
    >
      {lanes.length === 0 ? <EmptyTrack /> : <TrackLanes lanes={lanes} unshown={unshown} zoom={zoom} />}
      <TrackTable shifts={shifts} zoom={zoom} />
    </Card>
  );
}

/** The lanes of runners that left are cleared away this often. */
const laneStepMs = 10_000;

/** Pools that manage themselves have lanes only while they have work. */
function EmptyTrack() {
  return (
    <EmptyState picture={<GhostTrack />} title="The track is free">
      A lane appears for each runner that starts, and stays in sight for as long as its jobs do.
    </EmptyState>
  );
}

/** What is known when the track is first shown decides its zoom; later it stays, so that nothing jumps. */
function fittingZoom(board: Pick<Board, 'shifts' | 'runners'> | null): Zoom {
  const starts = [
    ...Object.values(board?.shifts ?? {}).map(({ startedAt }) => startedAt),
    ...Object.values(board?.runners ?? {}).map(({ createdAt }) => createdAt),
  ];
  const first = starts.length === 0 ? null : starts.reduce((a, b) => Math.min(a, b));
  return zoomFor(first, engineClock.at(Date.now()));
}

function TrackLanes({ lanes, unshown, zoom }: { lanes: readonly Lane[]; unshown: number; zoom: Zoom }) {
  const [body, width] = useWidth<HTMLDivElement>();
  const [shown, setShown] = useState<ShownBar | null>(null);
  const layout = useMemo(() => layOutTrack(width, lanes.length), [width, lanes.length]);
  const windowed = lanes.length > mostAtOnce;
  const rows = lanes.map((lane) => (
    <TrackLane key={lane.key} lane={lane} zoom={zoom} layout={layout} onShow={setShown} />
  ));
  return (
    <div className={styles.body} ref={body}>
      <p className="visually-hidden">From a runner’s name, the arrow keys walk through its jobs.</p>
      {width > 0 && (
        // biome-ignore lint/a11y/noStaticElementInteractions: arrow keys walk through the bars, which are links
        <div
          className={styles.lanes}
          onKeyDown={(event) => {
            if (event.key === 'Escape') setShown(null);
            else walkBars(event);
          }}
          onPointerLeave={() => setShown(null)}
        >
          <TrackGrid layout={layout} zoom={zoom} />
          {windowed ? (
            <VList
              className={styles.window}
              itemSize={layout.laneHeight}
              style={{ height: layout.laneHeight * (layout.stacked ? 8 : 16) }}
              tabIndex={0}
              role="group"
              aria-label={`Lanes of ${formatCount(lanes.length, 'runner')}`}
              onScroll={() => setShown(null)}
            >
              {rows}
            </VList>
          ) : (
            rows
          )}
          <NowLine layout={layout} />
          {shown && <BarDetails shown={shown} width={width} />}
        </div>
      )}
      {width > 0 && <TrackAxis layout={layout} zoom={zoom} />}
      {unshown > 0 && (
        <p className={styles.unshown}>
          {formatCount(unshown, 'more runner')} had jobs in this time and left.{' '}
          <a href="#/history">History</a>
        </p>
      )}
    </div>
  );
}
