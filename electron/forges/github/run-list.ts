/** Runs that fit a question, page by page. */
import type { RunQuery } from '../../../shared/model.ts';
import type { ForgeRun } from '../forge.ts';
import type { GitHubHttp } from './http.ts';
import { actionsRead, repositoryCall } from './repository-call.ts';
import { forgeRun } from './rows.ts';
import type { Run } from './runs.ts';

interface RunPage {
  total_count: number;
  workflow_runs: Run[];
}

/**
 * One page of the runs that fit, the newest first. With a filter GitHub gives at most the latest 1,000 of them.
 * @throws TracksideError UNKNOWN when the repository or the workflow does not exist
 */
export async function listRuns(
  http: GitHubHttp,
  repository: string,
  query: Omit<RunQuery, 'repositoryId'>,
  signal?: AbortSignal,
): Promise<{ runs: ForgeRun[]; total: number; more: boolean }> {
  const { workflowId } = query;
  const subject = workflowId === null ? {} : { subject: `Workflow ${workflowId} of` };
  const { owner, repo, call } = repositoryCall(repository, 'read the runs of', actionsRead, {
    ...subject,
    signal,
  });
  const route: string =
    workflowId === null
      ? 'GET /repos/{owner}/{repo}/actions/runs'
      : 'GET /repos/{owner}/{repo}/actions/workflows/{workflow_id}/runs';
  // The filter takes `startup_failure` as well, as the GitHub CLI sends it; octokit's types leave it out.
  const answer = await http.run(call, (request) =>
    http.octokit.request(route, {
      owner,
      repo,
      ...(workflowId === null ? {} : { workflow_id: workflowId }),
      ...filtersOf(query),
      per_page: query.perPage,
      page: query.page,
      exclude_pull_requests: true,
      request,
    }),
  );
  const page: RunPage = answer.data;
  return {
    runs: page.workflow_runs.map(forgeRun),
    total: page.total_count,
    more: answer.headers.link?.includes('rel="next"') ?? false,
  };
}

/** What is not asked for is left out. */
function filtersOf({ status, branch, event, actor }: Omit<RunQuery, 'repositoryId'>): Record<string, string> {
  const filters = { status, branch, event, actor };
  return Object.fromEntries(
    Object.entries(filters).flatMap(([name, value]) => (value === null ? [] : [[name, value]])),
  );
}
