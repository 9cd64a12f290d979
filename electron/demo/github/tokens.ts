/** The access tokens that the demo GitHub knows, one for each thing that can be right or wrong with a token. */
import { randomInt } from 'node:crypto';

export type PermissionName =
  | 'metadata'
  | 'administration'
  | 'actions'
  | 'contents'
  | 'checks'
  | 'deployments'
  | 'organization_self_hosted_runners';
export type PermissionLevel = 'read' | 'write';

const demoTokenNames = [
  'full',
  'classic-repo',
  'classic-no-scopes',
  'no-administration',
  'expired',
  'sso-unauthorized',
  'no-admin-right',
  'organization-admin',
] as const;

export type DemoTokenName = (typeof demoTokenNames)[number];

export interface DemoToken {
  name: DemoTokenName;
  token: string;
  /** Login of the user whose token it is. */
  login: string;
  kind: 'fine-grained' | 'classic';
  permissions: Partial<Record<PermissionName, PermissionLevel>>;
  scopes: string[];
  /** Epoch milliseconds; `null` when it does not expire. */
  expiresAtMs: number | null;
  /** Whether organisations with single sign-on accept it. */
  ssoAuthorized: boolean;
  /** `owner/name` of the repository on which it shows what it is for. */
  repository: string;
}

const dayMs = 86_400_000;
const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/** Random letters and digits. */
export function randomLetters(length: number, letters = alphabet): string {
  return Array.from({ length }, () => letters[randomInt(letters.length)]).join('');
}

type Details = Omit<DemoToken, 'name' | 'token' | 'login' | 'repository'> & Partial<DemoToken>;

function fineGrained(permissions: DemoToken['permissions'], expiresAtMs: number): Details {
  return {
    kind: 'fine-grained',
    permissions: { metadata: 'read', ...permissions },
    scopes: [],
    expiresAtMs,
    ssoAuthorized: true,
  };
}

function classic(scopes: string[]): Details {
  return { kind: 'classic', permissions: {}, scopes, expiresAtMs: null, ssoAuthorized: true };
}

function detailsOf(nowMs: number): Record<DemoTokenName, Details> {
  const all = {
    administration: 'write',
    actions: 'write',
    contents: 'read',
    checks: 'read',
    deployments: 'write',
  } as const;
  return {
    full: fineGrained(all, nowMs + 90 * dayMs),
    'classic-repo': classic(['repo', 'workflow']),
    'classic-no-scopes': classic([]),
    'no-administration': fineGrained({ actions: 'read' }, nowMs + 90 * dayMs),
    expired: fineGrained(all, nowMs - dayMs),
    'sso-unauthorized': { ...classic(['repo']), ssoAuthorized: false, repository: 'acme-corp/vault' },
    'no-admin-right': { ...classic(['repo']), login: 'mona' },
    'organization-admin': {
      ...classic(['repo', 'workflow', 'admin:org']),
      repository: 'acme-corp/workshop',
    },
  };
}

/**
 * The tokens of one server. Values are random, so that no other program on this machine can guess them.
 * @param known values from an earlier start by name; missing ones are made and added to it
 */
export function createDemoTokens(known: Record<string, string>, nowMs: number): DemoToken[] {
  const details = detailsOf(nowMs);
  return demoTokenNames.map((name) => {
    const { kind } = details[name];
    known[name] ??=
      kind === 'classic'
        ? `ghp_${randomLetters(36)}`
        : `github_pat_11${randomLetters(20)}_${randomLetters(59)}`;
    return { name, login: 'octo', repository: 'octo/forge', ...details[name], token: known[name] };
  });
}
