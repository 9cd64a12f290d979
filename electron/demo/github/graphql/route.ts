/** The part of GitHub's GraphQL schema that its command line asks for: the viewer and repositories. */
import { nodeId, timestamp } from '../bodies/repository-body.ts';
import type { DemoContext, DemoRouter, Request } from '../context.ts';
import { loginOf } from '../context.ts';
import { ApiError, type Reply } from '../http.ts';
import type { Account, Repository } from '../repositories.ts';
import { objectOf } from '../workflow/workflow-file.ts';
import { executeQuery, FieldError, type Schema } from './execute.ts';

const permissionNames = { admin: 'ADMIN', write: 'WRITE', read: 'READ' } as const;
const createdAt = '2026-01-05T08:00:00Z';

function accountFields({ addresses }: Request): Schema[string] {
  return {
    id: (account: Account) => nodeId(account.type === 'User' ? 'U' : 'O', account.id),
    databaseId: (account: Account) => account.id,
    login: (account: Account) => account.login,
    name: (account: Account) => account.name,
    url: (account: Account) => `${addresses.html}/${account.login}`,
  };
}

const emptyConnection = () => ({ typename: 'Connection', source: null });

function repositoryFields(context: DemoContext, { addresses, visit }: Request): Schema[string] {
  const roleOf = (repository: Repository) => context.auth.roleOf(visit.caller, repository);
  const host = new URL(addresses.html).host;
  return {
    id: (repository: Repository) => nodeId('R', repository.id),
    databaseId: (repository: Repository) => repository.id,
    name: (repository: Repository) => repository.name,
    nameWithOwner: (repository: Repository) => repository.fullName,
    description: (repository: Repository) => repository.description,
    url: (repository: Repository) => `${addresses.html}/${repository.fullName}`,
    sshUrl: (repository: Repository) => `git@${host}:${repository.fullName}.git`,
    homepageUrl: () => null,
    owner: (repository: Repository) => accountNode(context.repositories.account(repository.owner)),
    isPrivate: (repository: Repository) => repository.private,
    visibility: (repository: Repository) => (repository.private ? 'PRIVATE' : 'PUBLIC'),
    isFork: () => false,
    isArchived: () => false,
    isTemplate: () => false,
    isEmpty: (repository: Repository) => repository.files.length === 0,
    parent: () => null,
    createdAt: () => createdAt,
    updatedAt: (repository: Repository) => timestamp(repository.head.committedAtMs),
    pushedAt: (repository: Repository) => timestamp(repository.head.committedAtMs),
    stargazerCount: () => 0,
    forkCount: () => 0,
    hasIssuesEnabled: () => true,
    hasWikiEnabled: () => false,
    hasProjectsEnabled: () => false,
    hasDiscussionsEnabled: () => false,
    mergeCommitAllowed: () => true,
    rebaseMergeAllowed: () => true,
    squashMergeAllowed: () => true,
    deleteBranchOnMerge: () => false,
    viewerPermission: (repository: Repository) => permissionNames[roleOf(repository) ?? 'read'],
    viewerCanAdminister: (repository: Repository) => roleOf(repository) === 'admin',
    primaryLanguage: (repository: Repository) =>
      repository.language === null ? null : { typename: 'Language', source: repository.language },
    licenseInfo: () => null,
    defaultBranchRef: (repository: Repository) =>
      repository.files.length === 0 ? null : { typename: 'Ref', source: repository },
    pullRequests: emptyConnection,
    issues: emptyConnection,
  };
}

function accountNode(account: Account | undefined) {
  return account ? { typename: account.type, source: account } : null;
}

function findRepository(context: DemoContext, request: Request, owner: string, name: string): Repository {
  const found = context.repositories.find(owner, name);
  if (found && context.auth.canSee(request.visit.caller, found)) {
    const { token } = request.visit.caller;
    if (!found.ssoRequired || token?.ssoAuthorized) return found;
    throw new FieldError('FORBIDDEN', 'Resource protected by organization SAML enforcement.');
  }
  throw new FieldError('NOT_FOUND', `Could not resolve to a Repository with the name '${owner}/${name}'.`);
}

function schemaFor(context: DemoContext, request: Request): Schema {
  return {
    Query: {
      viewer: () => accountNode(context.repositories.account(loginOf(request))),
      repository: (_: unknown, { owner, name }) => ({
        typename: 'Repository',
        source: findRepository(context, request, String(owner), String(name)),
      }),
      repositoryOwner: (_: unknown, { login }) => accountNode(context.repositories.account(String(login))),
    },
    User: accountFields(request),
    Organization: accountFields(request),
    Repository: repositoryFields(context, request),
    Ref: {
      name: (repository: Repository) => repository.defaultBranch,
      prefix: () => 'refs/heads/',
      target: (repository: Repository) => ({ typename: 'Commit', source: repository.head.sha }),
    },
    Commit: { oid: (sha: string) => sha },
    Language: { name: (language: string) => language },
    Connection: {
      totalCount: () => 0,
      nodes: () => [],
      pageInfo: () => ({ typename: 'PageInfo', source: null }),
    },
    PageInfo: { hasNextPage: () => false, endCursor: () => null },
  };
}

async function answer(context: DemoContext, request: Request): Promise<Reply> {
  const { query, operationName, variables } = await request.json();
  if (typeof query !== 'string')
    throw new ApiError(400, 'A query attribute must be specified and must be a string.');
  const body = executeQuery(schemaFor(context, request), {
    query,
    operationName,
    variables: objectOf(variables),
  });
  return { status: 200, body };
}

/** Adds the GraphQL endpoint, at github.com's and at GitHub Enterprise Server's place. */
export function addGraphqlRoutes(router: DemoRouter, context: DemoContext): void {
  const access = { kind: 'user' } as const;
  for (const path of ['/graphql', '/api/graphql']) {
    router.add('POST', path, { access, handle: (request) => answer(context, request) });
  }
}
