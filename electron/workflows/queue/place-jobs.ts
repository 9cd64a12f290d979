/** Gives queued jobs their places and estimates: who could take them, and when those are free. */
import type { Job } from '../../../shared/model.ts';
import { type JobDurations, medianOf, remainingOf } from './durations.ts';
import { createLabelKeys } from './labels.ts';
import { type LineGroup, serveLine, steadyEstimate } from './line.ts';
import { conditionOf, holdersOf } from './matching.ts';
import type { QueueRows } from './queue-rows.ts';
import type { World, WorldRunner } from './world.ts';

/** Jobs that wait for nothing but runners that have something to do. */
const inLine: readonly string[] = ['all-busy', 'held', 'dispatching'];

interface Input {
  rows: Pick<QueueRows, 'jobs' | 'reasons'>;
  world: World;
  durations: Pick<JobDurations, 'of'>;
  /** The rows as they are shown. */
  shown: Readonly<Record<string, Job>>;
}

/** The rows again, the queued ones with position and estimate. */
export function placeJobs({ rows, world, durations, shown }: Input): Job[] {
  const queued = rows.jobs.filter(({ status, jobId }) => status === 'queued' && jobId !== null);
  if (queued.length === 0) return rows.jobs;
  const usual = usualOf(world, durations);
  const keyOf = createLabelKeys(world.labelsIgnoreCase);
  const keys = new Map(queued.map(({ id, labels }) => [id, keyOf(labels)]));
  const taking = world.runners.filter(
    (runner) => runner.excluded === null && ['busy', 'idle'].includes(conditionOf(runner, world)),
  );
  const groups = new Map<string, LineGroup>();
  for (const job of queued) {
    const key = keys.get(job.id) ?? '';
    if (groups.has(key)) continue;
    const runners = job.labels.length === 0 ? [] : holdersOf(job.labels, taking, world);
    groups.set(key, { key, runners: runners.map(({ name }) => name) });
  }
  const places = serveLine({
    now: world.now,
    jobs: queued.map((job) => ({
      id: job.id,
      group: keys.get(job.id) ?? '',
      queuedAt: job.queuedAt,
      usualMs: medianOf(usual(job.workflow, job.name)),
    })),
    groups: [...groups.values()],
    freeAt: new Map(taking.map((runner) => [runner.name, freeAt(runner, rows.jobs, world, usual)])),
  });
  return rows.jobs.map((job) => {
    const place = places.get(job.id);
    if (!place) return job;
    const kind = job.waitId === null ? undefined : rows.reasons.get(job.waitId)?.kind;
    const fresh = kind !== undefined && inLine.includes(kind) ? place.estimate : null;
    const estimate = steadyEstimate(shown[job.id]?.estimate ?? null, fresh, world.now);
    return { ...job, position: place.position, estimate };
  });
}

type Usual = (workflow: string | null, name: string) => readonly number[];

/** The history is asked once for each kind of job. */
function usualOf({ repository }: World, durations: Pick<JobDurations, 'of'>): Usual {
  const known = new Map<string, readonly number[]>();
  return (workflow, name) => {
    const key = `${workflow}\n${name}`;
    const found = known.get(key) ?? durations.of({ repositoryId: repository.id, workflow, name });
    known.set(key, found);
    return found;
  };
}

/** When a runner can take the next job; null where that cannot be told. */
function freeAt(runner: WorldRunner, jobs: readonly Job[], world: World, usual: Usual): number | null {
  if (conditionOf(runner, world) === 'idle') return world.now;
  const { job } = runner;
  if (job === null || job.since === null) return null;
  const row = jobs.find(({ runnerName, status }) => status === 'in_progress' && runnerName === runner.name);
  const remaining = remainingOf(usual(row?.workflow ?? null, job.name), world.now - job.since);
  return remaining === null ? null : world.now + remaining;
}
