/** Single jobs of a repository: that of a runner, those of a run, running one again. */
import { TracksideError } from '../../../shared/errors.ts';
import type { ForgeRunJob } from '../forge.ts';
import { parseRepository } from './addresses.ts';
import { answerOf, wordsOf } from './answers.ts';
import type { GitHubHttp } from './http.ts';
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

function runJob(job: Job): ForgeRunJob {
  const hasBegun = job.status !== 'queued' && job.status !== 'waiting';
  return {
    id: Number(job.id),
    runId: Number(job.run_id),
    runAttempt: job.run_attempt ?? 1,
    name: job.name,
    url: job.html_url,
    ended: job.status === 'completed',
    conclusion: job.conclusion,
    runnerName: job.runner_name || null,
    startedAt: hasBegun ? Date.parse(job.started_at) : null,
    endedAt: job.completed_at ? Date.parse(job.completed_at) : null,
  };
}

/** What GitHub says with 403, its code for a missing right as well, when a run as it is cannot be repeated. */
const notNow = /already running|unable to (retry|re-?run)|cannot be (retried|re-?run)/i;

/** Runs a finished job again. @throws TracksideError CONFLICT while its run goes on, or when it is too old */
export async function rerunJob(
  http: GitHubHttp,
  repository: string,
  jobId: number,
  signal?: AbortSignal,
): Promise<void> {
  const { owner, name: repo, fullName } = parseRepository(repository);
  const subject = `Job ${jobId} of ${fullName}`;
  const call = {
    doing: `run job ${jobId} of ${fullName} again`,
    subject,
    permission: { name: 'actions', level: 'write' } as const,
    signal,
    once: true,
  };
  await http.run(call, (request) =>
    http.octokit.rest.actions
      .reRunJobForWorkflowRun({ owner, repo, job_id: jobId, request })
      .catch((error: unknown) => {
        const answer = answerOf(error);
        const words = answer?.status === 403 ? wordsOf(answer) : '';
        if (!notNow.test(words)) throw error;
        throw new TracksideError('CONFLICT', `${subject} cannot be run again now: ${words}`, {
          remedy: 'Run it again on the forge when its run has ended.',
        });
      }),
  );
}
