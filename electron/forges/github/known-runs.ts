/** The runs of a repository that have not ended, with their jobs as last read, and which of them are to be read again. */
import type { ForgeJob } from '../forge.ts';
import { jobOfHeldRun } from './rows.ts';
import { type ActiveStatus, activeStatuses, type Run } from './runs.ts';

export interface KnownRun {
  run: Run;
  /** Those that have not ended. */
  jobs: ForgeJob[];
  /** When its jobs were asked for. */
  readAt: number;
  /** Its jobs may be others by now. */
  isChanged: boolean;
  /** It was missing where it was looked for: it moved on, or it ended. */
  isMissing: boolean;
}

interface KnownRuns {
  /** Takes in the latest runs of all statuses, the newest first. */
  takeLatest(latest: readonly Run[]): void;
  /** Takes in all runs of a status. */
  takeStatus(status: ActiveStatus, listed: readonly Run[]): void;
  /** Those whose jobs have to be read, those never read first. */
  changed(): KnownRun[];
  /** Those others whose jobs were read before that time, the oldest reading first. */
  readBefore(time: number): KnownRun[];
  /** Gives a run up when it has no such job and was missing. */
  keepJobs(run: Run, jobs: ForgeJob[], readAt: number): void;
  forget(run: Run): void;
  /** The run with the longest waiting queued job of that name, or with the job of that runner, may have changed. */
  doubt(which: { jobName: string } | { runnerName: string }): void;
  /** All jobs, the longest waiting first; a run that is held as a whole counts as one. */
  jobs(): ForgeJob[];
  /** Runs whose jobs may change without a sign of it. */
  count(): number;
}

/** A pull request from outside: the run is told as completed, and begins once a maintainer has approved it. */
const awaitsApproval = (run: Run): boolean =>
  run.status === 'completed' && run.conclusion === 'action_required';

const isActive = (run: Run): boolean =>
  activeStatuses.some((status) => status === run.status) || awaitsApproval(run);

/** It has no job before it goes on, and then its status is another. */
const isHeldAsWhole = ({ run, jobs }: KnownRun): boolean =>
  jobs.length === 0 && (run.status === 'pending' || run.status === 'requested' || awaitsApproval(run));

/** What is shown of it. A run that waits may have ended jobs only, because the next one is still to be made. */
function jobsShown(entry: KnownRun): ForgeJob[] {
  const { run, jobs, readAt } = entry;
  const isRead = readAt > Number.NEGATIVE_INFINITY || awaitsApproval(run);
  const isHeld = isHeldAsWhole(entry) || (jobs.length === 0 && run.status === 'waiting');
  return isRead && isHeld ? [jobOfHeldRun(run)] : jobs;
}

const isSame = (one: Run, other: Run): boolean =>
  one.status === other.status && one.run_attempt === other.run_attempt && one.updated_at === other.updated_at;

const byAge = (one: KnownRun, other: KnownRun): number => one.readAt - other.readAt;

/** Knows no run yet. */
export function createKnownRuns(): KnownRuns {
  const runs = new Map<Run['id'], KnownRun>();

  const note = (run: Run): void => {
    const entry = runs.get(run.id);
    if (!entry) {
      const readAt = Number.NEGATIVE_INFINITY;
      runs.set(run.id, { run, jobs: [], readAt, isChanged: !awaitsApproval(run), isMissing: false });
      return;
    }
    if (!isSame(entry.run, run)) {
      entry.isChanged = !awaitsApproval(run);
      if (awaitsApproval(run)) entry.jobs = [];
    }
    entry.run = run;
    entry.isMissing = false;
  };
  const miss = (entry: KnownRun): void => {
    // Only the latest runs show these.
    if (awaitsApproval(entry.run)) {
      runs.delete(entry.run.id);
      return;
    }
    entry.isChanged = true;
    entry.isMissing = true;
  };

  const jobs = (): ForgeJob[] =>
    [...runs.values()].flatMap(jobsShown).sort((a, b) => a.queuedAt - b.queuedAt || a.id - b.id);

  return {
    takeLatest(latest) {
      for (const run of latest) {
        if (isActive(run)) note(run);
        else runs.delete(run.id);
      }
      const oldest = latest.at(-1)?.created_at;
      const ids = new Set(latest.map(({ id }) => id));
      for (const entry of runs.values()) {
        const belongs = oldest === undefined || entry.run.created_at > oldest || awaitsApproval(entry.run);
        if (belongs && !ids.has(entry.run.id) && !entry.isMissing) miss(entry);
      }
    },
    takeStatus(status, listed) {
      for (const run of listed) note(run);
      const ids = new Set(listed.map(({ id }) => id));
      for (const entry of runs.values()) {
        if (entry.run.status === status && !ids.has(entry.run.id) && !entry.isMissing) miss(entry);
      }
    },
    changed: () => [...runs.values()].filter(({ isChanged }) => isChanged).sort(byAge),
    readBefore: (time) =>
      [...runs.values()]
        .filter((entry) => !entry.isChanged && entry.readAt <= time && !isHeldAsWhole(entry))
        .sort(byAge),
    keepJobs(run, jobs, readAt) {
      const entry = runs.get(run.id);
      if (!entry) return;
      if (entry.isMissing && jobs.length === 0) {
        runs.delete(run.id);
        return;
      }
      Object.assign(entry, { jobs, readAt });
    },
    forget: ({ id }) => void runs.delete(id),
    doubt(which) {
      const [job] = jobs().filter((candidate) =>
        'jobName' in which
          ? candidate.status === 'queued' && candidate.name === which.jobName
          : candidate.runnerName === which.runnerName,
      );
      const entry = job && runs.get(job.runId);
      if (entry) entry.isChanged = true;
    },
    jobs,
    count: () => [...runs.values()].filter((entry) => !isHeldAsWhole(entry)).length,
  };
}
