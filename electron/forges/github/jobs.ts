/** The jobs of a repository: those queued and running, that of a runner, running one again. */
import type { components } from '@octokit/openapi-types';
import { TracksideError } from '../../../shared/errors.ts';
import type { ForgeJob } from '../forge.ts';
import { parseRepository } from './addresses.ts';
import { answerOf, type Permission, wordsOf } from './answers.ts';
import { everyPage, type GitHubHttp } from './http.ts';

type Run = components['schemas']['workflow-run'];
type Job = components['schemas']['job'];

/**
 * Statuses of runs that can hold queued or running jobs. A run in which one job waits for an approval is `waiting` while
 * its other jobs go on; `pending` and `requested` runs have no job yet that a runner could take.
 */
const statuses = ['queued', 'in_progress', 'waiting'] as const;

const readActions: Permission = { name: 'actions', level: 'read' };

async function activeRuns(http: GitHubHttp, repository: string, signal?: AbortSignal): Promise<Run[]> {
  const { owner, name: repo, fullName } = parseRepository(repository);
  const call = {
    doing: `read the runs of ${fullName}`,
    subject: `The repository ${fullName}`,
    permission: readActions,
    signal,
  };
  const lists = await http.run(call, (request) =>
    Promise.all(
      statuses.map((status) =>
        everyPage(
          (page) =>
            http.octokit.rest.actions.listWorkflowRunsForRepo({
              owner,
              repo,
              status,
              per_page: 100,
              page,
              exclude_pull_requests: true,
              request,
            }),
          ({ data }) => data.workflow_runs,
        ),
      ),
    ),
  );
  // A run that moved on between two of the questions is in both lists.
  return [...new Map(lists.flat().map((run) => [run.id, run])).values()];
}

async function jobsOf(http: GitHubHttp, repository: string, run: Run, signal?: AbortSignal): Promise<Job[]> {
  const { owner, name: repo, fullName } = parseRepository(repository);
  const call = {
    doing: `read the jobs of ${fullName}`,
    subject: `Run ${run.id} of ${fullName}`,
    permission: readActions,
    signal,
  };
  return http.run(call, (request) =>
    everyPage(
      (page) =>
        http.octokit.rest.actions.listJobsForWorkflowRun({
          owner,
          repo,
          run_id: Number(run.id),
          filter: 'latest',
          per_page: 100,
          page,
          request,
        }),
      ({ data }) => data.jobs,
    ),
  );
}

function forgeJob(job: Job, run: Run, status: ForgeJob['status']): ForgeJob {
  const running = status === 'in_progress';
  return {
    id: Number(job.id),
    runId: Number(run.id),
    runAttempt: job.run_attempt ?? 1,
    name: job.name,
    workflow: job.workflow_name ?? run.name ?? run.path,
    branch: run.head_branch,
    labels: job.labels,
    status,
    queuedAt: Date.parse(job.created_at),
    // For a queued job GitHub gives the time of its creation here.
    startedAt: running ? Date.parse(job.started_at) : null,
    runnerName: running ? job.runner_name || null : null,
    runnerId: running ? job.runner_id || null : null,
    url: job.html_url,
  };
}

/** Queued and running jobs, the longest waiting first. A run that is deleted meanwhile is left out. */
export async function activeJobs(
  http: GitHubHttp,
  repository: string,
  signal?: AbortSignal,
): Promise<ForgeJob[]> {
  const runs = await activeRuns(http, repository, signal);
  const perRun = await Promise.all(
    runs.map(async (run) => {
      const jobs = await jobsOf(http, repository, run, signal).catch((error: unknown) => {
        if (error instanceof Error && 'code' in error && error.code === 'UNKNOWN') return [];
        throw error;
      });
      return jobs.flatMap((job) =>
        job.status === 'queued' || job.status === 'in_progress' ? [forgeJob(job, run, job.status)] : [],
      );
    }),
  );
  return perRun.flat().sort((a, b) => a.queuedAt - b.queuedAt || a.id - b.id);
}

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
): Promise<{ id: number; url: string | null } | null> {
  const { owner, name: repo, fullName } = parseRepository(repository);
  const call = {
    doing: `read the runs of ${fullName}`,
    subject: `The repository ${fullName}`,
    permission: readActions,
    signal,
  };
  const { data } = await http.run(call, (request) =>
    http.octokit.rest.actions.listWorkflowRunsForRepo({
      owner,
      repo,
      per_page: recentRuns,
      exclude_pull_requests: true,
      request,
    }),
  );
  const jobs = await Promise.all(data.workflow_runs.map((run) => jobsOf(http, repository, run, signal)));
  const distance = (job: Job): number => Math.abs(Date.parse(job.started_at) - startedAt);
  const [nearest] = jobs
    .flat()
    .filter((job) => job.runner_name === runnerName && distance(job) < startToleranceMs)
    .sort((a, b) => distance(a) - distance(b));
  return nearest ? { id: Number(nearest.id), url: nearest.html_url } : null;
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
