/** Takes a REST request through authentication, limits, its route and caching headers to its answer. */
import { createHash } from 'node:crypto';
import type { FaultKind } from '../faults.ts';
import { type Access, type Caller, requiresAuthentication } from './auth.ts';
import type { DemoContext, Request, Route } from './context.ts';
import { ApiError, type Exchange, errorBody, jsonType, type Reply } from './http.ts';

export interface Counters {
  /** Requests that cost something of a rate limit. */
  charged: number;
  /** Requests answered with 304. */
  notModified: number;
  /** All REST requests. */
  total: number;
}

const supportedVersions = ['2022-11-28', '2026-03-10'];
function assertPolite(exchange: Exchange): void {
  if (!exchange.headers['user-agent']) {
    throw new ApiError(
      403,
      'Request forbidden by administrative rules. Please make sure your request has a User-Agent header.',
    );
  }
  const version = exchange.headers['x-github-api-version'];
  if (version !== undefined && !supportedVersions.includes(String(version))) {
    throw new ApiError(400, `"${version}" is not a supported version of the REST API.`);
  }
}

/** Faults that strike the REST API: rate limits. */
function strikeLimits(context: DemoContext, exchange: Exchange, caller: Caller): void {
  const target = { path: exchange.path, method: exchange.method };
  const take = (kind: FaultKind) => context.faults.take(kind, target);
  const secondary = take('secondary-limit');
  const tooMany = take('too-many-requests');
  const limited = secondary ?? tooMany;
  if (limited) {
    throw new ApiError(
      secondary ? 403 : 429,
      'You have exceeded a secondary rate limit. Please wait a few minutes before you try again.',
      { headers: { 'Retry-After': String(limited.retryAfterSeconds ?? 60) } },
    );
  }
  if (take('primary-limit')) context.rateLimit.exhaust(caller.budget);
}

/** Adds an entity tag, and turns the answer into 304 when the client has it already. */
function withEntityTag(exchange: Exchange, reply: Reply): Reply {
  if (exchange.method !== 'GET' || reply.status !== 200 || reply.body === undefined) return reply;
  const text = JSON.stringify(reply.body);
  const hash = createHash('sha256').update(text).digest('hex');
  const weak = `W/"${hash}"`;
  const known = String(exchange.headers['if-none-match'] ?? '');
  const headers = {
    ...reply.headers,
    ETag: weak,
    'Cache-Control': 'private, max-age=60, s-maxage=60',
    Vary: 'Accept, Authorization, Cookie, X-GitHub-OTP, Accept-Encoding, Accept, X-Requested-With',
  };
  if (known.includes(hash)) return { status: 304, headers };
  return { status: 200, raw: text, headers: { 'Content-Type': jsonType, ...headers } };
}

async function handleAs(
  { auth, rateLimit }: DemoContext,
  exchange: Exchange,
  caller: Caller,
  { access, handle }: Route,
): Promise<Reply> {
  if (!access.free) rateLimit.assertLeft(caller.budget);
  if (access.kind === 'user' && !caller.token) throw requiresAuthentication();
  const { owner = '', repo = '' } = exchange.params;
  const repository = access.kind === 'repository' ? auth.authorize(caller, access, owner, repo) : undefined;
  const organization =
    access.kind === 'organization'
      ? auth.authorizeOrganization(caller, exchange.params.org ?? '')
      : undefined;
  const request: Request = { ...exchange, visit: { caller, repository, organization } };
  return withEntityTag(exchange, await handle(request));
}

function charge(
  { rateLimit }: DemoContext,
  counters: Counters,
  access: Access,
  caller: Caller,
  reply: Reply,
): void {
  if (reply.status === 304) counters.notModified += 1;
  else if (!access.free) {
    counters.charged += 1;
    rateLimit.charge(caller.budget);
  }
}

/** Answers one request; never throws. */
export async function answerRest(
  context: DemoContext,
  counters: Counters,
  exchange: Exchange,
  route: Route,
): Promise<Reply> {
  counters.total += 1;
  const headers: Record<string, string> = {
    'X-GitHub-Media-Type': 'github.v3; format=json',
    'x-github-api-version-selected': String(exchange.headers['x-github-api-version'] ?? '2022-11-28'),
  };
  let caller: Caller;
  try {
    assertPolite(exchange);
    caller = context.auth.identify(exchange);
  } catch (error) {
    const refused = replyOf(error);
    return { ...refused, headers: { ...headers, ...refused.headers } };
  }
  let reply: Reply;
  try {
    strikeLimits(context, exchange, caller);
    reply = await handleAs(context, exchange, caller, route);
  } catch (error) {
    reply = replyOf(error);
  }
  charge(context, counters, route.access, caller, reply);
  const about = {
    ...context.auth.headers(caller, route.access),
    ...context.rateLimit.headers(caller.budget),
  };
  return { ...reply, headers: { ...headers, ...about, ...reply.headers } };
}

/** The answer to what was thrown; what nobody expected is written to the console and becomes 500. */
export function replyOf(error: unknown): Reply {
  if (error instanceof ApiError)
    return { status: error.status, body: errorBody(error), headers: error.headers };
  console.error('The demo GitHub failed to answer a request:', error);
  return { status: 500, body: errorBody(new ApiError(500, 'Server Error')) };
}
