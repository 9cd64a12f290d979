/** Has jobs that their runners brought down run again, each once, when the forge lets it. */
import { TracksideError } from '../../shared/errors.ts';
import type { Shift, Verdict } from '../../shared/model.ts';
import type { BoardPublisher } from '../board.ts';
import type { ForgeJob, ForgeRunJob } from '../forges/forge.ts';
import type { Clock } from '../platform/clock.ts';
import type { ForgeRepository } from './deploy.ts';
import type { ShiftHistory } from './shifts.ts';

export interface Reruns {
  /** Plans the re-run of a shift with a verdict, where its pool wants that; its progress is in the verdict. */
  consider(shift: Shift): void;
  /** Takes in the forge's answer: the jobs of one repository that have not ended. */
  seen(repositoryId: string, jobs: readonly Pick<ForgeJob, 'runId'>[]): void;
  /** Takes up what an earlier engine had planned. */
  resume(): void;
  dispose(): void;
}

type Rerun = NonNullable<Verdict['rerun']>;

const firstWaitMs = 15_000;
const longestWaitMs = 60_000;
/** Between two questions, however soon the run seems to have ended. */
const shortestWaitMs = 5000;
/** GitHub gives a lost job up after ten minutes, but the run's other jobs may go on for hours. */
const patienceMs = 24 * 3_600_000;
/** How often a job is looked for that the forge does not name yet. */
const searches = 5;
/** How often the forge may refuse although the run has ended. */
const refusals = 5;
/** The listener stamps its lines with whole seconds, the forge with its own clock. */
const startToleranceMs = 60_000;

/** How far one re-run has come. */
interface Attempt {
  shift: Shift;
  /** The job as the forge named it; null before it was found. */
  job: ForgeRunJob | null;
  searched: number;
  refused: number;
  /** Asked for, with an answer that did not arrive. */
  sent: boolean;
  startedAt: number;
  askedAt: number;
  /** Ends the wait for the next question. */
  wake(): void;
}

/**
 * @param forgeOf throws while the repository's connection cannot be used
 * @param isWanted whether the pool of that runner has lost jobs run again
 */
export function createReruns(options: {
  board: Pick<BoardPublisher, 'current'>;
  shifts: ShiftHistory;
  forgeOf(repositoryId: string): ForgeRepository;
  isWanted(runnerId: string): boolean;
  clock: Clock;
}): Reruns {
  const { board, shifts, forgeOf, isWanted, clock } = options;
  const disposed = new AbortController();
  const { signal } = disposed;
  const under = new Map<string, Attempt | null>();

  const tell = (id: string, status: Rerun['status'], sentence: string): void => {
    const shift = shifts.get(id);
    if (!shift?.verdict) return;
    shifts.put({ ...shift, verdict: { ...shift.verdict, rerun: { status, at: clock.now(), sentence } } });
  };

  /** Of each job of a run one re-run is asked for, whichever of its attempts was lost. */
  const wasAsked = (shift: Shift, { runId, name }: ForgeRunJob): boolean =>
    Object.values(board.current().shifts).some(
      ({ id, repositoryId, url, jobName, verdict }) =>
        id !== shift.id &&
        repositoryId === shift.repositoryId &&
        jobName === name &&
        verdict?.rerun?.status === 'asked' &&
        url?.includes(`/runs/${runId}/`),
    );
  const onFound = (shift: Shift, job: ForgeRunJob): void => {
    const known = shifts.get(shift.id);
    if (known) shifts.put({ ...known, jobId: job.id, url: job.url });
  };

  const follow = async (shift: Shift): Promise<void> => {
    const attempt: Attempt = {
      ...{ shift, job: null, searched: 0, refused: 0, sent: false },
      startedAt: clock.now(),
      askedAt: clock.now(),
      wake() {},
    };
    under.set(shift.id, attempt);
    for (let waitMs = firstWaitMs; ; waitMs = Math.min(waitMs * 2, longestWaitMs)) {
      attempt.askedAt = clock.now();
      const end = await step(attempt, { forgeOf, signal, wasAsked, onFound });
      signal.throwIfAborted();
      if (end) return tell(shift.id, end.status, end.sentence);
      if (clock.now() - attempt.startedAt > patienceMs) {
        return tell(shift.id, 'failed', 'Its run went on for a day; run the job again on the forge.');
      }
      const woken = new AbortController();
      attempt.wake = () => woken.abort();
      await clock.sleep(waitMs, AbortSignal.any([signal, woken.signal])).catch(() => {});
      signal.throwIfAborted();
    }
  };

  const begin = (shift: Shift): void => {
    if (under.has(shift.id)) return;
    under.set(shift.id, null);
    follow(shift)
      .catch((error: unknown) => {
        if (!signal.aborted) tell(shift.id, 'failed', sentenceOf(error));
      })
      .finally(() => under.delete(shift.id));
  };

  return {
    consider(shift) {
      const { verdict } = shift;
      if (!verdict || verdict.rerun || verdict.cause === 'cancelled-here' || !isWanted(shift.runnerId))
        return;
      tell(shift.id, 'planned', 'It is run again as soon as the forge has ended its run.');
      begin(shifts.get(shift.id) ?? shift);
    },
    seen(repositoryId, jobs) {
      const active = new Set(jobs.map(({ runId }) => runId));
      for (const attempt of under.values()) {
        if (attempt?.shift.repositoryId !== repositoryId || !attempt.job) continue;
        const isOver = !active.has(attempt.job.runId);
        if (isOver && clock.now() - attempt.askedAt >= shortestWaitMs) attempt.wake();
      }
    },
    resume() {
      for (const shift of Object.values(board.current().shifts)) {
        if (shift.verdict?.rerun?.status === 'planned') begin(shift);
      }
    },
    dispose: () => disposed.abort(),
  };
}

type End = Pick<Rerun, 'status' | 'sentence'> | null;
const failed = (sentence: string): End => ({ status: 'failed', sentence });
const asked: End = { status: 'asked', sentence: 'The forge was told to run it again.' };

interface StepContext {
  forgeOf(repositoryId: string): ForgeRepository;
  signal: AbortSignal;
  wasAsked(shift: Shift, job: ForgeRunJob): boolean;
  onFound(shift: Shift, job: ForgeRunJob): void;
}

/** Goes one step further. @returns the end, null when there is more to wait for */
async function step(attempt: Attempt, context: StepContext): Promise<End> {
  const { shift } = attempt;
  const { forgeOf, signal, wasAsked, onFound } = context;
  try {
    const repository = forgeOf(shift.repositoryId);
    if (!attempt.job) {
      const { forge, fullName } = repository;
      const { runnerName, startedAt, jobName } = shift;
      const job = await forge.jobOnRunner(fullName, runnerName, startedAt, signal, jobName);
      if (!job) return notFound(attempt);
      attempt.job = job;
      onFound(shift, job);
    }
    if (wasAsked(shift, attempt.job)) {
      return failed(
        'It was run again once already; look at what happens on this machine before the next time.',
      );
    }
    return await ask(attempt, attempt.job, repository, signal);
  } catch (error) {
    return mayPass(error) ? null : failed(sentenceOf(error));
  }
}

/** The forge may name a job a little later than its runner. */
function notFound(attempt: Attempt): End {
  attempt.searched += 1;
  const isOver = attempt.searched >= searches;
  return isOver ? failed('The forge does not list the job; run it again there if it is still wanted.') : null;
}

/** Asks for the re-run once every job of the run has ended. */
async function ask(
  attempt: Attempt,
  job: ForgeRunJob,
  { forge, fullName }: ForgeRepository,
  signal: AbortSignal,
): Promise<End> {
  const jobs = await forge.jobsOfRun(fullName, job.runId, signal);
  const own = jobs.find((one) => one.name === job.name && isSame(one, attempt.shift));
  if (!own) return attempt.sent ? asked : failed('Somebody has had it run again already.');
  if (own.conclusion === 'success')
    return failed('The forge has it as a success; nothing is left to run again.');
  if (wasCancelledLater(own, attempt.shift)) return failed('It was cancelled on the forge.');
  if (!jobs.every(({ ended }) => ended)) return null;
  attempt.sent = true;
  try {
    await forge.rerunJob(fullName, own.id, signal);
    return asked;
  } catch (error) {
    if (!(error instanceof TracksideError) || error.code !== 'CONFLICT') throw error;
    // Refused for now: not sent.
    attempt.sent = false;
    attempt.refused += 1;
    if (attempt.refused < refusals) return null;
    throw error;
  }
}

/** A runner that is told to end reports its job as cancelled; what is cancelled well after its end, somebody wanted. */
function wasCancelledLater({ conclusion, endedAt }: ForgeRunJob, shift: Shift): boolean {
  const reportedUntil = (shift.endedAt ?? 0) + startToleranceMs;
  return conclusion === 'cancelled' && endedAt !== null && endedAt > reportedUntil;
}

/** Whether a job of the latest attempt is the very execution that was lost, not a later one of the same name. */
function isSame(job: ForgeRunJob, shift: Shift): boolean {
  const distance = Math.abs((job.startedAt ?? Number.POSITIVE_INFINITY) - shift.startedAt);
  return job.runnerName === shift.runnerName && distance < startToleranceMs;
}

/** A connection that cannot be used now may be mended; the person is told of it elsewhere. */
function mayPass(error: unknown): boolean {
  const passing = ['FORGE_UNREACHABLE', 'RATE_LIMITED', 'TOKEN_REFUSED'];
  return error instanceof TracksideError && passing.includes(error.code);
}

function sentenceOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return `It could not be run again: ${message}`;
}
