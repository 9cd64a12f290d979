/** A policy as a picture: three jobs queue (the ticks), and these runners come, work, wait and go. */
import type { Scaling } from '../../../shared/model.ts';
import { pictureMinutes, policyLanes, queuedAtMinute, queuedJobs } from './policy-lanes.ts';
import styles from './policy-picture.module.css';

const width = 180;
const laneHeight = 7;
const laneGap = 4;
const queueHeight = 12;
const mostLanes = 4;
const height = queueHeight + mostLanes * (laneHeight + laneGap);

const x = (minute: number): number => (minute / pictureMinutes) * width;

/** Decorative: the sentence beside it says the same. */
export function PolicyPicture({ policy }: { policy: Scaling['policy'] }) {
  return (
    <svg className={styles.picture} viewBox={`0 0 ${width} ${height}`} aria-hidden="true">
      {Array.from({ length: queuedJobs }, (_, index) => (
        <rect
          // biome-ignore lint/suspicious/noArrayIndexKey: the jobs are alike
          key={index}
          className={styles.job}
          x={x(queuedAtMinute) + index * 7}
          y={1}
          width={5}
          height={6}
          rx={1.5}
        />
      ))}
      {policyLanes(policy).map((spans, lane) => {
        const y = queueHeight + lane * (laneHeight + laneGap);
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: a lane is its place
          <g key={lane}>
            {spans.map(({ kind, from, to }) =>
              kind === 'busy' ? (
                <rect
                  key={from}
                  className={styles.busy}
                  x={x(from)}
                  y={y}
                  width={x(to) - x(from) - 1}
                  height={laneHeight}
                  rx={2}
                />
              ) : (
                <line
                  key={from}
                  className={styles.idle}
                  x1={x(from) + 2}
                  x2={x(to)}
                  y1={y + laneHeight / 2}
                  y2={y + laneHeight / 2}
                />
              ),
            )}
          </g>
        );
      })}
    </svg>
  );
}
