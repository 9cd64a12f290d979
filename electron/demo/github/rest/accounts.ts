/** The caller, the caller's repositories, the rate limit and what the server is. */
import type { components } from '@octokit/openapi-types';
import {
  fullRepositoryBody,
  listedRepositoryBody,
  privateUserBody,
  userBody,
} from '../bodies/repository-body.ts';
import { rootBody } from '../bodies/root-body.ts';
import { type DemoContext, type DemoRouter, loginOf, type Request, repositoryOf } from '../context.ts';
import { notFound, type Reply } from '../http.ts';
import { pageOf } from '../paging.ts';
import type { Account, Repository } from '../repositories.ts';

/** The account of this login. Throws 404. */
export function accountOf(context: DemoContext, login: string): Account {
  const account = context.repositories.account(login);
  if (!account) throw notFound();
  return account;
}

function user(context: DemoContext, request: Request): Reply {
  const account = accountOf(context, loginOf(request));
  const own = context.repositories.all.filter((repository) => repository.owner === account.login);
  return { status: 200, body: privateUserBody(account, own, request.addresses) };
}

function listed(context: DemoContext, request: Request, repository: Repository) {
  const role = context.auth.roleOf(request.visit.caller, repository);
  return listedRepositoryBody(
    repository,
    { owner: accountOf(context, repository.owner), role },
    request.addresses,
  );
}

function sorted(repositories: Repository[], request: Request): Repository[] {
  const direction = request.query.get('direction') === 'desc' ? -1 : 1;
  return repositories.sort((a, b) => direction * a.fullName.localeCompare(b.fullName));
}

function ownRepositories(context: DemoContext, request: Request): Reply {
  const { caller } = request.visit;
  const login = loginOf(request);
  const visibility = request.query.get('visibility') ?? 'all';
  const mine = context.repositories.all.filter((repository) => {
    if (!repository.roles[login] || !context.auth.canSee(caller, repository)) return false;
    return visibility === 'all' || (visibility === 'private') === repository.private;
  });
  const isBlocked = (repository: Repository) =>
    repository.ssoRequired && caller.token?.ssoAuthorized === false;
  const page = pageOf(
    request,
    sorted(
      mine.filter((repository) => !isBlocked(repository)),
      request,
    ),
  );
  const hidden = mine.filter(isBlocked).map((repository) => accountOf(context, repository.owner).id);
  const sso: Record<string, string> =
    hidden.length > 0 ? { 'X-GitHub-SSO': `partial-results; organizations=${hidden.join(',')}` } : {};
  return {
    status: 200,
    body: page.items.map((repository) => listed(context, request, repository)),
    headers: { ...page.headers, ...sso },
  };
}

function repository(context: DemoContext, request: Request): Reply {
  const found = repositoryOf(request);
  const role = context.auth.roleOf(request.visit.caller, found);
  const owner = accountOf(context, found.owner);
  return { status: 200, body: fullRepositoryBody(found, { owner, role }, request.addresses) };
}

function rateLimit(context: DemoContext, request: Request): Reply {
  const core = context.rateLimit.status(request.visit.caller.budget);
  const untouched = (limit: number) => ({ limit, used: 0, remaining: limit, reset: core.reset });
  const body: components['schemas']['rate-limit-overview'] = {
    resources: {
      core,
      search: untouched(30),
      graphql: untouched(5000),
      integration_manifest: untouched(5000),
      actions_runner_registration: untouched(10_000),
    },
    rate: core,
  };
  return { status: 200, body };
}

/** Adds accounts, lists of repositories, `/rate_limit` and `/meta`. */
export function addAccountRoutes(router: DemoRouter, context: DemoContext): void {
  const anyone = { kind: 'anyone' } as const;
  const meta: components['schemas']['api-overview'] = { verifiable_password_authentication: false };
  router.add('GET', '/', { access: anyone, handle: (r) => ({ status: 200, body: rootBody(r.addresses) }) });
  router.add('GET', '/meta', { access: anyone, handle: () => ({ status: 200, body: meta }) });
  router.add('GET', '/rate_limit', {
    access: { ...anyone, free: true },
    handle: (r) => rateLimit(context, r),
  });
  router.add('GET', '/user', { access: { kind: 'user' }, handle: (r) => user(context, r) });
  router.add('GET', '/user/repos', { access: { kind: 'user' }, handle: (r) => ownRepositories(context, r) });
  router.add('GET', '/users/:login', {
    access: anyone,
    handle: (r) => ({ status: 200, body: publicUser(context, r) }),
  });
  router.add('GET', '/repos/:owner/:repo', {
    access: { kind: 'repository' },
    handle: (r) => repository(context, r),
  });
}

function publicUser(context: DemoContext, request: Request): components['schemas']['public-user'] {
  const account = accountOf(context, request.params.login ?? '');
  const own = context.repositories.all.filter((candidate) => candidate.owner === account.login);
  const whole = privateUserBody(account, own, request.addresses);
  const { public_repos, public_gists, followers, following, created_at, updated_at } = whole;
  const { name, company, blog, location, hireable, bio } = whole;
  return {
    ...userBody(account, request.addresses),
    ...{ name, company, blog, location, hireable, bio, email: null },
    ...{ public_repos, public_gists, followers, following, created_at, updated_at },
  };
}
