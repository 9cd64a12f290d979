/** Gives each job that its runner brought down its verdict, and has it run again where its pool wants that. */
import type { Shift } from '../../shared/model.ts';
import type { Clock } from '../platform/clock.ts';
import type { Diagnosis } from './diagnostic-logs.ts';
import type { ShiftHistory } from './shifts.ts';
import { isGood, type JobFacts, jobLockMs, judge } from './verdict.ts';
import { createFactFinder, type JobEnd, type RunnerFolders } from './verdict-facts.ts';
import type { HostWitness } from './verdict-host.ts';

export interface Verdicts {
  /** Remembers how the host is at a job's beginning. Never rejects. @param pids of the runner's processes */
  begin(shift: Shift, folders: RunnerFolders, pids: readonly number[]): Promise<void>;
  /**
   * Closes the shift of a job that has ended, at once when it ended well, else with its verdict. A lost one is closed as
   * what its worker had made of it, where that can be found. Resolves when the runner's files are not needed any more;
   * never rejects.
   */
  end(end: JobEnd, folders: RunnerFolders): Promise<void>;
  /** Resolves when what is being judged is; nothing is written afterwards. */
  dispose(): Promise<void>;
}

/**
 * @param forgeConclusion what the forge has made of a shift's job; null while it has concluded nothing
 * @param onVerdict told of a shift that got one
 * @param onFault told of what went wrong in finding out; the shift stays without a verdict then
 */
export function createVerdicts(options: {
  shifts: ShiftHistory;
  witness: HostWitness;
  clock: Clock;
  forgeConclusion(shift: Shift): Promise<string | null>;
  onVerdict(shift: Shift): void;
  onFault(error: unknown): void;
}): Verdicts {
  const { shifts, witness, clock, forgeConclusion, onVerdict, onFault } = options;
  const finder = createFactFinder({ witness, clock });

  const underWay = new Set<Promise<void>>();
  let disposed = false;

  /** Writes the end and the verdict together: an engine that dies before leaves the job to the next one. */
  const close = (end: JobEnd, facts: JobFacts | null): void => {
    if (disposed) return;
    const { shift, endedAt, result } = end;
    const verdict = facts && judge(facts);
    const closed = { ...(shifts.get(shift.id) ?? shift), endedAt, result, verdict };
    shifts.put(closed);
    if (verdict) onVerdict(closed);
  };
  /** Some ends can be told apart by the forge alone: it is asked, and nobody waits for its answer. */
  const isForTheForge = ({ result, disconnectedMs }: JobEnd): boolean =>
    result === 'Abandoned' || disconnectedMs >= jobLockMs;
  const askForge = (end: JobEnd, facts: JobFacts): void => {
    void forgeConclusion(end.shift)
      .catch(() => null)
      .then((conclusion) => close(end, { ...facts, forgeConclusion: conclusion }))
      .catch(onFault);
  };

  const look = async (end: JobEnd, folders: RunnerFolders): Promise<void> => {
    try {
      const diagnosis = await finder.diagnose(folders, end);
      const reported = end.result === 'Lost' ? reportedResult(diagnosis) : null;
      if (reported) return close({ ...end, result: reported }, null);
      const facts = await finder.gather(folders, end, diagnosis);
      const isUndecided = isForTheForge(end);
      close(end, isUndecided ? null : facts);
      if (isUndecided) askForge(end, facts);
    } catch (error) {
      onFault(error);
      close(end, null);
    }
  };

  return {
    begin: (shift, folders, pids) => finder.mark(folders, shift.id, pids).catch(onFault),
    async end(end, folders) {
      if (isGood(end.result) && end.disconnectedMs < jobLockMs) return close(end, null);
      const work = look(end, folders).catch(onFault);
      underWay.add(work);
      await work;
      underWay.delete(work);
    },
    async dispose() {
      await Promise.all(underWay);
      disposed = true;
    },
  };
}

/** What a worker told the forge itself before its listener died; null when it was cut off with it. */
function reportedResult({ finished }: Diagnosis): Diagnosis['finished'] {
  return finished === 'Canceled' || finished === 'Abandoned' ? null : finished;
}
