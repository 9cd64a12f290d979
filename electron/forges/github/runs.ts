/** Lists of a repository's runs, and the jobs of one run. */
import type { components } from '@octokit/openapi-types';
import type { RequestMeter } from '../forge.ts';
import { everyPage, type GitHubHttp } from './http.ts';
import { actionsRead, repositoryCall } from './repository-call.ts';

export type Run = components['schemas']['workflow-run'];
export type Job = components['schemas']['job'];

/**
 * Statuses of runs that have not ended. A run in which one job waits for an approval is `waiting` while its other jobs go
 * on; one that waits for its concurrency group is `pending`; one that GitHub has only just made is `requested`.
 */
export const activeStatuses = ['queued', 'in_progress', 'waiting', 'pending', 'requested'] as const;
export type ActiveStatus = (typeof activeStatuses)[number];

/** Who asks, and on whose account. */
interface Asking {
  signal?: AbortSignal;
  meter?: RequestMeter;
}

/**
 * The latest runs, whatever became of them, the newest first. The very same array as before when nothing changed.
 * @param count up to 100
 */
export async function latestRuns(
  http: GitHubHttp,
  repository: string,
  count: number,
  asking: Asking = {},
): Promise<Run[]> {
  const { owner, repo, call } = repositoryCall(repository, 'read the runs of', actionsRead, asking);
  const { data } = await http.run(call, (request) =>
    http.octokit.rest.actions.listWorkflowRunsForRepo({
      owner,
      repo,
      per_page: count,
      exclude_pull_requests: true,
      request,
    }),
  );
  return data.workflow_runs;
}

/** All runs of that status, page by page. Pages that did not change are the very same arrays as before. */
export async function runsWithStatus(
  http: GitHubHttp,
  repository: string,
  status: ActiveStatus,
  asking: Asking = {},
): Promise<Run[][]> {
  const { owner, repo, call } = repositoryCall(repository, 'read the runs of', actionsRead, asking);
  return http.run(call, (request) =>
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
      ({ data }) => [data.workflow_runs],
    ),
  );
}

/** The jobs of the run's latest attempt, whatever their state. @throws TracksideError UNKNOWN when it is deleted */
export async function jobsOfRun(
  http: GitHubHttp,
  repository: string,
  runId: Run['id'],
  asking: Asking = {},
): Promise<Job[]> {
  const { owner, repo, call } = repositoryCall(repository, 'read the jobs of', actionsRead, {
    subject: `Run ${runId} of`,
    ...asking,
  });
  return http.run(call, (request) =>
    everyPage(
      (page) =>
        http.octokit.rest.actions.listJobsForWorkflowRun({
          owner,
          repo,
          run_id: Number(runId),
          filter: 'latest',
          per_page: 100,
          page,
          request,
        }),
      ({ data }) => data.jobs,
    ),
  );
}
