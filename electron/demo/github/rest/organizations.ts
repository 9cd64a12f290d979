/** Runners and runner groups of an organisation. */
import type { components } from '@octokit/openapi-types';
import { minimalRepositoryBody } from '../bodies/repository-body.ts';
import { type DemoContext, type DemoRouter, numberParam, organizationOf, type Request } from '../context.ts';
import { notFound, type Reply } from '../http.ts';
import { groupServes, type RunnerGroup } from '../organizations.ts';
import { pageOf } from '../paging.ts';
import type { Repository } from '../repositories.ts';
import { accountOf } from './accounts.ts';
import { createToken, listRunners, removeRunner, runnerBody, runnerParam } from './runners.ts';

function groupBody(request: Request, group: RunnerGroup): components['schemas']['runner-groups-org'] {
  const url = `${request.addresses.api}/orgs/${organizationOf(request).login}/actions/runner-groups/${group.id}`;
  return {
    id: group.id,
    name: group.name,
    visibility: group.visibility,
    default: group.isDefault,
    ...(group.visibility === 'selected' ? { selected_repositories_url: `${url}/repositories` } : {}),
    runners_url: `${url}/runners`,
    hosted_runners_url: `${url}/hosted-runners`,
    inherited: false,
    allows_public_repositories: group.allowsPublicRepositories,
    restricted_to_workflows: false,
    selected_workflows: [],
    workflow_restrictions_read_only: false,
  };
}

function groupParam(request: Request): RunnerGroup {
  const wanted = numberParam(request, 'groupId');
  const group = organizationOf(request).groups.find(({ id }) => id === wanted);
  if (!group) throw notFound();
  return group;
}

/** The repository of the organisation with this name, whatever its case. */
function repositoryNamed(context: DemoContext, request: Request, name: string): Repository | undefined {
  return context.repositories.find(organizationOf(request).login, name);
}

/** With `visible_to_repository` only the groups whose runners take jobs of that repository. */
function groups(context: DemoContext, request: Request): Reply {
  const name = request.query.get('visible_to_repository');
  const repository = name ? repositoryNamed(context, request, name) : undefined;
  if (name && !repository) throw notFound();
  const fitting = organizationOf(request).groups.filter(
    (group) => !repository || groupServes(group, repository),
  );
  const page = pageOf(request, fitting);
  const runner_groups = page.items.map((group) => groupBody(request, group));
  return { status: 200, body: { total_count: page.total, runner_groups }, headers: page.headers };
}

/** The repositories of a group that serves selected ones. */
function repositories(context: DemoContext, request: Request): Reply {
  const { selected } = groupParam(request);
  const owner = accountOf(context, organizationOf(request).login);
  const found = selected.flatMap((fullName) => context.repositories.byFullName(fullName) ?? []);
  const page = pageOf(request, found);
  const body = page.items.map((repository) => minimalRepositoryBody(repository, owner, request.addresses));
  return { status: 200, body: { total_count: page.total, repositories: body }, headers: page.headers };
}

/** Adds the routes under `/orgs/{org}/actions`. */
export function addOrganizationRoutes(router: DemoRouter, context: DemoContext): void {
  const permission = 'organization_self_hosted_runners';
  const read = { kind: 'organization', permission: [permission, 'read'] } as const;
  const write = { kind: 'organization', permission: [permission, 'write'] } as const;
  const runners = '/orgs/:org/actions/runners';
  router.add('GET', runners, { access: read, handle: (r) => listRunners(context, r) });
  router.add('GET', `${runners}/:runnerId`, {
    access: read,
    handle: (r) => ({ status: 200, body: runnerBody(context, r, runnerParam(context, r)) }),
  });
  router.add('DELETE', `${runners}/:runnerId`, { access: write, handle: (r) => removeRunner(context, r) });
  for (const [path, kind] of [
    ['registration-token', 'register'],
    ['remove-token', 'remove'],
  ] as const) {
    const handle = (request: Request) => createToken(context, request, kind);
    router.add('POST', `${runners}/${path}`, { access: write, handle });
  }
  const group = '/orgs/:org/actions/runner-groups';
  router.add('GET', group, { access: read, handle: (r) => groups(context, r) });
  router.add('GET', `${group}/:groupId`, {
    access: read,
    handle: (r) => ({ status: 200, body: groupBody(r, groupParam(r)) }),
  });
  router.add('GET', `${group}/:groupId/runners`, {
    access: read,
    handle: (r) => listRunners(context, r, groupParam(r).id),
  });
  router.add('GET', `${group}/:groupId/repositories`, {
    access: read,
    handle: (r) => repositories(context, r),
  });
}
