/** Branches, tags and environments of a repository: what a workflow can be started on. */
import { everyPage, type GitHubHttp } from './http.ts';
import { actionsRead, contentsRead, repositoryCall } from './repository-call.ts';

/** Pages of 100 that are read of each; nobody picks from more. */
const mostPages = 10;

/** Names in the forge's order; of each the first thousand. */
export async function listRefs(
  http: GitHubHttp,
  repository: string,
  signal?: AbortSignal,
): Promise<{ branches: string[]; tags: string[] }> {
  const { owner, repo, call } = repositoryCall(repository, 'list the branches and tags of', contentsRead, {
    signal,
  });
  const { repos } = http.octokit.rest;
  const nameOf = ({ name }: { name: string }): string => name;
  const [branches, tags] = await Promise.all([
    http.run(call, (request) =>
      everyPage(
        (page) => repos.listBranches({ owner, repo, per_page: 100, page, request }),
        ({ data }) => data.map(nameOf),
        mostPages,
      ),
    ),
    http.run(call, (request) =>
      everyPage(
        (page) => repos.listTags({ owner, repo, per_page: 100, page, request }),
        ({ data }) => data.map(nameOf),
        mostPages,
      ),
    ),
  ]);
  return { branches, tags };
}

/** Names of the repository's environments. */
export async function listEnvironments(
  http: GitHubHttp,
  repository: string,
  signal?: AbortSignal,
): Promise<string[]> {
  const { owner, repo, call } = repositoryCall(repository, 'list the environments of', actionsRead, {
    signal,
  });
  const listed = await http.run(call, (request) =>
    everyPage(
      (page) => http.octokit.rest.repos.getAllEnvironments({ owner, repo, per_page: 100, page, request }),
      ({ data }) => data.environments ?? [],
      mostPages,
    ),
  );
  return listed.map(({ name }) => name);
}
