/** Repositories that a token can see. */

import { TracksideError } from '../../../shared/errors.ts';
import type { RepositoryChoice } from '../../../shared/model.ts';
import type { RepositoryFacts } from '../forge.ts';
import { parseRepository } from './addresses.ts';
import { everyPage, type GitHubHttp } from './http.ts';

interface Described {
  full_name: string;
  private: boolean;
  visibility?: string;
  permissions?: { admin?: boolean };
}

function visibilityOf(repository: Described): RepositoryChoice['visibility'] {
  if (repository.visibility === 'internal') return 'internal';
  return repository.private ? 'private' : 'public';
}

/** @throws TracksideError UNKNOWN when it does not exist or the token cannot see it */
export async function repositoryFacts(
  http: GitHubHttp,
  repository: string,
  signal?: AbortSignal,
): Promise<RepositoryFacts> {
  const { owner, name: repo, fullName } = parseRepository(repository);
  const call = { doing: `see the repository ${fullName}`, subject: `The repository ${fullName}`, signal };
  const { data } = await http.run(call, (request) => http.octokit.rest.repos.get({ owner, repo, request }));
  return {
    fullName: data.full_name,
    visibility: visibilityOf(data),
    defaultBranch: data.default_branch,
    webUrl: data.html_url,
    admin: data.permissions?.admin ?? false,
  };
}

/** All repositories of the token's owner that it sees, those it administers first, then by last push. */
export async function visibleRepositories(
  http: GitHubHttp,
  signal?: AbortSignal,
): Promise<RepositoryChoice[]> {
  const call = { doing: 'list repositories', subject: 'The list of repositories', signal };
  const listed = await http.run(call, (request) =>
    everyPage(
      (page) =>
        http.octokit.rest.repos.listForAuthenticatedUser({ per_page: 100, page, sort: 'pushed', request }),
      ({ data }) => data,
    ),
  );
  const choices = listed.map((repository) => ({
    fullName: repository.full_name,
    visibility: visibilityOf(repository),
    admin: repository.permissions?.admin ?? false,
  }));
  return choices.sort((a, b) => Number(b.admin) - Number(a.admin));
}

/**
 * Repositories whose name contains `search`. A whole name that is not listed, such as one of an organisation that the
 * token was not made for, is asked for by itself.
 */
export async function repositoryChoices(
  http: GitHubHttp,
  search: string,
  signal?: AbortSignal,
): Promise<RepositoryChoice[]> {
  const wanted = search.trim().toLowerCase();
  const all = await visibleRepositories(http, signal);
  const matching = all.filter(({ fullName }) => fullName.toLowerCase().includes(wanted));
  if (matching.length > 0 || !wanted.includes('/')) return matching;
  try {
    const { fullName, visibility, admin } = await repositoryFacts(http, search, signal);
    return [{ fullName, visibility, admin }];
  } catch (error) {
    const none = ['UNKNOWN', 'INVALID_REQUEST', 'PERMISSION_MISSING'];
    if (error instanceof TracksideError && none.includes(error.code)) return [];
    throw error;
  }
}
