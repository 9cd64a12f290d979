/** Labels of a runner that is registered. */
import type { GitHubHttp } from './http.ts';
import { repositoryCall } from './repository-call.ts';

/**
 * Replaces a runner's custom labels; those that GitHub gave it stay. Gives all that it has afterwards.
 * @throws TracksideError UNKNOWN when there is no such runner, INVALID_REQUEST for what cannot be a label
 */
export async function setLabels(
  http: GitHubHttp,
  repository: string,
  runnerId: number,
  labels: string[],
  signal?: AbortSignal,
): Promise<string[]> {
  const write = { name: 'administration', level: 'write' } as const;
  const { owner, repo, call } = repositoryCall(
    repository,
    `change the labels of runner ${runnerId} of`,
    write,
    {
      subject: `Runner ${runnerId} of`,
      signal,
    },
  );
  const { data } = await http.run(call, (request) =>
    http.octokit.rest.actions.setCustomLabelsForSelfHostedRunnerForRepo({
      owner,
      repo,
      runner_id: runnerId,
      labels,
      request,
    }),
  );
  return data.labels.map(({ name }) => name);
}
