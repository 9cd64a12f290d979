/** Watches one listener: its lines become states and shifts, its end becomes a cause. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Problem, RunnerState, Shift } from '../../shared/model.ts';
import type { Clock } from '../platform/clock.ts';
import type { RunnerEntry } from './entry.ts';
import { explainExit, type ListenerEvent, parseListenerLine } from './listener-lines.ts';
import { followLines } from './log-follow.ts';
import type { RunningProcess } from './process.ts';
import type { ShiftHistory } from './shifts.ts';

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
  clock: Clock;
}): Supervision {
  const { entry, process, controlFolder, shifts, clock } = options;
  const logPath = join(controlFolder, 'listener.log');
  const abort = new AbortController();
  const events: ListenerEvent[] = [];
  let linesRead = 0;
  let jobRuns = false;
  const idleWaiters = new Set<() => void>();
  const listening = Promise.withResolvers<void>();
  listening.promise.catch(() => {});

  const handle = async (line: string): Promise<void> => {
    linesRead += 1;
    const event = parseListenerLine(line);
    if (!event) return;
    events.push(event);
    if (event.kind === 'job-started') jobRuns = true;
    if (event.kind === 'job-completed') jobRuns = false;
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

  const ended = process.exited.then(async ({ code }) => {
    // A detached runner's end is for the next engine to tell.
    if (abort.signal.aborted) return new Promise<ListenerEnd>(() => {});
    abort.abort();
    await reading;
    const all = (await readFile(logPath, 'utf8').catch(() => '')).split('\n').slice(0, -1);
    for (const line of all.slice(linesRead)) await handle(line);
    jobRuns = false;
    const open = shifts.open(entry.id);
    if (open) shifts.put({ ...open, endedAt: clock.now(), result: 'Lost' });
    const problem = explainExit(code, events);
    listening.reject(new Error(problem.message));
    for (const wake of [...idleWaiters]) wake();
    return { code, problem, deregistered: events.some(({ kind }) => kind === 'registration-deleted') };
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
    detach: () => abort.abort(),
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
  if (event.kind === 'job-started') return startShift(event.name, at, context);
  if (event.kind === 'job-completed') return endShift(event, at, context);
  if (settled.includes(entry.runner().state)) return;
  if (event.kind === 'listening') await entry.move('idle', 'Waits for a job.');
  if (event.kind === 'connection-lost') await entry.move('reconnecting', `Lost the forge: ${event.message}`);
  if (event.kind === 'connection-restored') {
    if (jobRuns) await entry.move('busy', 'The connection to the forge is back.');
    else await entry.move('idle', 'The connection to the forge is back.');
  }
}

async function startShift(name: string, at: number, { entry, shifts }: Context): Promise<void> {
  const runner = entry.runner();
  const id = `${runner.id}:${at}:${name}`;
  const known = shifts.get(id);
  if (!known) {
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
  }
  const job = { name, startedAt: at, url: known?.url ?? null };
  if (settled.includes(runner.state)) entry.show({ job });
  else await entry.move('busy', `Runs “${name}”.`, { job });
}

async function endShift(
  event: Extract<ListenerEvent, { kind: 'job-completed' }>,
  at: number,
  { entry, shifts }: Context,
): Promise<void> {
  const open = shifts.open(entry.id);
  if (open && open.jobName === event.name) shifts.put({ ...open, endedAt: at, result: event.result });
  if (settled.includes(entry.runner().state)) entry.show({ job: null });
  else await entry.move('idle', `Finished “${event.name}”: ${event.result}.`, { job: null });
}
