/** Finds runs and jobs by id, by run and by repository, and knows which have not ended: there may be ten thousand. */
import type { DemoData, JobRecord, RunRecord } from './model.ts';

export interface RecordIndex {
  run(id: number): RunRecord | undefined;
  job(id: number): JobRecord | undefined;
  /** Jobs of a run; of its latest attempt unless told otherwise. */
  jobsOf(run: RunRecord, attempt?: number | 'all'): JobRecord[];
  /** Runs of a repository, oldest first. */
  runsOf(repository: string): readonly RunRecord[];
  /** Runs that have not ended. */
  openRuns(): RunRecord[];
  /** Jobs that have not ended, oldest first. */
  openJobs(): JobRecord[];
  addRun(run: RunRecord): void;
  addJob(job: JobRecord): void;
  /** Says that an ended run begins another attempt. */
  reopenRun(run: RunRecord): void;
  /** Takes the runs that have ended since the last call off those that are open. */
  takeEnded(): RunRecord[];
  /** Takes them out of `data`. @returns their ids */
  removeRuns(runs: readonly RunRecord[]): Set<number>;
}

function hasEnded(run: RunRecord): boolean {
  return run.attempts.at(-1)?.conclusion !== null;
}

function append<Key, Item>(lists: Map<Key, Item[]>, key: Key, item: Item): void {
  const list = lists.get(key);
  if (list) list.push(item);
  else lists.set(key, [item]);
}

/**
 * Creates the index of what `data` has; from then on runs and jobs are added and removed through it alone.
 * @param settled ids of ended runs that need not be taken as such any more
 */
export function createRecordIndex(data: DemoData, settled: ReadonlySet<number>): RecordIndex {
  const runs = new Map<number, RunRecord>();
  const jobs = new Map<number, JobRecord>();
  const jobsByRun = new Map<number, JobRecord[]>();
  const runsByRepository = new Map<string, RunRecord[]>();
  const openRuns = new Set<RunRecord>();
  const openJobs = new Set<JobRecord>();

  const noteRun = (run: RunRecord): void => {
    runs.set(run.id, run);
    append(runsByRepository, run.repository, run);
    openRuns.add(run);
  };
  const noteJob = (job: JobRecord): void => {
    jobs.set(job.id, job);
    append(jobsByRun, job.runId, job);
    if (job.status !== 'completed') openJobs.add(job);
  };
  for (const run of data.runs) noteRun(run);
  for (const job of data.jobs) noteJob(job);
  for (const run of data.runs) if (settled.has(run.id)) openRuns.delete(run);

  return {
    run: (id) => runs.get(id),
    job: (id) => jobs.get(id),
    jobsOf(run, attempt = run.attempts.length) {
      const all = jobsByRun.get(run.id) ?? [];
      return attempt === 'all' ? [...all] : all.filter((job) => job.attempt === attempt);
    },
    runsOf: (repository) => runsByRepository.get(repository) ?? [],
    openRuns: () => [...openRuns].filter((run) => !hasEnded(run)),
    openJobs() {
      for (const job of openJobs) if (job.status === 'completed') openJobs.delete(job);
      return [...openJobs];
    },
    addRun(run) {
      data.runs.push(run);
      noteRun(run);
    },
    addJob(job) {
      data.jobs.push(job);
      noteJob(job);
    },
    reopenRun: (run) => void openRuns.add(run),
    takeEnded() {
      const ended = [...openRuns].filter(hasEnded);
      for (const run of ended) openRuns.delete(run);
      return ended;
    },
    removeRuns(gone) {
      const ids = new Set(gone.map((run) => run.id));
      for (const run of gone) {
        for (const job of jobsByRun.get(run.id) ?? []) {
          jobs.delete(job.id);
          openJobs.delete(job);
        }
        jobsByRun.delete(run.id);
        runs.delete(run.id);
        openRuns.delete(run);
      }
      for (const repository of new Set(gone.map((run) => run.repository))) {
        const left = (runsByRepository.get(repository) ?? []).filter(({ id }) => !ids.has(id));
        runsByRepository.set(repository, left);
      }
      data.runs = data.runs.filter(({ id }) => !ids.has(id));
      data.jobs = data.jobs.filter(({ runId }) => !ids.has(runId));
      return ids;
    },
  };
}
