/** Watches one listener: its lines become states and shifts, its end becomes a cause. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Problem, RunnerState } from '../../shared/model.ts';
import type { Clock } from '../platform/clock.ts';
import type { RunnerEntry } from './entry.ts';
import { explainExit, type ListenerEvent, parseListenerLine } from './listener-lines.ts';
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

  const handle = async (line: string): Promise<void> => {
    if (detached) return;
    linesRead += 1;
    const event = parseListenerLine(line);
    if (!event) return;
    events.push(event);
    if (event.kind === 'job-started') jobRuns = true;
    if (event.kind === 'job-completed') jobRuns = false;
    recorder.take(event);
    await applyEvent(event, { entry, shifts, clock, jobRuns });
    if (event.kind === 'listening') listening.resolve();
    if (event.kind === 'job-completed') for (const wake of [...idleWaiters]) wake();
  };

  const reading = (async () => {
    for await (const chunk of followLines(logPath, { fromStart: true, signal: abort.signal, clock })) {
      for (const line of chunk.lines) await handle(line);
    }
  })().catch((error: unknown) => {
    if (!abort.signal.aborted) throw error;
  });

  const tellEnd = async (code: number | null): Promise<ListenerEnd> => {
    abort.abort();
    await reading;
    const all = (await readFile(logPath, 'utf8').catch(() => '')).split('\n').slice(0, -1);
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

interface Context {
  entry: RunnerEntry;
  shifts: ShiftHistory;
  clock: Clock;
  jobRuns: boolean;
}

/** States that what a listener says does not end: it was asked to go, or is known to be gone or lost. */
const settled: readonly RunnerState[] = ['removing', 'stopping', 'stopped', 'failed'];

async function applyEvent(event: ListenerEvent, context: Context): Promise<void> {
  const { entry, clock, jobRuns } = context;
  const at = 'at' in event && event.at !== null ? event.at : clock.now();
  if (event.kind === 'version') entry.show({ version: event.version });
  if (event.kind === 'job-started') return startJob(event.name, at, context);
  if (event.kind === 'job-completed') return endJob(event, context);
  if (settled.includes(entry.runner().state)) return;
  if (event.kind === 'listening') await entry.move('idle', 'Waits for a job.', { updating: false });
  if (event.kind === 'connection-lost') await entry.move('reconnecting', `Lost the forge: ${event.message}`);
  if (event.kind === 'connection-restored') {
    if (jobRuns) await entry.move('busy', 'The connection to the forge is back.');
    else await entry.move('idle', 'The connection to the forge is back.');
  }
  await tellUpdate(event, context);
}

async function startJob(name: string, at: number, { entry, shifts }: Context): Promise<void> {
  const runner = entry.runner();
  const job = { name, startedAt: at, url: shifts.open(runner.id)?.url ?? null };
  if (settled.includes(runner.state)) entry.show({ job });
  else await entry.move('busy', `Runs “${name}”.`, { job });
}

async function endJob(
  { name, result }: Extract<ListenerEvent, { kind: 'job-completed' }>,
  { entry }: Context,
): Promise<void> {
  if (settled.includes(entry.runner().state)) entry.show({ job: null });
  else await entry.move('idle', `Finished “${name}”: ${result}.`, { job: null });
}

/** A listener that updates itself is neither ill nor away: its state stays, and says so. */
async function tellUpdate(event: ListenerEvent, { entry, jobRuns }: Context): Promise<void> {
  const { state } = entry.runner();
  if (event.kind === 'update-downloading')
    await entry.move(state, `Updates itself to version ${event.version}.`, { updating: true });
  if (event.kind === 'update-waiting-for-job' && jobRuns)
    await entry.move(state, 'Updates itself when its job has ended.', { updating: true });
  if (event.kind === 'update-restarting')
    await entry.move(state, 'Starts again with its new version.', { updating: true });
  if (event.kind === 'update-failed')
    await entry.move(state, `Could not update itself: ${event.message}`, { updating: false });
}
