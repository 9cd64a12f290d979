/** Runner groups of the organisation that a repository belongs to, those of its enterprise included. */
import type { components } from '@octokit/openapi-types';
import { TracksideError } from '../../../shared/errors.ts';
import type { ForgeRunner, RequestMeter, RunnerGroup } from '../forge.ts';
import type { Call } from './errors.ts';
import { everyPage, type GitHubHttp, type RequestOptions } from './http.ts';
import { repositoryCall } from './repository-call.ts';
import { forgeRunner } from './runners.ts';

type ListedGroup = components['schemas']['runner-groups-org'];

interface Asking {
  http: GitHubHttp;
  call: Call;
  org: string;
}

/** Groups whose runners are listed at most; those that serve the repository come first. */
const mostGroups = 20;

/**
 * Those that serve the repository first, each with its runners and, of the others, why it does not. Null where the token
 * may not see them, and for a repository of a person, who has none.
 */
export async function runnerGroups(
  http: GitHubHttp,
  repository: string,
  signal?: AbortSignal,
  meter?: RequestMeter,
): Promise<RunnerGroup[] | null> {
  const { owner, repo, fullName, call } = repositoryCall(
    repository,
    'list the runner groups above',
    // Of the organisation; classic tokens need admin:org.
    { name: 'organization_self_hosted_runners', level: 'read' },
    { subject: 'The runner groups above', signal, meter },
  );
  try {
    const { data } = await http.run(call, (request) => http.octokit.rest.repos.get({ owner, repo, request }));
    if (data.owner.type !== 'Organization') return null;
    const asking = { http, call, org: owner };
    const [all, visible] = await Promise.all([listGroups(asking), listGroups(asking, repo)]);
    const serving = new Set(visible.map(({ id }) => id));
    const sorted = [...visible, ...all.filter(({ id }) => !serving.has(id))].slice(0, mostGroups);
    return await Promise.all(
      sorted.map(async (group) => ({
        name: group.name,
        excluded: serving.has(group.id) ? null : whyExcluded(group, fullName, !data.private),
        runners: await runnersOf(asking, group),
      })),
    );
  } catch (error) {
    const hidden = error instanceof TracksideError && ['UNKNOWN', 'PERMISSION_MISSING'].includes(error.code);
    if (hidden) return null;
    throw error;
  }
}

/** All groups, or those that serve a repository of the organisation. */
function listGroups({ http, call, org }: Asking, visibleTo?: string): Promise<ListedGroup[]> {
  return http.run(call, (request) =>
    everyPage(
      (page) =>
        http.octokit.request('GET /orgs/{org}/actions/runner-groups', {
          org,
          ...(visibleTo === undefined ? {} : { visible_to_repository: visibleTo }),
          per_page: 100,
          page,
          request,
        }),
      ({ data }) => data.runner_groups,
    ),
  );
}

async function runnersOf({ http, call, org }: Asking, group: ListedGroup): Promise<ForgeRunner[]> {
  const ask = (request: RequestOptions, page: number) =>
    http.octokit.request('GET /orgs/{org}/actions/runner-groups/{runner_group_id}/runners', {
      org,
      runner_group_id: group.id,
      per_page: 100,
      page,
      request,
    });
  const listed = await http.run(call, (request) =>
    everyPage(
      (page) => ask(request, page),
      ({ data }) => data.runners,
    ),
  );
  return listed.map(forgeRunner);
}

/** By what GitHub tells of the group: its visibility, and whether it is for public repositories. */
function whyExcluded(group: ListedGroup, fullName: string, isPublic: boolean): string {
  if (isPublic && !group.allows_public_repositories)
    return `The runner group ${group.name} is not for public repositories, and ${fullName} is public.`;
  if (group.visibility === 'selected')
    return `The runner group ${group.name} serves selected repositories only, and ${fullName} is not one of them.`;
  if (group.visibility === 'private' && isPublic)
    return `The runner group ${group.name} serves private repositories only, and ${fullName} is public.`;
  return `The runner group ${group.name} does not serve ${fullName}.`;
}
