/** Why a pool is held back, with what mends it beside the reason. */
import type { Pool, PoolState } from '../../../shared/model.ts';
import { Button, ButtonLink } from '../../components/button.tsx';
import { ProblemNote } from '../../components/problem-note.tsx';
import { type HoldRepair, repairOfHold } from './hold-repair.ts';
import { usePoolActions } from './use-pool-actions.ts';

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
  const repair = repairOfHold(hold, pool, state ?? { demand: 0 });
  return (
    <ProblemNote
      className={className}
      tone="wait"
      problem={{ message: hold.sentence, remedy: null }}
      action={repair && <HoldRepairButton pool={pool} repair={repair} />}
    />
  );
}

const pausedHold = { kind: 'paused', sentence: 'The pool is paused: it takes no new jobs.' } as const;

/** The one thing that mends it. */
function HoldRepairButton({ pool, repair }: { pool: Pool; repair: HoldRepair }) {
  const actions = usePoolActions();
  if (repair.kind === 'place') {
    return (
      <ButtonLink size="small" href={repair.href}>
        {repair.label}
      </ButtonLink>
    );
  }
  const mend = (): void => {
    if (repair.kind === 'raise') void actions.raise(pool, repair.maximum);
    else if (repair.kind === 'resume') void actions.resume(pool);
    else void actions.stay();
  };
  return (
    <Button size="small" onClick={mend}>
      {repair.label}
      <span className="visually-hidden"> {pool.name}</span>
    </Button>
  );
}
