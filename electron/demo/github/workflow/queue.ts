/** Matches queued jobs with idle runners, and knows who holds which job. */
import type { Clock } from '../../../platform/clock.ts';
import type { JobRecord, RunnerRecord, RunRecord } from '../model.ts';
import { groupOf } from '../organizations.ts';
import type { Store } from '../store.ts';
import { planOf } from './contexts.ts';
import { annotate } from './job-records.ts';
import type { Runs } from './runs.ts';

const offerMs = 60_000;
/** GitHub gives a job up when its runner has not renewed its lock for so long. */
const usualLockMs = 600_000;

const lostRunner =
  'The self-hosted runner lost communication with the server. Verify the machine is running and has a healthy network connection. Anything in your workflow that terminates the runner process, starves it for CPU/Memory, or blocks its network access can cause this error.';

/** Good as long as nothing changes but by itself. */
export interface OfferRound {
  /** Sends the oldest job that fits it to an idle runner; `undefined` when there is none or it has one. */
  offerTo(runner: RunnerRecord): JobRecord | undefined;
}

export interface JobQueue {
  /** Looks at what waits for a runner now. */
  round(): OfferRound;
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

/** Jobs that ask for the same labels in the same repository, oldest first. */
interface Demand {
  repository: string;
  labels: string[];
  jobs: { job: JobRecord; run: RunRecord; place: number }[];
}

/** Few even when many jobs wait: they come of matrices. */
function demandsOf(store: Store, open: readonly JobRecord[]): Demand[] {
  const demands = new Map<string, Demand>();
  for (const [place, job] of open.entries()) {
    const run = job.status === 'queued' && !job.offer ? store.run(job.runId) : undefined;
    if (!run) continue;
    const labels = job.labels.map((label) => label.toLowerCase());
    const key = JSON.stringify([run.repository, labels]);
    const demand = demands.get(key) ?? { repository: run.repository, labels, jobs: [] };
    demand.jobs.push({ job, run, place });
    demands.set(key, demand);
  }
  return [...demands.values()];
}

/** Creates the queue. */
export function createJobQueue({
  store,
  clock,
  runs,
  mayServe,
  isStalled,
  lockMs = usualLockMs,
}: {
  store: Store;
  clock: Clock;
  runs: Runs;
  /** Whether the runner is there for jobs of the repository (`owner/name`). */
  mayServe: (runner: RunnerRecord, repository: string) => boolean;
  /** Whether a job of the repository is held back from the runner. Asked before each offer. */
  isStalled: (runner: RunnerRecord, repository: string) => boolean;
  lockMs?: number;
}): JobQueue {
  const { data } = store;
  const holds = (runner: RunnerRecord) => (job: JobRecord) =>
    job.status === 'in_progress' && job.runnerId === runner.id;
  const held: JobQueue['held'] = (runner, guid) =>
    store.openJobs().find((job) => job.guid === guid && holds(runner)(job));

  const hasRoom = (run: RunRecord, job: JobRecord) => {
    const { key, maxParallel } = planOf(run, job);
    if (maxParallel === null) return true;
    const taken = store.jobsOf(run).filter((other) => other.offer !== null || other.status === 'in_progress');
    return taken.filter((other) => planOf(run, other).key === key).length < maxParallel;
  };

  const lose: JobQueue['lose'] = (job) => {
    annotate(job, lostRunner);
    runs.finishJob(job, 'failure');
  };

  const removeRunner: JobQueue['removeRunner'] = (runner) => {
    data.runners = data.runners.filter((other) => other.id !== runner.id);
    data.sessions = data.sessions.filter((session) => session.runnerId !== runner.id);
    const open = store.openJobs();
    for (const job of open) if (job.offer?.runnerId === runner.id) job.offer = null;
    for (const job of open.filter(holds(runner))) lose(job);
    store.changed();
  };

  return {
    round() {
      const open = store.openJobs();
      const demands = demandsOf(store, open);
      const taken = new Set(open.flatMap(({ offer, runnerId }) => offer?.runnerId ?? runnerId ?? []));
      return {
        offerTo(runner) {
          if (taken.has(runner.id)) return undefined;
          const labels = new Set(runner.labels.map(({ name }) => name.toLowerCase()));
          const fitting = demands
            .filter((demand) => demand.labels.every((label) => labels.has(label)))
            .filter(({ repository }) => mayServe(runner, repository))
            .flatMap(({ jobs }) => jobs.find(({ job, run }) => !job.offer && hasRoom(run, job)) ?? []);
          const first = fitting
            .sort((a, b) => a.place - b.place)
            .find(({ run }) => !isStalled(runner, run.repository));
          if (!first) return undefined;
          first.job.offer = { runnerId: runner.id, expiresAtMs: clock.now() + offerMs };
          taken.add(runner.id);
          return first.job;
        },
      };
    },
    acquire(runner, requestId) {
      const job = store.openJobs().find((candidate) => candidate.requestId === requestId);
      if (job?.status !== 'queued' || job.offer?.runnerId !== runner.id) return undefined;
      const now = clock.now();
      Object.assign(job, {
        status: 'in_progress',
        offer: null,
        runnerId: runner.id,
        runnerName: runner.name,
        runnerGroup: groupOf(runner),
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
    isBusy: (runner) => store.openJobs().some(holds(runner)),
    removeRunner,
    lose,
  };
}
