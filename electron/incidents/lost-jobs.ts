/** Jobs that their runners brought down, as causes: one for each way it came about in each pool. */
import type { Board } from '../../shared/board.ts';
import { formatCount } from '../../shared/format.ts';
import type { Shift } from '../../shared/model.ts';
import { type Cause, cause, keyOf } from './cause.ts';

/** A job that was asked to run again and did not show up here by then runs elsewhere. */
const elsewhereMs = 30 * 60_000;
/** Nobody mends it any more after that. */
const pastMs = 6 * 3_600_000;

/** What became of a lost job: the next of its name in its repository. */
function successorOf(lost: Shift, shifts: readonly Shift[]): Shift | null {
  const later = shifts.filter(
    ({ repositoryId, jobName, startedAt }) =>
      repositoryId === lost.repositoryId && jobName === lost.jobName && startedAt > (lost.endedAt ?? 0),
  );
  return later.toSorted((one, other) => one.startedAt - other.startedAt)[0] ?? null;
}

function isOver({ endedAt, verdict }: Shift, successor: Shift | null, now: number): boolean {
  if (successor) return successor.endedAt !== null;
  const rerun = verdict?.rerun;
  const isElsewhere = rerun?.status === 'asked' && now - rerun.at >= elsewhereMs;
  return isElsewhere || now - (endedAt ?? now) >= pastMs;
}

function lostCause(key: string, lost: readonly Shift[], poolId: string | null): Cause[] {
  const [last] = lost.toSorted((one, other) => (other.endedAt ?? 0) - (one.endedAt ?? 0));
  if (!last?.verdict) return [];
  const { verdict, repositoryId, runnerId, runnerName, jobName, url } = last;
  const isOne = lost.length === 1;
  const again = verdict.rerun ? ` ${verdict.rerun.sentence}` : '';
  return [
    cause({
      key,
      kind: 'lost-job',
      title: isOne
        ? `The job ${jobName} was lost on ${runnerName}`
        : `${formatCount(lost.length, 'job')} were lost, the last on ${runnerName}`,
      sentence: `${verdict.sentence}${again}`,
      since: Math.min(...lost.map(({ endedAt, startedAt }) => endedAt ?? startedAt)),
      isSure: true,
      jobs: lost.length,
      repositoryId,
      poolId,
      runnerId,
      repairs: url === null ? [] : [{ kind: 'open-page', title: 'Open the job on GitHub', url }],
    }),
  ];
}

const keyOfLost = ({ repositoryId, verdict }: Shift, poolId: string | null): string =>
  keyOf('lost-job', repositoryId, poolId ?? '', verdict?.cause ?? '');

const poolOf = ({ runnerId }: Shift, { runners }: Pick<Board, 'runners'>): string | null =>
  runners[runnerId]?.poolId ?? null;

/** Lost jobs whose fate is open: not run again to an end, and not long past. A cancelled job is its person's doing. */
export function lostJobCauses(board: Pick<Board, 'shifts' | 'runners'>, now: number): Cause[] {
  const shifts = Object.values(board.shifts);
  const open = shifts.filter(
    (shift) =>
      shift.verdict !== null &&
      shift.verdict.cause !== 'cancelled-here' &&
      shift.endedAt !== null &&
      !isOver(shift, successorOf(shift, shifts), now),
  );
  const alike = Map.groupBy(open, (shift) => keyOfLost(shift, poolOf(shift, board)));
  return [...alike].flatMap(([key, lost]) => {
    const [first] = lost;
    return first ? lostCause(key, lost, poolOf(first, board)) : [];
  });
}

/** How it ended for the lost jobs of a cause. */
export function lostJobEnding(key: string, board: Pick<Board, 'shifts' | 'runners'>): string {
  const shifts = Object.values(board.shifts);
  const [last] = shifts
    .filter((shift) => shift.verdict !== null && keyOfLost(shift, poolOf(shift, board)) === key)
    .toSorted((one, other) => (other.endedAt ?? 0) - (one.endedAt ?? 0));
  const successor = last && successorOf(last, shifts);
  if (!last) return 'It is long past.';
  if (!successor) {
    return last.verdict?.rerun?.status === 'asked'
      ? `GitHub was told to run ${last.jobName} again; it runs on another machine.`
      : `${last.jobName} was not run again.`;
  }
  const isGood = successor.result === 'Succeeded' || successor.result === 'SucceededWithIssues';
  return `${last.jobName} was run again on ${successor.runnerName} and ${isGood ? 'succeeded' : 'did not succeed'}.`;
}
