/** Why a pool is held back, with what mends it beside the reason. */
import { repairsOfHold } from '../../../shared/hold-repairs.ts';
import type { Pool, PoolState } from '../../../shared/model.ts';
import { ProblemNote } from '../../components/problem-note.tsx';
import { RepairButtons } from '../queue/repair-buttons.tsx';

export function HoldNote({
  pool,
  state,
  className,
}: {
  pool: Pool;
  state: PoolState | undefined;
  className?: string;
}) {
  // A pause is on the board at once; what the engine makes of it follows.
  const hold = state?.hold ?? (pool.paused ? pausedHold : null);
  if (hold === null) return null;
  const repairs = repairsOfHold(hold, pool, state?.demand ?? 0);
  return (
    <ProblemNote
      className={className}
      tone="wait"
      problem={{ message: hold.sentence, remedy: null }}
      action={repairs.length > 0 && <RepairButtons repairs={repairs} subject={pool.name} />}
    />
  );
}

const pausedHold = { kind: 'paused', sentence: 'The pool is paused: it takes no new jobs.' } as const;
