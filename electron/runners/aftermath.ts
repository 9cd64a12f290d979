/** What follows a job that its runner brought down: a verdict, then another run of it. */
import type { Shift } from '../../shared/model.ts';
import type { BoardPublisher } from '../board.ts';
import type { Clock } from '../platform/clock.ts';
import type { ForgeRepository } from './deploy.ts';
import { createOrphanedShifts } from './orphaned-shifts.ts';
import { createReruns } from './rerun.ts';
import type { ShiftHistory } from './shifts.ts';
import { createUntoldJobs, type UntoldJobs } from './untold-jobs.ts';
import { createHostWitness } from './verdict-host.ts';
import { createVerdicts, type Verdicts } from './verdicts.ts';

export interface Aftermath {
  verdicts: Verdicts;
  /** Takes in the forge's answer: jobs of runners that died before they could tell of them, and runs that have ended. */
  jobsSeen: UntoldJobs['seen'];
  /** Takes up the re-runs that an earlier engine had planned, and jobs whose runner nobody knows any more. */
  resume(): void;
  dispose(): Promise<void>;
}

/** @param onFault told of what went wrong while a job's end was looked into */
export function createAftermath(options: {
  board: Pick<BoardPublisher, 'current'>;
  shifts: ShiftHistory;
  forgeOf(repositoryId: string): ForgeRepository;
  clock: Clock;
  onFault(error: unknown): void;
}): Aftermath {
  const { board, shifts, forgeOf, clock, onFault } = options;
  const reruns = createReruns({
    board,
    shifts,
    forgeOf,
    clock,
    isWanted(runnerId) {
      const { runners, pools } = board.current();
      return pools[runners[runnerId]?.poolId ?? '']?.rerunLost ?? false;
    },
  });
  const forgeConclusion = async (shift: Shift): Promise<string | null> => {
    const { repositoryId, runnerName, startedAt, jobName } = shift;
    const { forge, fullName } = forgeOf(repositoryId);
    const job = await forge.jobOnRunner(fullName, runnerName, startedAt, undefined, jobName);
    return job?.conclusion ?? null;
  };
  const verdicts = createVerdicts({
    ...{ shifts, clock, forgeConclusion, onFault },
    witness: createHostWitness(),
    onVerdict: reruns.consider,
  });
  const orphaned = createOrphanedShifts({ board, shifts, forgeOf, clock });
  const untold = createUntoldJobs({ board, shifts, clock, onLost: reruns.consider });
  return {
    verdicts,
    jobsSeen(repositoryId, jobs) {
      untold.seen(repositoryId, jobs);
      reruns.seen(repositoryId, jobs);
    },
    resume() {
      reruns.resume();
      orphaned.resume();
    },
    async dispose() {
      orphaned.dispose();
      reruns.dispose();
      await verdicts.dispose();
    },
  };
}
