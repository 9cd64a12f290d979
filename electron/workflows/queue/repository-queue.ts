/** The queue of one repository: what was seen of it last, and its rows on the board. */
import type { BoardPublisher } from '../../board.ts';
import type { ForgeJob } from '../../forges/forge.ts';
import { createTableSync } from '../../forges/table-sync.ts';
import type { RepositorySight } from '../../forges/watch.ts';
import type { Clock } from '../../platform/clock.ts';
import type { QueueView } from '../../runners/queue-view.ts';
import type { JobDurations } from './durations.ts';
import { endedJobs } from './ended-jobs.ts';
import { foreignRunnerRows } from './foreign-runners.ts';
import { createRunnerMemory, lookAround, type Surroundings, troubleTellsAt } from './look-around.ts';
import { placeJobs } from './place-jobs.ts';
import { queueRows } from './queue-rows.ts';
import type { RunLookups, RunLookupsOptions } from './run-facts.ts';
import type { DepartedRunner } from './world.ts';

export interface RepositoryQueueOptions {
  board: BoardPublisher;
  clock: Clock;
  defaultLabels: readonly string[];
  isOurs(repositoryId: string, name: string): boolean;
  forgeOf: RunLookupsOptions['forgeOf'];
  view: Pick<QueueView, 'takers'>;
  durations: JobDurations;
  lookups: RunLookups;
  departed(repositoryId: string): readonly DepartedRunner[];
  wokeAt(): number | null;
}

export interface RepositoryQueue {
  seen(sight: RepositorySight): void;
  /** Makes the rows anew. @returns when time alone will change them; null when it cannot */
  refresh(): number | null;
  /** Takes its rows off the board. */
  stop(): void;
}

export function createRepositoryQueue(
  repositoryId: string,
  options: RepositoryQueueOptions,
): RepositoryQueue {
  const { board, clock, lookups } = options;
  const waits = createTableSync(board, 'waits');
  const jobs = createTableSync(board, 'jobs');
  const foreign = createTableSync(board, 'foreignRunners');
  const memory = createRunnerMemory();
  let sight: RepositorySight | null = null;
  let seenAt = 0;
  let runnersReadAt = 0;

  const learn = (before: RepositorySight, after: RepositorySight, now: number): void => {
    if (before.jobs === after.jobs) return;
    const ended = endedJobs({
      ...{ before: before.jobs, after: after.jobs, now, gapMs: now - seenAt },
      shifts: Object.values(board.current().shifts).filter((shift) => shift.repositoryId === repositoryId),
    });
    for (const { workflow, name, durationMs } of ended) {
      options.durations.learn({ repositoryId, workflow, name }, durationMs);
    }
  };

  /** Jobs that our own runners took since the forge was asked run already. */
  const withTakers = (listed: readonly ForgeJob[]): ForgeJob[] => {
    const takers = options.view.takers(repositoryId);
    if (takers.size === 0) return [...listed];
    const runners = Object.values(board.current().runners).filter((row) => row.repositoryId === repositoryId);
    return listed.map((job) => {
      const runnerName = job.status === 'queued' ? takers.get(job.id) : undefined;
      const runner = runnerName === undefined ? undefined : runners.find(({ name }) => name === runnerName);
      if (!runner?.job) return job;
      return { ...job, status: 'in_progress', runnerName: runner.name, startedAt: runner.job.startedAt };
    });
  };

  const editUrl = ({ branch, workflowPath }: ForgeJob): string | null => {
    if (branch === null || workflowPath === null) return null;
    try {
      const { forge, fullName } = options.forgeOf(repositoryId);
      return forge.editPage(fullName, branch, workflowPath);
    } catch {
      return null;
    }
  };

  return {
    seen(fresh) {
      const now = clock.now();
      if (sight) learn(sight, fresh, now);
      if (fresh.runners !== sight?.runners) runnersReadAt = now;
      memory.seen(fresh, now);
      lookups.keep(repositoryId, fresh.jobs);
      // Groups and status come in between looks, also while those fail.
      if (fresh.jobs !== sight?.jobs) seenAt = now;
      sight = fresh;
    },
    refresh() {
      const repository = board.current().repositories[repositoryId];
      if (!sight || !repository) return null;
      seenAt = Math.max(seenAt, repository.checkedAt ?? 0);
      const listed = withTakers(sight.jobs);
      const around: Surroundings = {
        ...{
          board: board.current(),
          repository,
          sight: { ...sight, jobs: listed },
          seenAt,
          runnersReadAt,
          memory,
        },
        departed: options.departed(repositoryId),
        wokeAt: options.wokeAt(),
        defaultLabels: options.defaultLabels,
        now: clock.now(),
      };
      const world = lookAround(around);
      const rows = queueRows({
        ...{ repositoryId, jobs: listed, world, editUrl },
        file: (job) => lookups.file(repositoryId, job),
        gates: (job) => lookups.gates(repositoryId, job),
      });
      waits.replace(rows.waits);
      jobs.replace(placeJobs({ rows, world, durations: options.durations, shown: board.current().jobs }));
      foreign.replace(foreignRunnerRows(repositoryId, sight, (name) => options.isOurs(repositoryId, name)));
      const times = [rows.changesAt, troubleTellsAt(around)].filter((time) => time !== null);
      // What is overdue waits for another look.
      const ahead = times.filter((time) => time > around.now);
      return ahead.length > 0 ? Math.min(...ahead) : null;
    },
    stop() {
      lookups.keep(repositoryId, []);
      jobs.replace([]);
      waits.replace([]);
      foreign.replace([]);
    },
  };
}
