/** The logs a person can read: a listener's own, and that of the job it runs or ran last. */
import type { LogChunk } from '../../shared/contract.ts';
import type { Shift } from '../../shared/model.ts';
import type { BoardPublisher } from '../board.ts';
import type { Clock } from '../platform/clock.ts';
import { listenerLogPath } from './control-folder.ts';
import { controlFolderOf, type ForgeRepository } from './deploy.ts';
import { followJobLog, followLines } from './log-follow.ts';
import type { Runners } from './runners.ts';
import type { ShiftHistory } from './shifts.ts';

export interface RunnerLogs {
  follow(
    input: { runnerId: string; source: 'listener' | 'job'; lines: number },
    signal: AbortSignal | undefined,
  ): AsyncGenerator<LogChunk>;
  /** Finds the forge's job for a shift, so that its page and log can be shown. */
  match(shift: Shift): Promise<Shift>;
}

export function createRunnerLogs(options: {
  board: BoardPublisher;
  runners: Runners;
  shifts: ShiftHistory;
  folderOf(runnerId: string): string;
  forgeOf(repositoryId: string): ForgeRepository;
  clock: Clock;
}): RunnerLogs {
  const { board, runners, shifts, folderOf, forgeOf, clock } = options;

  const match = async (shift: Shift): Promise<Shift> => {
    if (shift.jobId !== null) return shift;
    const { forge, fullName } = forgeOf(shift.repositoryId);
    const job = await forge.jobOnRunner(fullName, shift.runnerName, shift.startedAt);
    if (!job) return shift;
    const matched = { ...(shifts.get(shift.id) ?? shift), jobId: job.id, url: job.url };
    shifts.put(matched);
    return matched;
  };

  const finishedLog = async (runnerId: string, lines: number): Promise<LogChunk> => {
    const last = shifts.latest(runnerId);
    if (!last) return { reset: true, lines: [], skipped: 0 };
    const { jobId, repositoryId } = await match(last);
    if (jobId === null) return { reset: true, lines: ['The forge has no log of this job.'], skipped: 0 };
    const { forge, fullName } = forgeOf(repositoryId);
    const all = (await forge.jobLog(fullName, jobId)).replace(/\n$/, '').split('\n');
    return { reset: true, lines: all.slice(-lines), skipped: Math.max(0, all.length - lines) };
  };

  /** Follows the running job's own pieces, then shows what the forge kept of it, until the next job begins. */
  async function* followJobs(runnerId: string, lines: number, signal: AbortSignal): AsyncGenerator<LogChunk> {
    const runsJob = (): boolean => Boolean(board.current().runners[runnerId]?.job);
    const ended = async (): Promise<unknown> =>
      board.when(({ runners: rows }) => !rows[runnerId]?.job, signal).catch(() => {});
    while (!signal.aborted && board.current().runners[runnerId]) {
      const root = runners.get(runnerId).entry.record().clone?.root;
      if (runsJob() && root) {
        const job = new AbortController();
        void ended().then(() => job.abort());
        const both = AbortSignal.any([signal, job.signal]);
        yield* followJobLog(root, { lastLines: lines, signal: both, clock, diagnostics: false });
      } else {
        yield await finishedLog(runnerId, lines);
        await board.when(() => runsJob() || !board.current().runners[runnerId], signal).catch(() => {});
      }
    }
  }

  return {
    match,
    follow({ runnerId, source, lines }, given) {
      runners.get(runnerId);
      const signal = given ?? new AbortController().signal;
      if (source === 'job') return followJobs(runnerId, lines, signal);
      const path = listenerLogPath(controlFolderOf(folderOf(runnerId)));
      return followLines(path, { lastLines: lines, signal, clock });
    },
  };
}
