/** Registers and removes runners and gives them access tokens (docs/practice-runner.md, calls 1–4). */
import { randomUUID } from 'node:crypto';
import type { DemoContext, DemoRouter, Request } from '../context.ts';
import { ApiError, notFound, type Reply } from '../http.ts';
import type { RunnerRecord } from '../model.ts';
import { findOrganization } from '../organizations.ts';
import { isSignedBy, readClaims, signToken, verifyToken } from '../signed-tokens.ts';
import { applyRunnerFaults, assertVersionAccepted, credential } from './access.ts';

const adminTokenMs = 3_600_000;
const accessTokenSeconds = 3_000;
const clockSkewMs = 300_000;
const labelLengthLimit = 256;

/** `owner/name` of the repository that a runner's URL names, or the login of the organisation. */
function ownerNamed(context: DemoContext, url: unknown): string {
  const path = typeof url === 'string' && URL.canParse(url) ? new URL(url).pathname : '';
  const [owner = '', name = ''] = path.split('/').filter(Boolean);
  const found =
    name === '' ? findOrganization(owner)?.login : context.repositories.find(owner, name)?.fullName;
  if (!found) throw notFound();
  return found;
}

async function exchangeToken(context: DemoContext, request: Request): Promise<Reply> {
  const { data } = context.store;
  const now = context.clock.now();
  const { url, runner_event: event } = await request.json();
  const value = credential(request, 'RemoteAuth');
  const token = data.runnerTokens.find(
    (candidate) => candidate.token === value && candidate.expiresAtMs > now,
  );
  const repository = ownerNamed(context, url);
  // GitHub does not tell an expired token from a wrong one.
  if (context.faults.take('token-expired', { path: request.path, method: request.method })) throw notFound();
  if (token?.repository !== repository || token.kind !== event) throw notFound();
  return {
    status: 200,
    body: {
      url: `${request.addresses.html}/_runner`,
      token: signToken({ kind: 'runner-admin', repository, event }, data.signingKey, now + adminTokenMs),
      token_schema: 'OAuthAccessToken',
      use_v2_flow: true,
    },
  };
}

/** The repository or organisation for which the bearer may register or remove runners. */
function adminRepository(context: DemoContext, request: Request, event: 'register' | 'remove'): string {
  const claims = verifyToken(
    credential(request, 'Bearer'),
    context.store.data.signingKey,
    context.clock.now(),
  );
  if (claims?.kind !== 'runner-admin' || claims.event !== event) {
    throw new ApiError(401, 'The token is not valid or has expired.');
  }
  return String(claims.repository);
}

function labelsOf(context: DemoContext, given: unknown): RunnerRecord['labels'] {
  const seen = new Set<string>();
  const labels: RunnerRecord['labels'] = [];
  for (const entry of Array.isArray(given) ? given : []) {
    const name = String(entry?.name ?? '').trim();
    if (name === '' || seen.has(name.toLowerCase())) continue;
    if (name.length > labelLengthLimit)
      throw new ApiError(400, `The label "${name.slice(0, 40)}…" is too long.`);
    seen.add(name.toLowerCase());
    const type = entry.type === 'system' ? 'read-only' : 'custom';
    labels.push({ id: context.store.nextId('label'), name, type });
  }
  return labels;
}

/** The labels of a runner that is registered with a JIT configuration: the caller lists all of them. */
export function jitLabels(context: DemoContext, names: string[]): RunnerRecord['labels'] {
  const system = /^(self-hosted|linux|macos|windows|x64|x86|arm64|arm)$/i;
  return labelsOf(
    context,
    names.map((name) => ({ name, type: system.test(name) ? 'system' : 'user' })),
  );
}

/** An organisation's runner may choose its group; any other is in the default one. */
function groupNamed(owner: string, groupId: unknown): number {
  return findOrganization(owner)?.groups.find(({ id }) => id === groupId)?.id ?? 1;
}

async function registerRunner(context: DemoContext, request: Request): Promise<Reply> {
  const { store, clock, queue } = context;
  const repository = adminRepository(context, request, 'register');
  const body = await request.json();
  const text = (name: string) => (typeof body[name] === 'string' ? body[name] : '');
  const name = text('name');
  if (name === '' || !text('public_key').includes('BEGIN PUBLIC KEY')) {
    throw new ApiError(400, 'A runner needs a name and a public key.');
  }
  const version = text('version');
  assertVersionAccepted(context, request, { name, version }, 'be registered');
  const isNamesake = (runner: RunnerRecord) =>
    runner.repository === repository && runner.name.toLowerCase() === name.toLowerCase();
  const existing = store.data.runners.find(isNamesake);
  if (existing && body.replace !== true)
    throw new ApiError(409, `A runner exists with the same name ${name}.`);
  if (existing) queue.removeRunner(existing);
  const runner: RunnerRecord = {
    id: existing?.id ?? store.nextId('runner'),
    name,
    repository,
    groupId: groupNamed(repository, body.group_id),
    pose: null,
    os: text('os') || 'unknown',
    architecture: text('architecture') || 'unknown',
    version: null,
    ephemeral: body.ephemeral === true,
    labels: labelsOf(context, body.labels),
    clientId: randomUUID(),
    publicKeyPem: text('public_key'),
    createdAtMs: clock.now(),
    lastSeenAtMs: clock.now(),
  };
  store.data.runners.push(runner);
  store.changed();
  return {
    status: 201,
    body: {
      id: runner.id,
      name,
      replaced: existing !== undefined,
      authorization: authorizationOf(request, runner),
    },
  };
}

/** Where a runner gets its access tokens and messages. */
export function authorizationOf(request: Request, runner: RunnerRecord): Record<string, string> {
  const service = `${request.addresses.html}/_runner`;
  return {
    authorization_url: `${service}/oauth/token`,
    server_url: `${service}/broker`,
    client_id: runner.clientId,
  };
}

function removeRunner(context: DemoContext, request: Request): Reply {
  const repository = adminRepository(context, request, 'remove');
  const runner = context.store.runner(Number(request.params.id));
  if (runner?.repository !== repository) throw notFound();
  context.queue.removeRunner(runner);
  return { status: 204 };
}

function invalidClient(description: string): Reply {
  return { status: 400, body: { error: 'invalid_client', error_description: description } };
}

/** Whether the assertion's times are plausible on this server's clock. */
function isTimely(claims: Record<string, unknown>, nowMs: number): boolean {
  const atMs = (name: string) => (typeof claims[name] === 'number' ? claims[name] * 1000 : undefined);
  const expiresMs = atMs('exp');
  const startsMs = atMs('nbf') ?? atMs('iat');
  if (expiresMs === undefined || expiresMs <= nowMs - clockSkewMs || expiresMs > nowMs + 2 * clockSkewMs)
    return false;
  return startsMs === undefined || startsMs <= nowMs + clockSkewMs;
}

async function giveAccessToken(context: DemoContext, request: Request): Promise<Reply> {
  const form = new URLSearchParams(await request.text());
  const assertion = form.get('client_assertion') ?? '';
  const now = context.clock.now();
  const claims = readClaims(assertion);
  if (form.get('grant_type') !== 'client_credentials' || !claims) {
    return {
      status: 400,
      body: { error: 'invalid_request', error_description: 'A client assertion is needed.' },
    };
  }
  const gone = invalidClient(`Registration ${claims.iss} was not found.`);
  const runner = context.store.data.runners.find((candidate) => candidate.clientId === claims.iss);
  if (!runner || claims.sub !== claims.iss) return gone;
  try {
    applyRunnerFaults(context, request, runner);
  } catch {
    return gone;
  }
  const isForUs = claims.aud === `${request.addresses.html}/_runner/oauth/token`;
  if (!isSignedBy(assertion, runner.publicKeyPem) || !isForUs) {
    return invalidClient('The client assertion is not valid.');
  }
  if (!isTimely(claims, now)) return invalidClient(`Current server time is ${new Date(now).toISOString()}.`);
  const access = { kind: 'runner', runnerId: runner.id, clientId: runner.clientId };
  return {
    status: 200,
    body: {
      access_token: signToken(access, context.store.data.signingKey, now + accessTokenSeconds * 1000),
      token_type: 'JWT',
      expires_in: accessTokenSeconds,
    },
  };
}

/** Adds calls 1–4. */
export function addRegistrationRoutes(router: DemoRouter, context: DemoContext): void {
  const access = { kind: 'open' } as const;
  router.add('POST', '/actions/runner-registration', { access, handle: (r) => exchangeToken(context, r) });
  router.add('POST', '/actions/runners/register', { access, handle: (r) => registerRunner(context, r) });
  router.add('DELETE', '/actions/runners/:id', { access, handle: (r) => removeRunner(context, r) });
  router.add('POST', '/_runner/oauth/token', { access, handle: (r) => giveAccessToken(context, r) });
}
