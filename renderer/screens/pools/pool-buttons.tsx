/** The actions of a pool that are used most. A paused one is resumed beside the words that it is paused. */
import { Pause, Plus } from 'lucide-react';
import { useState } from 'react';
import type { Pool } from '../../../shared/model.ts';
import { Button, type ButtonSize } from '../../components/button.tsx';
import type { Occupancy } from './occupancy.ts';
import { usePoolActions, whyNotOneMore } from './use-pool-actions.ts';

export function PoolButtons({
  pool,
  occupancy,
  size = 'small',
}: {
  pool: Pool;
  occupancy: Occupancy;
  size?: ButtonSize;
}) {
  const actions = usePoolActions();
  const [working, setWorking] = useState<'pause' | 'start' | null>(null);
  const refusal = whyNotOneMore(pool, occupancy);
  const act = async (which: 'pause' | 'start', work: () => Promise<boolean>): Promise<void> => {
    setWorking(which);
    await work();
    setWorking(null);
  };
  return (
    <>
      <Button
        size={size}
        icon={Plus}
        busy={working === 'start'}
        disabled={refusal !== null}
        title={refusal ?? undefined}
        onClick={() => void act('start', () => actions.startOne(pool))}
      >
        Start one more<span className="visually-hidden"> of {pool.name}</span>
      </Button>
      {!pool.paused && (
        <Button
          size={size}
          icon={Pause}
          busy={working === 'pause'}
          onClick={() => void act('pause', () => actions.pause(pool))}
        >
          Pause<span className="visually-hidden"> {pool.name}</span>
        </Button>
      )}
    </>
  );
}
