/** Turns what a listener says into shifts: the jobs that ran, how they ended, and why when its runner was to blame. */
import type { Shift } from '../../shared/model.ts';
import type { Clock } from '../platform/clock.ts';
import type { RunnerEntry } from './entry.ts';
import type { ListenerEvent } from './listener-lines.ts';
import type { ShiftHistory } from './shifts.ts';
import { isGood } from './verdict.ts';
import type { RunnerFolders } from './verdict-facts.ts';
import type { Verdicts } from './verdicts.ts';

export interface ShiftRecorder {
  /** Takes the next event in. Those that an earlier engine took in already change nothing. */
  take(event: ListenerEvent): void;
  /** The listener has ended: a job that still ran is lost. Resolves when all is judged and its files may go. */
  close(code: number | null): Promise<void>;
}

/**
 * @param folders null where the runner has no files any more
 * @param pids of the runner's living processes
 */
export function createShiftRecorder(options: {
  entry: Pick<RunnerEntry, 'id' | 'runner'>;
  folders: RunnerFolders | null;
  shifts: ShiftHistory;
  verdicts: Verdicts;
  clock: Clock;
  pids(): Promise<number[]>;
}): ShiftRecorder {
  const { entry, folders, shifts, verdicts, clock } = options;
  let lostForgeAt: number | null = null;
  let disconnectedMs = 0;
  let interrupted = false;
  let deregistered = false;
  let judging: Promise<void> = Promise.resolve();
  /** The job that began last, as far as its beginning was heard of. */
  let latestId: string | null = null;

  const reconnected = (at: number): void => {
    if (lostForgeAt !== null) disconnectedMs += Math.max(0, at - lostForgeAt);
    lostForgeAt = null;
  };

  /** Lines are stamped with whole seconds: the second short job of a name in one of them is another shift. */
  const begun = new Map<string, number>();
  const nextId = (stem: string): string => {
    const count = (begun.get(stem) ?? 0) + 1;
    begun.set(stem, count);
    return count === 1 ? stem : `${stem}:${count}`;
  };

  const begin = (name: string, at: number): void => {
    disconnectedMs = 0;
    if (lostForgeAt !== null) lostForgeAt = at;
    const runner = entry.runner();
    const id = nextId(`${runner.id}:${at}:${name}`);
    latestId = id;
    if (shifts.get(id)) return;
    const shift: Shift = {
      id,
      runnerId: runner.id,
      runnerName: runner.name,
      repositoryId: runner.repositoryId,
      jobName: name,
      startedAt: at,
      endedAt: null,
      result: null,
      jobId: null,
      url: null,
      verdict: null,
    };
    shifts.put(shift);
    if (!folders) return;
    judging = judging.then(async () => {
      const pids = await options.pids().catch(() => []);
      await verdicts.begin(shift, folders, pids);
    });
  };

  const end = (
    shift: Shift,
    result: NonNullable<Shift['result']>,
    at: number,
    listenerEnd: { code: number | null } | null,
  ): void => {
    const lost = lostForgeAt === null ? 0 : Math.max(0, at - lostForgeAt);
    const { state } = entry.runner();
    const jobEnd = {
      ...{ shift, result, interrupted, listenerEnd, deregistered, endedAt: at },
      stoppedHere: state === 'stopping' || state === 'removing',
      disconnectedMs: disconnectedMs + lost,
    };
    if (!folders) {
      shifts.put({ ...shift, endedAt: at, result });
      return;
    }
    // A good end needs no looking into: it is told together with the runner's next state.
    if (isGood(result)) {
      const told = verdicts.end(jobEnd, folders);
      judging = judging.then(() => told);
    } else judging = judging.then(() => verdicts.end(jobEnd, folders));
  };

  return {
    take(event) {
      const at = 'at' in event && event.at !== null ? event.at : clock.now();
      if (event.kind === 'connection-lost') lostForgeAt ??= at;
      if (event.kind === 'connection-restored') reconnected(at);
      if (event.kind === 'exiting') interrupted = true;
      if (event.kind === 'registration-deleted') deregistered = true;
      if (event.kind === 'job-started') begin(event.name, at);
      if (event.kind !== 'job-completed') return;
      // An earlier job of the same name may be told once more while the present one runs.
      const shift = latestId === null ? shifts.open(entry.id) : shifts.get(latestId);
      if (shift?.jobName === event.name && shift.endedAt === null) end(shift, event.result, at, null);
    },
    async close(code) {
      await judging;
      const open = shifts.open(entry.id);
      if (open) end(open, 'Lost', clock.now(), { code });
      await judging;
    },
  };
}
