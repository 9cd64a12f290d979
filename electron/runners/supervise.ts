/** Watches one listener: its lines become states and shifts, its end becomes a cause. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Problem } from '../../shared/model.ts';
import type { Clock } from '../platform/clock.ts';
import type { RunnerEntry } from './entry.ts';
import { explainExit, type ListenerEvent, parseListenerLine } from './listener-lines.ts';
import { afterEvent, isSameState, type Told } from './listener-state.ts';
import { followLines } from './log-follow.ts';
import type { RunningProcess } from './process.ts';
import { createShiftRecorder } from './shift-recorder.ts';
import type { ShiftHistory } from './shifts.ts';
import type { Verdicts } from './verdicts.ts';

export interface ListenerEnd {
  code: number | null;
  problem: Problem;
  /** The forge has forgotten the registration. */
  deregistered: boolean;
}

export interface Supervision {
  readonly process: RunningProcess;
  /** Resolves when the listener waits for jobs; rejects with its end when it ends before. */
  readonly listening: Promise<void>;
  /** Resolves once the process has ended and its last lines were read. */
  readonly ended: Promise<ListenerEnd>;
  /** Whether no job runs and no worker lives, both checked now. */
  isIdle(): Promise<boolean>;
  /** Resolves when no job runs and no worker lives, both checked; rejects when `signal` aborts. */
  untilIdle(signal: AbortSignal): Promise<void>;
  /** Stops watching; the process goes on. */
  detach(): void;
}

/** How often a finished listener is looked at for a worker that is still cleaning up. */
const workerPollMs = 250;

/**
 * Starts to watch. Lines already in the log are read first, so that an adopted runner ends up in the state its listener
 * is in and jobs that came and went meanwhile are recorded.
 */
export function superviseListener(options: {
  entry: RunnerEntry;
  process: RunningProcess;
  controlFolder: string;
  shifts: ShiftHistory;
  verdicts: Verdicts;
  clock: Clock;
}): Supervision {
  const { entry, process, controlFolder, shifts, clock } = options;
  const runnerRoot = entry.record().clone?.root;
  const recorder = createShiftRecorder({
    ...options,
    folders: runnerRoot === undefined ? null : { runnerRoot, controlFolder },
    pids: async () => (await process.descendants()).map(({ pid }) => pid),
  });
  const logPath = join(controlFolder, 'listener.log');
  const abort = new AbortController();
  const events: ListenerEvent[] = [];
  let linesRead = 0;
  let jobRuns = false;
  const idleWaiters = new Set<() => void>();
  const listening = Promise.withResolvers<void>();
  listening.promise.catch(() => {});

  let detached = false;
  const never = new Promise<never>(() => {});

  /** Takes a line in. @returns what it means; null for one that means nothing */
  const take = (line: string): ListenerEvent | null => {
    linesRead += 1;
    const event = parseListenerLine(line);
    if (!event) return null;
    events.push(event);
    if (event.kind === 'job-started') jobRuns = true;
    if (event.kind === 'job-completed') jobRuns = false;
    recorder.take(event);
    return event;
  };
  const after = (told: Told, event: ListenerEvent): Told =>
    afterEvent(told, event, timeOf(event, clock), () => shifts.open(entry.id)?.url ?? null);
  const tell = (event: ListenerEvent): void => {
    if (event.kind === 'listening') listening.resolve();
    if (event.kind === 'job-completed') for (const wake of [...idleWaiters]) wake();
  };

  const handle = async (line: string): Promise<void> => {
    if (detached) return;
    const event = take(line);
    if (!event) return;
    await apply(after(entry.runner(), event), entry);
    tell(event);
  };

  /** However much was said before, the runner changes once at most. */
  const takePast = async (lines: readonly string[]): Promise<void> => {
    let told: Told = entry.runner();
    let workedUntil: number | null = null;
    const past = lines.flatMap((line) => take(line) ?? []);
    for (const event of past) {
      told = after(told, event);
      if (event.kind === 'job-completed') workedUntil = timeOf(event, clock);
    }
    await applyPast(told, workedUntil, entry, clock);
    for (const event of past) tell(event);
  };

  const reading = (async () => {
    const past = await readLines(logPath);
    if (detached) return;
    await takePast(past);
    let known = past.length;
    for await (const chunk of followLines(logPath, { signal: abort.signal, clock })) {
      for (const line of chunk.lines) {
        if (known > 0) known -= 1;
        else await handle(line);
      }
    }
  })().catch((error: unknown) => {
    if (!abort.signal.aborted) throw error;
  });

  const tellEnd = async (code: number | null): Promise<ListenerEnd> => {
    abort.abort();
    await reading;
    const all = await readLines(logPath);
    for (const line of all.slice(linesRead)) await handle(line);
    jobRuns = false;
    await recorder.close(code);
    const problem = explainExit(code, events);
    listening.reject(new Error(problem.message));
    for (const wake of [...idleWaiters]) wake();
    return { code, problem, deregistered: events.some(({ kind }) => kind === 'registration-deleted') };
  };
  // A detached runner's end is for the next engine to tell.
  const ended = process.exited
    .then(({ code }) => (detached ? never : tellEnd(code)))
    .catch((error: unknown) => {
      if (detached) return never;
      throw error;
    });

  const isIdle = async (): Promise<boolean> => !jobRuns && !(await process.hasWorker());

  return {
    process,
    listening: listening.promise,
    ended,
    isIdle,
    async untilIdle(signal) {
      for (;;) {
        signal.throwIfAborted();
        if (await isIdle()) return;
        await new Promise<void>((resolve) => {
          const wake = (): void => {
            idleWaiters.delete(wake);
            cancel();
            signal.removeEventListener('abort', wake);
            resolve();
          };
          // A listener that is idle while a worker lives is cleaning up: look again soon.
          const cancel = clock.after(jobRuns ? 5000 : workerPollMs, wake);
          idleWaiters.add(wake);
          signal.addEventListener('abort', wake, { once: true });
        });
      }
    },
    detach() {
      detached = true;
      abort.abort();
    },
  };
}

/** When an event happened: as its line says, else now. */
const timeOf = (event: ListenerEvent, clock: Clock): number =>
  'at' in event && event.at !== null ? event.at : clock.now();

/** Makes the runner what it was told to be, where that is news. */
async function apply(told: Told, entry: RunnerEntry): Promise<void> {
  const runner = entry.runner();
  const { state, cause, job, version, updating } = told;
  if (state !== runner.state || cause !== runner.cause || updating !== runner.updating) {
    await entry.move(state, cause, { job, version, updating });
  } else if (job !== runner.job || version !== runner.version) entry.show({ job, version });
}

/**
 * The same for what happened unseen. A runner that is what it was known to be stays so since when it was, so that a
 * countdown goes on; one that has worked meanwhile begins anew.
 */
async function applyPast(told: Told, workedUntil: number | null, entry: RunnerEntry, clock: Clock) {
  const runner = entry.runner();
  if (!isSameState(told, runner)) return apply(told, entry);
  if (told.state === 'idle' && workedUntil !== null && workedUntil > runner.stateSince) {
    const { state, cause, version } = told;
    return entry.move(state, cause, { version, stateSince: clock.now() });
  }
  if (told.version !== runner.version) entry.show({ version: told.version });
}

/** The lines of a log that are complete. */
async function readLines(path: string): Promise<string[]> {
  return (await readFile(path, 'utf8').catch(() => '')).split('\n').slice(0, -1);
}
