/** `#/pools/:id`: one pool: what it does now and why, its runners, and how it lives. */
import { ChevronLeft, Ellipsis, Layers } from 'lucide-react';
import { useState } from 'react';
import type { Pool } from '../../../shared/model.ts';
import { ButtonLink, IconButton } from '../../components/button.tsx';
import { Card } from '../../components/card.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { Menu } from '../../components/menu.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { Label } from '../../components/pill.tsx';
import { navigate } from '../../router.ts';
import { useBoard, useBoardList } from '../../store/session.ts';
import { PoolButtons } from './pool-buttons.tsx';
import { PoolClauses } from './pool-clauses.tsx';
import { PoolForm } from './pool-form.tsx';
import { occupancyAmong, poolHeadline } from './pool-headline.ts';
import { exportAction, removeAction } from './pool-menu.ts';
import { PoolNow } from './pool-now.tsx';
import styles from './pool-screen.module.css';
import { RemovePoolDialog } from './remove-pool-dialog.tsx';

export function PoolScreen({ poolId }: { poolId: string }) {
  const pool = useBoard((board) => board.pools[poolId]);
  return pool === undefined ? <GonePool /> : <KnownPool pool={pool} />;
}

function KnownPool({ pool }: { pool: Pool }) {
  const [removing, setRemoving] = useState(false);
  const state = useBoard((board) => board.poolStates[pool.id]);
  const runners = useBoardList((board) =>
    Object.values(board.runners).filter(({ poolId }) => poolId === pool.id),
  );
  const occupancy = occupancyAmong(pool, runners);
  return (
    <>
      <PageHeader
        before={
          <a className={styles.back} href="#/pools">
            <ChevronLeft aria-hidden="true" />
            Pools
          </a>
        }
        documentTitle={pool.name}
        title={<PoolClauses clauses={poolHeadline(pool, state, occupancy)} />}
        sub={<SubLine pool={pool} />}
        actions={
          <>
            <PoolButtons pool={pool} occupancy={occupancy} size="medium" />
            <Menu
              trigger={<IconButton icon={Ellipsis} label={`More for ${pool.name}`} />}
              actions={[exportAction(pool), removeAction(() => setRemoving(true))]}
            />
          </>
        }
      />
      <div className={styles.stack}>
        <PoolNow pool={pool} state={state} runners={runners} occupancy={occupancy} />
        <PoolForm key={pool.id} pool={pool} runners={runners} />
      </div>
      {removing && (
        <RemovePoolDialog
          pool={pool}
          onRemoved={() => navigate('/pools')}
          onClose={() => setRemoving(false)}
        />
      )}
    </>
  );
}

function SubLine({ pool }: { pool: Pool }) {
  const repository = useBoard((board) => board.repositories[pool.repositoryId]);
  return (
    <span className={styles.sub}>
      <span>
        for{' '}
        {repository === undefined ? (
          'a repository that is gone'
        ) : (
          <a href={repository.webUrl} target="_blank" rel="noreferrer">
            {repository.fullName}
          </a>
        )}
      </span>
      {pool.labels.map((label) => (
        <Label key={label}>{label}</Label>
      ))}
    </span>
  );
}

function GonePool() {
  return (
    <>
      <PageHeader title="This pool is gone" documentTitle="Pool" />
      <Card>
        <EmptyState
          icon={Layers}
          title="It was removed, or it never existed"
          action={<ButtonLink href="#/pools">See the pools</ButtonLink>}
        />
      </Card>
    </>
  );
}
