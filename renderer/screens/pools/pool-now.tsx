/** What a pool does at the moment, why, what holds it back, and its runners. */
import { formatClock } from '../../../shared/format.ts';
import type { Pool, PoolState, Runner } from '../../../shared/model.ts';
import { Card, CardBody } from '../../components/card.tsx';
import { StateBadge } from '../../components/state-badge.tsx';
import { useNow } from '../../store/now.ts';
import { byName } from '../overview/track-model.ts';
import { HoldNote } from './hold-note.tsx';
import { type Occupancy, occupancySentence } from './occupancy.ts';
import { OccupancyPicture } from './occupancy-picture.tsx';
import styles from './pool-screen.module.css';

/** More are on the runners' own screen. */
const mostRunners = 12;

export function PoolNow({
  pool,
  state,
  runners,
  occupancy,
}: {
  pool: Pool;
  state: PoolState | undefined;
  runners: readonly Runner[];
  occupancy: Occupancy;
}) {
  const shown = byName(runners).slice(0, mostRunners);
  const more = runners.length - shown.length;
  const deploying = runners.some((runner) => runner.state === 'deploying');
  return (
    <Card title="Now" note={occupancySentence(pool, occupancy, state)}>
      <CardBody className={styles.now}>
        <OccupancyPicture occupancy={occupancy} large />
        {state && (
          <p>
            {state.cause}
            {state.nextAt !== null && <Until at={state.nextAt} />}
          </p>
        )}
        <HoldNote pool={pool} state={state} />
        {shown.length > 0 && (
          <ul className={styles.runners} aria-label="Runners of this pool">
            {shown.map((runner) => (
              <li key={runner.id}>
                <a href={`#/runners/${encodeURIComponent(runner.id)}`}>{runner.name}</a>
                <StateBadge runner={runner} />
              </li>
            ))}
          </ul>
        )}
        {(more > 0 || deploying) && (
          <p className={styles.links}>
            {more > 0 && <a href="#/runners">{more} more</a>}
            {deploying && <a href={`#/deploy/${encodeURIComponent(pool.id)}`}>Watch the deploy</a>}
          </p>
        )}
      </CardBody>
    </Card>
  );
}

/** Counts down to the next decision; nothing once it is due. */
function Until({ at }: { at: number }) {
  const leftMs = at - useNow();
  return leftMs <= 0 ? null : <span className="muted"> Decides anew in {formatClock(leftMs)}.</span>;
}
