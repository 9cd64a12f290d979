/** One pool in the list: its promise, how full it is, what it does now and why, and what can be done. */
import { Ellipsis } from 'lucide-react';
import { useState } from 'react';
import type { Pool } from '../../../shared/model.ts';
import { IconButton } from '../../components/button.tsx';
import { Menu } from '../../components/menu.tsx';
import { Label, Pill } from '../../components/pill.tsx';
import { useBoard, useBoardList } from '../../store/session.ts';
import { HoldNote } from './hold-note.tsx';
import { occupancySentence } from './occupancy.ts';
import { OccupancyPicture } from './occupancy-picture.tsx';
import { PoolButtons } from './pool-buttons.tsx';
import { occupancyAmong } from './pool-headline.ts';
import { editAction, exportAction, removeAction } from './pool-menu.ts';
import { poolPath } from './pool-path.ts';
import { lifeLine, neighbourPhrases } from './pool-words.ts';
import styles from './pools.module.css';
import { RemovePoolDialog } from './remove-pool-dialog.tsx';

export function PoolRow({ pool }: { pool: Pool }) {
  const [removing, setRemoving] = useState(false);
  const state = useBoard((board) => board.poolStates[pool.id]);
  const repository = useBoard((board) => board.repositories[pool.repositoryId]);
  const runners = useBoardList((board) =>
    Object.values(board.runners).filter(({ poolId }) => poolId === pool.id),
  );
  const occupancy = occupancyAmong(pool, runners);
  return (
    <li className={styles.row}>
      <div className={styles.words}>
        <p className={styles.name}>
          <a href={`#${poolPath(pool.id)}`}>{pool.name}</a>
          {pool.paused && (
            <Pill tone="wait" shape="ring">
              Paused
            </Pill>
          )}
          <span className={styles.where}>for {repository?.fullName ?? 'a repository that is gone'}</span>
        </p>
        <p className={styles.quiet}>{[lifeLine(pool), ...neighbourPhrases(pool.neighbour)].join(' · ')}</p>
        {pool.labels.length > 0 && (
          <p className={styles.labels}>
            {pool.labels.map((label) => (
              <Label key={label}>{label}</Label>
            ))}
          </p>
        )}
      </div>
      <div className={styles.now}>
        <OccupancyPicture occupancy={occupancy} />
        <p>{occupancySentence(pool, occupancy, state)}</p>
        {state && <p className={styles.quiet}>{state.cause}</p>}
      </div>
      <div className={styles.actions}>
        <PoolButtons pool={pool} occupancy={occupancy} />
        <Menu
          trigger={<IconButton icon={Ellipsis} label={`More for ${pool.name}`} size="small" />}
          actions={[editAction(pool), exportAction(pool), removeAction(() => setRemoving(true))]}
        />
      </div>
      <HoldNote className={styles.hold} pool={pool} state={state} />
      {removing && <RemovePoolDialog pool={pool} onClose={() => setRemoving(false)} />}
    </li>
  );
}
