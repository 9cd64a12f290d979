/** Follows the logs of a runner as they grow: its listener's, and its current (else last) job's. */
import { basename, dirname, join } from 'node:path';
import type { Clock } from '../platform/clock.ts';
import { createJobLogFinder, type JobLogChoice } from './job-log.ts';
import { type LogReader, openLogReader } from './log-reader.ts';
import { createWaker } from './waker.ts';

/** The next lines of a log. */
export interface LogChunk {
  /** Another log begins: what came before is void. */
  reset: boolean;
  lines: string[];
}

export interface FollowOptions {
  signal: AbortSignal;
  clock: Clock;
  /** How often it is looked at although nothing told of a change. */
  pollMs?: number;
}

const defaultPollMs = 1000;
/** The same where its folder is watched: hundreds of idle runners are followed all the time. */
const watchedPollMs = 15_000;
/** How long a job's own record may come after that of its first step. */
const jobRecordGraceMs = 500;

/**
 * Gives the lines of a file as it grows, until `signal` aborts. The first piece is a reset, given at once even when the
 * file does not exist yet. A file that is replaced or cut short is read to its end, then the new one from its start,
 * again with a reset. A last line without its end is held back until it is complete.
 */
export async function* followLines(path: string, options: FollowOptions): AsyncGenerator<LogChunk> {
  const { signal, clock, pollMs = defaultPollMs } = options;
  const name = basename(path);
  const concerns = (changed: string): boolean => changed === name;
  const folders = [dirname(path)];
  const waker = createWaker({
    ...{ folders, concerns, clock, signal },
    pollMs,
    watchedPollMs: Math.max(pollMs, watchedPollMs),
  });
  let reader: LogReader | null = null;
  let reset = true;
  try {
    while (!signal.aborted) {
      reader ??= await openLogReader(path);
      // Asked before reading, so that the old file is known to be complete when it has been read.
      const replaced = await reader?.replaced();
      for await (const lines of reader?.read() ?? []) {
        if (signal.aborted) return;
        yield { reset, lines };
        reset = false;
      }
      if (reset) yield { reset, lines: [] };
      reset = replaced === true;
      if (!replaced) await waker.next();
      else {
        const rest = reader?.rest();
        if (rest) yield { reset: false, lines: [rest] };
        await reader?.close();
        reader = null;
      }
    }
  } finally {
    waker.dispose();
    await reader?.close();
  }
}

/**
 * Gives the log of the job that runs on a runner, else of its last one, until `signal` aborts: a reset with each job.
 * The pieces come from `_diag/pages`, which the worker deletes as it uploads them, so whoever wants the whole log has to
 * follow from the job's start and keep what comes.
 */
export async function* followJobLog(runnerRoot: string, options: FollowOptions): AsyncGenerator<LogChunk> {
  const { signal, clock, pollMs = defaultPollMs } = options;
  const diagFolder = join(runnerRoot, '_diag');
  const folders = [runnerRoot, diagFolder, join(diagFolder, 'pages')];
  const concerns = (changed: string): boolean => changed.endsWith('.log');
  const waker = createWaker({ folders, concerns, pollMs, clock, signal });
  const finder = createJobLogFinder(diagFolder);
  const readers = new Map<string, LogReader>();
  let choice = null as JobLogChoice | null;
  let undecidedSince: number | null = null;
  let reset = true;
  try {
    while (!signal.aborted) {
      const patient: boolean = undecidedSince === null || clock.now() - undecidedSince < jobRecordGraceMs;
      const next: JobLogChoice | 'undecided' | null = await finder.choose(choice, patient);
      if (next === 'undecided') undecidedSince ??= clock.now();
      else {
        undecidedSince = null;
        if (next?.key !== choice?.key) {
          yield* asChunks(readAll(readers, []));
          reset = true;
        }
        choice = next;
      }
      await openMissing(readers, choice);
      if (reset) yield { reset, lines: [] };
      yield* asChunks(readAll(readers, choice?.paths ?? []));
      reset = false;
      await waker.next();
    }
  } finally {
    waker.dispose();
    await Promise.all([...readers.values()].map((reader) => reader.close()));
  }
}

async function openMissing(readers: Map<string, LogReader>, choice: JobLogChoice | null): Promise<void> {
  for (const path of choice?.paths ?? []) {
    if (readers.has(path)) continue;
    const reader = await openLogReader(path);
    if (reader) readers.set(path, reader);
  }
}

async function* asChunks(blocks: AsyncIterable<string[]>): AsyncGenerator<LogChunk> {
  for await (const lines of blocks) yield { reset: false, lines };
}

/** Reads what is new in each, and lets go of those that are no longer there: they are complete. */
async function* readAll(readers: Map<string, LogReader>, there: readonly string[]): AsyncGenerator<string[]> {
  for (const [path, reader] of [...readers]) {
    yield* reader.read();
    if (there.includes(path)) continue;
    const rest = reader.rest();
    if (rest) yield [rest];
    readers.delete(path);
    await reader.close();
  }
}
