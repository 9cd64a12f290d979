/**
 * Jobs that the forge gave to a runner which died before its listener could say so: nobody here has seen them begin, and
 * they are told as lost all the same.
 */
import type { Runner, Shift } from '../../shared/model.ts';
import type { BoardPublisher } from '../board.ts';
import type { ForgeJob } from '../forges/forge.ts';
import type { Clock } from '../platform/clock.ts';
import type { ShiftHistory } from './shifts.ts';

/** The listener stamps its lines with whole seconds, the forge with its own clock. */
const startToleranceMs = 60_000;

export interface UntoldJobs {
  /** Takes in the forge's answer: the queued and running jobs of one repository. */
  seen(repositoryId: string, jobs: readonly ForgeJob[]): void;
}

/** @param onLost told of the shift of such a job, with its verdict */
export function createUntoldJobs(options: {
  board: Pick<BoardPublisher, 'current'>;
  shifts: ShiftHistory;
  clock: Clock;
  onLost(shift: Shift): void;
}): UntoldJobs {
  const { board, shifts, clock, onLost } = options;

  const isTold = (runner: Runner, job: ForgeJob): boolean =>
    Object.values(board.current().shifts).some(
      (shift) =>
        shift.jobId === job.id ||
        (shift.runnerId === runner.id &&
          shift.jobName === job.name &&
          Math.abs(shift.startedAt - (job.startedAt ?? 0)) < startToleranceMs),
    );
  const tell = (runner: Runner, job: ForgeJob, startedAt: number): void => {
    const shift: Shift = {
      id: `${runner.id}:${startedAt}:${job.name}`,
      runnerId: runner.id,
      runnerName: runner.name,
      repositoryId: runner.repositoryId,
      jobName: job.name,
      startedAt,
      endedAt: clock.now(),
      result: 'Lost',
      jobId: job.id,
      url: job.url,
      verdict: {
        cause: 'listener-died',
        sentence:
          'The runner’s listener ended just as it was given the job; the job itself did not fail. Look for whoever ends processes on this machine.',
        rerun: null,
      },
    };
    shifts.put(shift);
    onLost(shift);
  };

  return {
    seen(repositoryId, jobs) {
      const running = jobs.filter(({ status }) => status === 'in_progress');
      if (running.length === 0) return;
      const dead = Object.values(board.current().runners).filter(
        (runner) => runner.repositoryId === repositoryId && runner.pid === null && runner.job === null,
      );
      for (const job of running) {
        const runner = dead.find(({ name }) => name === job.runnerName);
        if (runner && job.startedAt !== null && !isTold(runner, job)) tell(runner, job, job.startedAt);
      }
    },
  };
}
