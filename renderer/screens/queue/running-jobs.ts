/** What runs, and where: as our runners tell it themselves, and as the forge tells it of others. */
import type { Board } from '../../../shared/board.ts';
import type { Job } from '../../../shared/model.ts';
import { byName } from '../overview/track-model.ts';

export interface RunningJob {
  key: string;
  name: string;
  startedAt: number;
  url: string | null;
  runnerName: string;
  repositoryId: string;
  /** Null for a runner that is not managed here. */
  runnerId: string | null;
  /** The forge's row; null until it tells of the job. */
  job: Job | null;
}

/** Jobs on our runners by the runners' names, then those the forge tells of other runners. */
export function runningJobs({ runners, jobs }: Pick<Board, 'runners' | 'jobs'>): RunningJob[] {
  const told = Object.values(jobs).filter(({ status }) => status === 'in_progress');
  const byRunner = new Map(told.map((job) => [runnerKey(job.repositoryId, job.runnerName), job]));
  const ours = byName(Object.values(runners)).flatMap<RunningJob>(({ id, name, job, repositoryId }) => {
    if (job === null) return [];
    const row = byRunner.get(runnerKey(repositoryId, name)) ?? null;
    return { ...job, key: id, repositoryId, runnerName: name, runnerId: id, job: row };
  });
  const names = new Set(Object.values(runners).map(({ name }) => name));
  const elsewhere = told.flatMap<RunningJob>((job) => {
    const { id, name, startedAt, queuedAt, url, repositoryId, runnerName } = job;
    if (runnerName === null || names.has(runnerName)) return [];
    const began = startedAt ?? queuedAt;
    return { key: id, name, startedAt: began, url, repositoryId, runnerName, runnerId: null, job };
  });
  return [...ours, ...elsewhere];
}

const runnerKey = (repositoryId: string, runnerName: string | null): string =>
  `${repositoryId} ${runnerName ?? ''}`;
