/** `#/pools`: what each pool promises, how full it is, and what holds it back. */
import { Download, Layers, Plus, Upload } from 'lucide-react';
import { useMemo } from 'react';
import { Button, ButtonLink } from '../../components/button.tsx';
import { Card } from '../../components/card.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { openDialog } from '../../store/dialogs.ts';
import { useBoard } from '../../store/session.ts';
import { PoolClauses } from './pool-clauses.tsx';
import { poolsHeadline } from './pool-headline.ts';
import { PoolRow } from './pool-row.tsx';
import styles from './pools.module.css';

const importPools = (): void => openDialog({ kind: 'import-pools' });

export function PoolsScreen() {
  const table = useBoard((board) => board.pools);
  const states = useBoard((board) => board.poolStates);
  const runners = useBoard((board) => board.runners);
  const pools = useMemo(
    () => Object.values(table).sort((a, b) => a.createdAt - b.createdAt || a.id.localeCompare(b.id)),
    [table],
  );
  return (
    <>
      <PageHeader
        documentTitle="Pools"
        title={<PoolClauses clauses={poolsHeadline(pools, states, Object.values(runners))} />}
        sub="A pool is a promise: it has the runners that its jobs need, and no more."
        actions={
          pools.length > 0 && (
            <>
              <Button icon={Upload} onClick={importPools}>
                Import…
              </Button>
              <Button icon={Download} onClick={() => openDialog({ kind: 'export-pools', poolId: null })}>
                Export…
              </Button>
              <ButtonLink kind="primary" icon={Plus} href="#/deploy">
                New pool…
              </ButtonLink>
            </>
          )
        }
      />
      {pools.length === 0 ? (
        <NoPools />
      ) : (
        <Card>
          <ul className={styles.rows}>
            {pools.map((pool) => (
              <PoolRow key={pool.id} pool={pool} />
            ))}
          </ul>
        </Card>
      )}
    </>
  );
}

function NoPools() {
  const connected = useBoard((board) => Object.keys(board.repositories).length > 0);
  return (
    <Card>
      <EmptyState
        icon={Layers}
        title="A pool keeps runners ready for a repository"
        action={
          <>
            <ButtonLink kind="primary" size="large" icon={Plus} href={connected ? '#/deploy' : '#/connect'}>
              {connected ? 'New pool…' : 'Connect a repository'}
            </ButtonLink>
            {connected && (
              <Button size="large" icon={Upload} onClick={importPools}>
                Import…
              </Button>
            )}
          </>
        }
      >
        Say which labels, how large and how many at most. Runners come when jobs wait and leave when nothing
        is left to do.
      </EmptyState>
    </Card>
  );
}
