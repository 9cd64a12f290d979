/** Single jobs of a repository: that of a runner, those of a run. */
import type { ForgeRunJob } from '../forge.ts';
import type { GitHubHttp } from './http.ts';
import { runJob } from './rows.ts';
import { type Job, jobsOfRun, latestRuns } from './runs.ts';

/** Runs that are looked through for a job whose runner and start are known. */
const recentRuns = 10;
/** The listener stamps its lines with whole seconds, the forge with its own clock. */
const startToleranceMs = 60_000;

/** Finds the job that a runner began at about `startedAt`, whatever became of it. */
export async function jobOnRunner(
  http: GitHubHttp,
  repository: string,
  runnerName: string,
  startedAt: number,
  signal?: AbortSignal,
  jobName?: string,
): Promise<ForgeRunJob | null> {
  const runs = await latestRuns(http, repository, recentRuns, { signal });
  const jobs = await Promise.all(runs.map(({ id }) => jobsOfRun(http, repository, id, { signal })));
  const distance = (job: Job): number => Math.abs(Date.parse(job.started_at) - startedAt);
  const [nearest] = jobs
    .flat()
    .filter((job) => job.runner_name === runnerName && distance(job) < startToleranceMs)
    .filter(({ name }) => jobName === undefined || name === jobName)
    .sort((a, b) => distance(a) - distance(b));
  return nearest ? runJob(nearest) : null;
}

/** The jobs of a run's latest attempt. */
export async function listJobsOfRun(
  http: GitHubHttp,
  repository: string,
  runId: number,
  signal?: AbortSignal,
): Promise<ForgeRunJob[]> {
  return (await jobsOfRun(http, repository, runId, { signal })).map(runJob);
}
