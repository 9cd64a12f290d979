/** Who is asking, and may they: tokens, visibility of repositories, permissions; with GitHub's answers when not. */
import { ApiError, type Exchange, notFound } from './http.ts';
import { findOrganization, type Organization } from './organizations.ts';
import type { Repositories, Repository, Role } from './repositories.ts';
import type { DemoToken, PermissionLevel, PermissionName } from './tokens.ts';

/** What a route asks of its caller. */
export interface Access {
  /** `open` routes look after themselves (runner service, signed links). */
  kind: 'open' | 'anyone' | 'user' | 'repository' | 'organization';
  /** Fine-grained permission and level. */
  permission?: readonly [PermissionName, PermissionLevel];
  /** Only an administrator of the repository, whatever the token. */
  adminOnly?: boolean;
  /** Only somebody who may push. */
  pushOnly?: boolean;
  /** Not charged to the rate limit. */
  free?: boolean;
}

/** The caller of a request, once known. */
export interface Caller {
  token: DemoToken | undefined;
  /** Key of the rate limit budget: the user, or the anonymous callers together. */
  budget: string;
}

export interface Auth {
  /** Throws 401 when a token is given and is not good. */
  identify(exchange: Exchange): Caller;
  /** The repository of the request, when the caller may do what the route does; throws 401, 403 or 404. */
  authorize(caller: Caller, access: Access, owner: string, name: string): Repository;
  /** The organisation of the request, when the caller owns it and the token may see that; throws 401, 403 or 404. */
  authorizeOrganization(caller: Caller, login: string): Organization;
  /** Whether the caller can see the repository at all. */
  canSee(caller: Caller, repository: Repository): boolean;
  roleOf(caller: Caller, repository: Repository): Role | undefined;
  /** Headers that tell about the token: scopes, accepted permissions, expiration. */
  headers(caller: Caller, access: Access): Record<string, string>;
}

const acceptedScopes: Partial<Record<Access['kind'], string>> = {
  repository: 'repo',
  organization: 'admin:org',
};
const levels = { read: 1, write: 2 } as const;

/** 401 for a token that is unknown, revoked or expired. */
function badCredentials(): ApiError {
  return new ApiError(401, 'Bad credentials');
}

/** 401 for a request without a token where one is needed. */
export function requiresAuthentication(): ApiError {
  return new ApiError(401, 'Requires authentication');
}

function tokenOf(authorization: string | undefined): string | undefined {
  if (!authorization) return undefined;
  const [scheme = '', value = ''] = authorization.trim().split(/\s+/, 2);
  if (/^(token|bearer)$/i.test(scheme)) return value;
  if (!/^basic$/i.test(scheme)) return '';
  const [user = '', password = ''] = Buffer.from(value, 'base64').toString('utf8').split(':', 2);
  return password || user;
}

function assertSso(
  token: DemoToken,
  { owner, ssoRequired }: Pick<Repository, 'owner' | 'ssoRequired'>,
): void {
  if (!ssoRequired || token.ssoAuthorized) return;
  const url = `https://github.com/orgs/${owner}/sso?authorization_request=DEMO`;
  throw new ApiError(
    403,
    'Resource protected by organization SAML enforcement. You must grant your Personal Access token access to this organization.',
    { headers: { 'X-GitHub-SSO': `required; url=${url}` } },
  );
}

function assertPermission(token: DemoToken, access: Access): void {
  if (token.kind !== 'fine-grained' || !access.permission) return;
  const [name, level] = access.permission;
  const granted = token.permissions[name];
  if (!granted || levels[granted] < levels[level]) {
    throw new ApiError(403, 'Resource not accessible by personal access token');
  }
}

function assertRole(token: DemoToken, role: Role | undefined, access: Access): void {
  const scoped = token.kind === 'fine-grained' || token.scopes.includes('repo');
  const mayPush = scoped && (role === 'admin' || role === 'write');
  if ((access.adminOnly && !(scoped && role === 'admin')) || (access.pushOnly && !mayPush)) {
    throw new ApiError(403, 'Must have admin rights to Repository.');
  }
}

/** Creates the checks over the given tokens and repositories. */
export function createAuth({
  tokens,
  repositories,
  isRevoked,
  now,
}: {
  tokens: readonly DemoToken[];
  repositories: Repositories;
  /** Asked once per request that carries a known token. */
  isRevoked: (exchange: Exchange) => boolean;
  now: () => number;
}): Auth {
  const roleOf: Auth['roleOf'] = ({ token }, repository) =>
    (token && repository.roles[token.login]) ?? (repository.private ? undefined : 'read');
  const canSee: Auth['canSee'] = (caller, repository) => {
    if (!repository.private) return true;
    const { token } = caller;
    if (!token || !roleOf(caller, repository)) return false;
    // A fine-grained token belongs to one owner; a classic one sees private repositories with the scope `repo`.
    return token.kind === 'fine-grained' ? repository.owner === token.login : token.scopes.includes('repo');
  };
  return {
    identify(exchange) {
      const value = tokenOf(exchange.headers.authorization);
      if (value === undefined) return { token: undefined, budget: 'anonymous' };
      const token = tokens.find((candidate) => candidate.token === value);
      if (!token || (token.expiresAtMs !== null && token.expiresAtMs <= now())) throw badCredentials();
      if (isRevoked(exchange)) throw badCredentials();
      return { token, budget: token.login };
    },
    authorize(caller, access, owner, name) {
      const repository = repositories.find(owner, name);
      if (!repository || !canSee(caller, repository)) throw notFound();
      if (!caller.token) {
        if (access.adminOnly || access.pushOnly) throw requiresAuthentication();
        return repository;
      }
      assertSso(caller.token, repository);
      assertPermission(caller.token, access);
      assertRole(caller.token, roleOf(caller, repository), access);
      return repository;
    },
    authorizeOrganization({ token }, login) {
      const organization = findOrganization(login);
      if (!organization) throw notFound();
      if (!token) throw requiresAuthentication();
      assertSso(token, { owner: organization.login, ssoRequired: true });
      // The demo's fine-grained tokens belong to their users, and reach nothing of an organisation.
      if (token.kind === 'fine-grained') {
        throw new ApiError(403, 'Resource not accessible by personal access token');
      }
      if (organization.roles[token.login] !== 'admin' || !token.scopes.includes('admin:org')) {
        throw new ApiError(403, 'You must be an organization owner and have the admin:org scope.');
      }
      return organization;
    },
    canSee,
    roleOf,
    headers({ token }, access) {
      if (!token) return {};
      const [name = 'metadata', level = 'read'] = access.permission ?? [];
      const expiration =
        token.expiresAtMs === null
          ? {}
          : { 'github-authentication-token-expiration': expirationText(token.expiresAtMs) };
      return token.kind === 'classic'
        ? {
            'X-OAuth-Scopes': token.scopes.join(', '),
            'X-Accepted-OAuth-Scopes': acceptedScopes[access.kind] ?? '',
            ...expiration,
          }
        : { 'X-Accepted-GitHub-Permissions': `${name}=${level}`, ...expiration };
    },
  };
}

function expirationText(atMs: number): string {
  return new Date(atMs)
    .toISOString()
    .replace('T', ' ')
    .replace(/\.\d+Z$/, ' UTC');
}
