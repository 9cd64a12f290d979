/** The time behind and below the lanes. */
import styles from './track.module.css';
import type { TrackLayout } from './track-layout.ts';
import type { Zoom } from './track-model.ts';

function marks(zoom: Zoom): number[] {
  const count = Math.round(zoom.spanMs / zoom.gridMs);
  return Array.from({ length: count + 1 }, (_, index) => index / count);
}

/** Hairlines over the whole height. */
export function TrackGrid({ layout, zoom }: { layout: TrackLayout; zoom: Zoom }) {
  const { nameWidth, laneWidth } = layout;
  return (
    <svg className={styles.grid} style={{ left: nameWidth, width: laneWidth + 2 }} aria-hidden="true">
      {marks(zoom).map((share) => {
        const x = Math.round(share * laneWidth) + 0.5;
        return <line key={share} className={styles.hairline} x1={x} x2={x} y1="0" y2="100%" />;
      })}
    </svg>
  );
}

/** The line of now, above all lanes. */
export function NowLine({ layout }: { layout: TrackLayout }) {
  return (
    <span className={styles.now} style={{ left: layout.nameWidth + layout.laneWidth }} aria-hidden="true" />
  );
}

export function TrackAxis({ layout, zoom }: { layout: TrackLayout; zoom: Zoom }) {
  const { nameWidth, laneWidth } = layout;
  const every = laneWidth < 420 ? 2 : 1;
  const shown = marks(zoom).filter((_, index, all) => (all.length - 1 - index) % every === 0);
  return (
    <div className={styles.axis} style={{ marginLeft: nameWidth, width: laneWidth }} aria-hidden="true">
      {shown.map((share) => (
        <span
          key={share}
          className={share === 1 ? styles.nowWord : undefined}
          style={{ left: share * laneWidth }}
        >
          {share === 1 ? 'now' : agoWords(zoom.spanMs * (1 - share), zoom)}
        </span>
      ))}
    </div>
  );
}

function agoWords(spanMs: number, zoom: Zoom): string {
  const minutes = Math.round(spanMs / 60_000);
  return zoom.gridMs >= 3_600_000 ? `−${minutes / 60} h` : `−${minutes} min`;
}
