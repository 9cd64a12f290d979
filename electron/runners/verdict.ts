/** Why a job ended without having been run to its end: the runner's doing, told apart from a failed test. */
import type { Shift, Verdict } from '../../shared/model.ts';
import { describeBytes } from '../platform/disk.ts';

/** What is known of the end of a job. Where something could not be found out it is null, and speaks for nothing. */
export interface JobFacts {
  /** The listener's word; `Lost` when it ended before it could give one. */
  result: NonNullable<Shift['result']>;
  /** Somebody had the runner stopped here without waiting for the job. */
  stoppedHere: boolean;
  /** The listener was told to end while the job ran (it said "Exiting..."). */
  interrupted: boolean;
  /** The listener's end, when it ended with the job; null while it lives. */
  listenerEnd: { code: number | null } | null;
  /** The forge had forgotten the runner before the job's end. */
  deregistered: boolean;
  worker: WorkerFacts;
  /** Whether the host was restarted between the job's start and now. */
  hostRestarted: boolean;
  /** The kernel or a guard of the memory ended one of the runner's processes, by its number. */
  killedForMemory: boolean;
  /** Processes that were ended for memory in the runner's control group while the job ran, whosever they were. */
  memoryKills: number | null;
  /** Free on the runner's disk when the job ended. */
  freeBytes: number | null;
  /** How long the listener had lost the forge while the job ran, in all. */
  disconnectedMs: number;
  /** What the forge has concluded. */
  forgeConclusion: string | null;
}

/** What the diagnostic logs of listener and worker tell (JobDispatcher.cs, JobRunner.cs, ProcessInvoker.cs). */
export interface WorkerFacts {
  /** 100 + the result's number when it ended in order, 128 + the signal's when it was killed. */
  exitCode: number | null;
  /** The listener passed a cancellation on: from the forge, or because it was told to end itself. */
  cancelSent: boolean;
  /** Listener or worker met a full disk. */
  noSpace: boolean;
  /** The worker could not tell the forge how the job ended (JobRunner.cs tries five times, then crashes). */
  unreported: boolean;
}

/** How long the forge waits for a sign of life of a running job before it gives it up. */
export const jobLockMs = 10 * 60_000;
/** Less than this, and nothing that a runner does goes well. */
const noRoomBytes = 16 * 1024 ** 2;
/** A job that ended in order may have failed with some room left; with less than this the disk is the likelier cause. */
const noRoomAtAllBytes = 1024 ** 2;

type Cause = Verdict['cause'];
const innocent = 'the job itself did not fail.';

/** @returns null for every job that was run to its end, failed or not, and for those cancelled on the forge */
export function judge(facts: JobFacts): Verdict | null {
  const cause = causeOf(facts);
  return cause && { cause, sentence: sentenceFor(cause, facts), rerun: null };
}

/** Whether a job ended as it should. */
export function isGood(result: JobFacts['result']): boolean {
  return result === 'Succeeded' || result === 'SucceededWithIssues' || result === 'Skipped';
}

function causeOf(facts: JobFacts): Cause | null {
  const { result, stoppedHere, interrupted, forgeConclusion } = facts;
  const gaveUp = facts.disconnectedMs >= jobLockMs && forgeConclusion === 'failure';
  if (isGood(result)) return gaveUp ? 'connection-lost' : null;
  if (stoppedHere && (result !== 'Failed' || interrupted || hasCrashed(facts))) return 'cancelled-here';
  const wasCut = result === 'Lost' || interrupted;
  if (facts.hostRestarted && wasCut) return 'host-restarted';
  if (facts.deregistered && result !== 'Failed') return 'registration-deleted';
  if (forgeConclusion === 'cancelled') return null;
  if (isForMemory(facts)) return 'out-of-memory';
  if (isForDisk(facts)) return 'disk-full';
  if (facts.disconnectedMs >= jobLockMs && (result === 'Lost' || result === 'Abandoned' || gaveUp)) {
    return 'connection-lost';
  }
  if (hasCrashed(facts) && facts.worker.unreported) return 'connection-lost';
  if (wasCut) return 'listener-died';
  if (hasCrashed(facts)) return 'worker-died';
  // The forge takes a job back by giving it up or by a forced cancellation; only its own word tells them apart.
  return result === 'Abandoned' && forgeConclusion === 'failure' ? 'unknown' : null;
}

/** A worker that was cancelled and killed for taking too long has not crashed. */
function hasCrashed({ worker, result }: JobFacts): boolean {
  const { exitCode, cancelSent } = worker;
  return exitCode !== null && !(exitCode >= 100 && exitCode <= 105) && !cancelSent && result === 'Failed';
}

/** Whether processes of the runner died, rather than ended. */
function hasDied(facts: JobFacts): boolean {
  return facts.result === 'Lost' || hasCrashed(facts);
}

function isForMemory(facts: JobFacts): boolean {
  if (facts.killedForMemory) return !facts.worker.cancelSent || facts.result === 'Lost';
  // Others share the control group: a kill in it counts only for a runner that died of one.
  const code = facts.result === 'Lost' ? (facts.listenerEnd?.code ?? null) : facts.worker.exitCode;
  return hasDied(facts) && (code === 137 || code === null) && (facts.memoryKills ?? 0) > 0;
}

function isForDisk(facts: JobFacts): boolean {
  const hasFailed = facts.result === 'Failed';
  if (!hasDied(facts) && !hasFailed) return false;
  if (facts.worker.noSpace) return true;
  const least = hasDied(facts) ? noRoomBytes : noRoomAtAllBytes;
  return facts.freeBytes !== null && facts.freeBytes < least;
}

function sentenceFor(cause: Cause, facts: JobFacts): string {
  const { worker, listenerEnd, freeBytes } = facts;
  switch (cause) {
    case 'out-of-memory':
      return `This machine ran out of memory and ended a process of the job; ${innocent} Run fewer runners at once, or give the pool a larger size.`;
    case 'disk-full': {
      const free = freeBytes === null ? '' : ` (${describeBytes(freeBytes)} free)`;
      return `The runner’s disk was full${free}; ${innocent} Free some space on it.`;
    }
    case 'host-restarted':
      return `This machine was restarted while the job ran; ${innocent} Let jobs finish before the next restart.`;
    case 'registration-deleted':
      return `The runner’s registration was deleted on the forge while the job ran; ${innocent} Find out who deletes runners there.`;
    case 'connection-lost':
      if (worker.unreported)
        return `The runner could not reach the forge to tell it how the job ended; ${innocent} Check this machine’s network.`;
      return `The runner lost the forge for longer than the ten minutes after which a job is given up; ${innocent} Check this machine’s network.`;
    case 'worker-died':
      return `The job’s worker process ${endedBy(worker.exitCode)}; ${innocent} Look for whoever ends processes on this machine.`;
    case 'listener-died':
      return `The runner’s process ${facts.interrupted ? 'was told from outside to end' : endedBy(listenerEnd?.code ?? null)} while the job ran; ${innocent} Look for whoever ends processes on this machine.`;
    case 'cancelled-here':
      return 'The job was cancelled because its runner was stopped here without waiting for it. Run it again on the forge if it is still wanted.';
    case 'unknown':
      return 'The forge gave the job up while it ran here, and no reason can be found. Look at the runner’s log around that time.';
  }
}

const signals: Record<number, string> = { 6: 'SIGABRT', 9: 'SIGKILL', 11: 'SIGSEGV', 15: 'SIGTERM' };

function endedBy(code: number | null): string {
  if (code === null) return 'was ended from outside';
  if (code <= 128 || code > 192) return `ended with code ${code}`;
  return `was ended by ${signals[code - 128] ?? `signal ${code - 128}`}`;
}
