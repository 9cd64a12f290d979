/**
 * Which files hold a job's log. The worker writes pieces `_diag/pages/<timeline>_<record>_<page>.log`: one record per
 * step, and in actions/runner one more of the job itself, into which every line of the steps is written again
 * (ExecutionContext.cs). `_diag/Worker_<time>-utc.log` names that record.
 */
import { open, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

export interface JobLogChoice {
  /** Another key = another log. */
  key: string;
  /** Files to read, in order. */
  paths: string[];
}

interface Page {
  timeline: string;
  record: string;
  number: number;
  path: string;
  /** Epoch milliseconds. */
  createdAt: number;
}

const pageName = /^([^_]+)_([^_]+)_(\d+)\.log$/;
const workerLogName = /^Worker_.*-utc\.log$/;
/** The part of a worker's log in which it names its job: after the job's whole description. */
const jobIdWithinBytes = 4 * 1024 * 1024;
const jobIdLine = /^\[.* INFO JobRunner\] Job ID (\S+)/m;

/** Looks for the log to read. */
export interface JobLogFinder {
  /**
   * @param previous the last choice, which stays while its job's pieces come and go; null at first
   * @param patient whether to wait (`undecided`) for the job's own record, which comes a moment after its first step's
   */
  choose(previous: JobLogChoice | null, patient: boolean): Promise<JobLogChoice | 'undecided' | null>;
}

export function createJobLogFinder(diagFolder: string): JobLogFinder {
  const jobIds = new Map<string, string | null>();
  const jobIdOf = async (workerLog: string): Promise<string | null> => {
    const known = jobIds.get(workerLog);
    if (known !== undefined) return known;
    const { id, final } = await readJobId(workerLog);
    if (final) jobIds.set(workerLog, id);
    return id;
  };
  return {
    async choose(previous, patient) {
      const pages = await listPages(join(diagFolder, 'pages'));
      const workerLog = await newestWorkerLog(diagFolder);
      const newest = pages.reduce<Page | null>((a, b) => (a && a.createdAt >= b.createdAt ? a : b), null);
      if (!newest) return previous && { ...previous, paths: [] };
      const { timeline } = newest;
      const ofJob = pages.filter((page) => page.timeline === timeline);
      const jobId = workerLog ? await jobIdOf(workerLog) : null;
      const ofJobRecord = ofJob.filter((page) => page.record === jobId);
      const wholeKey = `${timeline}/${jobId}`;
      const whole = ofJobRecord.length > 0 || previous?.key === wholeKey;
      if (!whole && jobId && patient && previous?.key !== timeline) return 'undecided';
      const chosen = whole ? ofJobRecord : ofJob;
      const paths = chosen.sort(inOrder).map((page) => page.path);
      return { key: whole ? wholeKey : timeline, paths };
    },
  };
}

function inOrder(a: Page, b: Page): number {
  if (a.record === b.record) return a.number - b.number;
  return a.createdAt - b.createdAt || a.path.localeCompare(b.path);
}

async function listPages(folder: string): Promise<Page[]> {
  const pages: Page[] = [];
  for (const name of await listFolder(folder)) {
    const [, timeline, record, number] = pageName.exec(name) ?? [];
    if (!timeline || !record) continue;
    const path = join(folder, name);
    const info = await stat(path).catch(() => null);
    if (!info) continue;
    const createdAt = info.birthtimeMs || info.mtimeMs;
    pages.push({ timeline, record, number: Number(number), path, createdAt });
  }
  return pages;
}

async function newestWorkerLog(diagFolder: string): Promise<string | null> {
  const names = (await listFolder(diagFolder)).filter((name) => workerLogName.test(name));
  const newest = names.sort().at(-1);
  return newest ? join(diagFolder, newest) : null;
}

/** The job a worker's log is about; `final` when reading on would not change the answer. */
async function readJobId(workerLog: string): Promise<{ id: string | null; final: boolean }> {
  const file = await open(workerLog, 'r').catch(() => null);
  if (!file) return { id: null, final: false };
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(jobIdWithinBytes), 0, jobIdWithinBytes, 0);
    const id = jobIdLine.exec(buffer.toString('latin1', 0, bytesRead))?.[1] ?? null;
    return { id, final: id !== null || bytesRead === jobIdWithinBytes };
  } finally {
    await file.close();
  }
}

async function listFolder(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}
