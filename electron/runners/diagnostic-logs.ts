/** What actions/runner's own logs, `_diag/Runner_….log` and `_diag/Worker_….log`, tell about one job. */
import { open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Shift } from '../../shared/model.ts';
import type { WorkerFacts } from './verdict.ts';

export interface Diagnosis extends WorkerFacts {
  /** The worker's own result, once it had done all steps; null when it did not get there. */
  finished: Exclude<NonNullable<Shift['result']>, 'Lost'> | null;
  /** Numbers of the processes that listener and worker started for the job. */
  pids: number[];
  /** Whether one of them ended by SIGKILL or SIGTERM. */
  killedProcess: boolean;
}

/** Read from the end of a log: pages have 8 MB. */
const tailBytes = 8 * 1024 ** 2;
/** .NET may begin a file with it. */
const byteOrderMark = '\uFEFF';
/** Lines and file names are stamped with whole seconds. */
const stampMs = 1000;
/** A listener begins a new log only when it starts: that of a job may be older than the job. */
const kinds = { Runner: 'before', Worker: 'after' } as const;

/** When a job was at work, epoch milliseconds, and what its listener said of it. */
export interface JobSpan {
  jobName: string;
  startedAt: number;
  endedAt: number;
  result: NonNullable<Shift['result']>;
}

/** Reads the lines since a job began. Missing logs tell nothing. */
export async function readDiagnosis(runnerRoot: string, span: JobSpan): Promise<Diagnosis> {
  const { startedAt, jobName } = span;
  const folder = join(runnerRoot, '_diag');
  const names = (await readdir(folder).catch(() => [])).sort();
  const texts = Object.entries(kinds).map(async ([kind, begins]) => {
    const all = names.filter((name) => name.startsWith(`${kind}_`) && name.endsWith('.log'));
    const after = all.filter((name) => fileTime(name) >= startedAt - stampMs);
    const before = all.filter((name) => fileTime(name) < startedAt - stampMs).slice(-1);
    const chosen = begins === 'before' ? [...before, ...after] : after;
    const tails = await Promise.all(chosen.map((name) => readTail(join(folder, name))));
    const own = begins === 'before' ? tails : tails.filter((text) => !isOfAnother(text, jobName));
    return linesSince(own.join('\n'), startedAt - stampMs);
  });
  const [listener = '', worker = ''] = await Promise.all(texts);
  return diagnose(listener, worker, span);
}

function diagnose(listener: string, worker: string, span: JobSpan): Diagnosis {
  const both = `${listener}\n${worker}`;
  const finished = last(worker, /Job result after all job steps finish: (\w+)/g);
  return {
    exitCode: exitCodeOf(listener, span),
    cancelSent: listener.includes('Send job cancellation message to worker'),
    noSpace: /No space left on device|ENOSPC|not enough space on the disk/.test(both),
    unreported: worker.includes('Catch exception while attempting to complete job'),
    finished: finished as Diagnosis['finished'],
    pids: [...both.matchAll(/Process started with process id (\d+)/g)].map(([, pid]) => Number(pid)),
    killedProcess: /Finished process \d+ with exit code (137|143)\b/.test(both),
  };
}

/** 100 + the number of a result (TaskResult in GitHub.DistributedTask.WebApi). */
const resultCodes: Record<string, number> = {
  Succeeded: 100,
  SucceededWithIssues: 101,
  Failed: 102,
  Canceled: 103,
  Skipped: 104,
  Abandoned: 105,
};

/**
 * Short jobs follow each other within the second that the lines are stamped with: of the workers that ended in the job's
 * time, those are left out that told another result than this job's.
 */
function exitCodeOf(listener: string, { endedAt, result }: JobSpan): number | null {
  const codes = [...listener.matchAll(/^\[(?:\w+ )?(\S+ \S+)Z .*Worker finished for job \S+ Code: (\d+)/gm)]
    .filter(([, stamp = '']) => Date.parse(`${stamp.replace(' ', 'T')}Z`) <= endedAt + stampMs)
    .map(([, , code]) => Number(code));
  const others = Object.entries(resultCodes).flatMap(([name, code]) => (name === result ? [] : code));
  return codes.findLast((code) => result === 'Lost' || !others.includes(code)) ?? null;
}

/**
 * Whether a worker's log tells that it did a job of another name: short jobs begin within the second that file names are
 * stamped with. The worker writes down the message that it was given (Worker.cs).
 */
function isOfAnother(worker: string, jobName: string): boolean {
  const [, quoted] = /^\s*"jobDisplayName": ("(?:[^"\\]|\\.)*")/m.exec(worker) ?? [];
  return quoted !== undefined && JSON.parse(quoted) !== jobName;
}

function last(text: string, pattern: RegExp): string | null {
  return [...text.matchAll(pattern)].at(-1)?.[1] ?? null;
}

/** `Worker_20260817-130000-utc.log`, epoch milliseconds. */
function fileTime(name: string): number {
  const [, year, month, day, hour, minute, second] =
    /_(\d{4})(\d\d)(\d\d)-(\d\d)(\d\d)(\d\d)-utc/.exec(name) ?? [];
  return Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
}

/** The lines from the first one stamped `sinceMs` or later; a line without a stamp belongs to the one before. */
function linesSince(text: string, sinceMs: number): string {
  const lines = text.split('\n');
  const first = lines.findIndex((line) => {
    const [, day, time] = /^\[(?:\w+ )?(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d)Z /.exec(line) ?? [];
    return Date.parse(`${day}T${time}Z`) >= sinceMs;
  });
  return first < 0 ? '' : lines.slice(first).join('\n');
}

async function readTail(path: string): Promise<string> {
  const file = await open(path).catch(() => null);
  if (!file) return '';
  try {
    const { size } = await file.stat();
    const length = Math.min(size, tailBytes);
    const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, size - length);
    return buffer.subarray(0, bytesRead).toString('utf8').replace(byteOrderMark, '');
  } finally {
    await file.close();
  }
}
