/** Matches queued jobs with idle runners, and knows who holds which job. */
import type { Clock } from '../../../platform/clock.ts';
import type { JobRecord, RunnerRecord, RunRecord } from '../model.ts';
import type { Store } from '../store.ts';
import { planOf } from './contexts.ts';
import type { Runs } from './runs.ts';

const offerMs = 60_000;
/** GitHub gives a job up when its runner has not renewed its lock for so long. */
const usualLockMs = 600_000;

const lostRunner =
  'The self-hosted runner lost communication with the server. Verify the machine is running and has a healthy network connection. Anything in your workflow that terminates the runner process, starves it for CPU/Memory, or blocks its network access can cause this error.';

export interface JobQueue {
  /** All jobs that have not ended, oldest first. */
  openJobs(): JobRecord[];
  /** Sends the oldest fitting one of the open jobs to an idle runner; `undefined` when there is none or it has one. */
  offerTo(runner: RunnerRecord, open: readonly JobRecord[]): JobRecord | undefined;
  /** Takes an offered job. `undefined` when it is gone, taken or offered to another. */
  acquire(runner: RunnerRecord, requestId: string): JobRecord | undefined;
  /** Lengthens the lock; the new end, or `undefined` when the runner does not hold the job any more. */
  renew(runner: RunnerRecord, guid: string): number | undefined;
  /** The job that the runner holds under this id. */
  held(runner: RunnerRecord, guid: string): JobRecord | undefined;
  /** Whether the runner has a job in progress. */
  isBusy(runner: RunnerRecord): boolean;
  /** Removes a registration with its session; a job that it held fails as lost. */
  removeRunner(runner: RunnerRecord): void;
  /** Fails a job whose runner has gone silent. */
  lose(job: JobRecord): void;
}

function hasLabels(runner: RunnerRecord, wanted: string[]): boolean {
  const labels = new Set(runner.labels.map((label) => label.name.toLowerCase()));
  return wanted.every((label) => labels.has(label.toLowerCase()));
}

/** Creates the queue. */
export function createJobQueue({
  store,
  clock,
  runs,
  lockMs = usualLockMs,
}: {
  store: Store;
  clock: Clock;
  runs: Runs;
  lockMs?: number;
}): JobQueue {
  const { data } = store;
  const holds = (runner: RunnerRecord) => (job: JobRecord) =>
    job.status === 'in_progress' && job.runnerId === runner.id;
  const held: JobQueue['held'] = (runner, guid) =>
    data.jobs.find((job) => job.guid === guid && job.runnerId === runner.id && job.status === 'in_progress');

  const hasRoom = (run: RunRecord, job: JobRecord) => {
    const { key, maxParallel } = planOf(run, job);
    if (maxParallel === null) return true;
    const taken = store.jobsOf(run).filter((other) => other.offer !== null || other.status === 'in_progress');
    return taken.filter((other) => planOf(run, other).key === key).length < maxParallel;
  };

  const lose: JobQueue['lose'] = (job) => {
    job.annotations.push({ level: 'failure', title: job.name, message: lostRunner });
    runs.finishJob(job, 'failure');
  };

  const removeRunner: JobQueue['removeRunner'] = (runner) => {
    data.runners = data.runners.filter((other) => other.id !== runner.id);
    data.sessions = data.sessions.filter((session) => session.runnerId !== runner.id);
    for (const job of data.jobs) if (job.offer?.runnerId === runner.id) job.offer = null;
    for (const job of data.jobs.filter(holds(runner))) lose(job);
    store.changed();
  };

  return {
    openJobs: () => data.jobs.filter((job) => job.status !== 'completed'),
    offerTo(runner, open) {
      const isTaken = open.some((job) => job.offer?.runnerId === runner.id || holds(runner)(job));
      if (isTaken) return undefined;
      const job = open.find((candidate) => {
        if (candidate.status !== 'queued' || candidate.offer) return false;
        const run = store.run(candidate.runId);
        if (!run || run.repository !== runner.repository) return false;
        return hasLabels(runner, candidate.labels) && hasRoom(run, candidate);
      });
      if (job) job.offer = { runnerId: runner.id, expiresAtMs: clock.now() + offerMs };
      return job;
    },
    acquire(runner, requestId) {
      const job = data.jobs.find((candidate) => candidate.requestId === requestId);
      if (job?.status !== 'queued' || job.offer?.runnerId !== runner.id) return undefined;
      const now = clock.now();
      Object.assign(job, {
        status: 'in_progress',
        offer: null,
        runnerId: runner.id,
        runnerName: runner.name,
        startedAtMs: now,
        lockedUntilMs: now + lockMs,
      });
      const run = store.run(job.runId);
      if (run) run.updatedAtMs = now;
      store.changed();
      return job;
    },
    renew(runner, guid) {
      const job = held(runner, guid);
      if (!job) return undefined;
      job.lockedUntilMs = clock.now() + lockMs;
      store.touched();
      return job.lockedUntilMs;
    },
    held,
    isBusy: (runner) => data.jobs.some(holds(runner)),
    removeRunner,
    lose,
  };
}
