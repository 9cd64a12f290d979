/** Takes a request through faults, authentication, limits, its route and caching headers to its answer. */
import { createHash, randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FaultKind } from '../faults.ts';
import { type Access, type Caller, requiresAuthentication } from './auth.ts';
import type { DemoContext, DemoRouter, Request } from './context.ts';
import { ApiError, createExchange, type Exchange, errorBody, notFound, type Reply, send } from './http.ts';
import type { Repository } from './repositories.ts';

export interface Counters {
  /** Requests that cost something of a rate limit. */
  charged: number;
  /** Requests answered with 304. */
  notModified: number;
  /** All REST requests. */
  total: number;
}

const supportedVersions = ['2022-11-28', '2026-03-10'];
const loopbackName = /^(127\.0\.0\.1|\[::1\]|localhost|[a-z0-9.-]+\.localhost)(:\d+)?$/i;

function requestId(): string {
  const hex = randomBytes(16).toString('hex').toUpperCase();
  return [hex.slice(0, 4), hex.slice(4, 10), hex.slice(10, 17), hex.slice(17, 24), hex.slice(24)].join(':');
}

/** A page that another site has pointed at this machine's address must not get through. */
function assertLoopback(host: string | undefined): void {
  if (loopbackName.test(host ?? '')) return;
  throw new ApiError(421, `The demo GitHub answers only to loopback names, not to "${host ?? ''}".`);
}

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

/** Faults that strike any request. Returns `false` when the connection was dropped. */
async function strike(context: DemoContext, exchange: Exchange, request: IncomingMessage): Promise<boolean> {
  const target = { path: exchange.path, method: exchange.method };
  const latency = context.faults.take('latency', target);
  if (latency) await context.clock.sleep(latency.delayMs ?? 1000, exchange.signal).catch(() => {});
  if (context.faults.take('dropped-connection', target)) {
    request.socket.destroy();
    return false;
  }
  const broken = context.faults.take('server-error', target);
  if (broken) throw new ApiError(broken.status ?? 502, 'Server Error');
  return true;
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
  const hash = createHash('sha256').update(JSON.stringify(reply.body)).digest('hex');
  const weak = `W/"${hash}"`;
  const known = String(exchange.headers['if-none-match'] ?? '');
  const headers = {
    ...reply.headers,
    ETag: weak,
    'Cache-Control': 'private, max-age=60, s-maxage=60',
    Vary: 'Accept, Authorization, Cookie, X-GitHub-OTP, Accept-Encoding, Accept, X-Requested-With',
  };
  return known.includes(hash) ? { status: 304, headers } : { ...reply, headers };
}

/** Creates the function that answers requests. */
export function createApi({
  context,
  router,
  counters,
}: {
  context: DemoContext;
  router: DemoRouter;
  counters: Counters;
}) {
  const { auth, rateLimit } = context;

  const authorize = (request: Exchange, caller: Caller, access: Access): Repository | undefined => {
    if (access.kind === 'user' && !caller.token) throw requiresAuthentication();
    if (access.kind !== 'repository') return undefined;
    return auth.authorize(caller, access, request.params.owner ?? '', request.params.repo ?? '');
  };

  const charge = (access: Access, caller: Caller, reply: Reply) => {
    if (reply.status === 304) counters.notModified += 1;
    else if (!access.free) {
      counters.charged += 1;
      rateLimit.charge(caller.budget);
    }
  };

  const answerRest = async (
    exchange: Exchange,
    access: Access,
    handle: (r: Request) => Reply | Promise<Reply>,
  ) => {
    counters.total += 1;
    let headers: Record<string, string> = {
      'X-GitHub-Media-Type': 'github.v3; format=json',
      'x-github-api-version-selected': String(exchange.headers['x-github-api-version'] ?? '2022-11-28'),
    };
    let caller: Caller | undefined;
    let reply: Reply;
    try {
      assertPolite(exchange);
      caller = auth.identify(exchange);
      headers = { ...headers, ...auth.headers(caller, access) };
      strikeLimits(context, exchange, caller);
      if (!access.free) rateLimit.assertLeft(caller.budget);
      const repository = authorize(exchange, caller, access);
      reply = withEntityTag(exchange, await handle({ ...exchange, visit: { caller, repository } }));
    } catch (error) {
      reply = replyOf(error);
    }
    if (caller) {
      charge(access, caller, reply);
      headers = { ...headers, ...rateLimit.headers(caller.budget) };
    }
    return { ...reply, headers: { ...headers, ...reply.headers } };
  };

  const answer = async (exchange: Exchange, request: IncomingMessage): Promise<Reply | undefined> => {
    assertLoopback(exchange.headers.host);
    const isControl = exchange.path.startsWith('/_demo/faults');
    if (!isControl && !(await strike(context, exchange, request))) return undefined;
    const found = router.find(exchange.method, exchange.path);
    const params = found?.params ?? {};
    const { access, handle } = found?.value ?? { access: { kind: 'anyone' } as const, handle: missing };
    if (access.kind !== 'open') return answerRest({ ...exchange, params }, access, handle);
    const visit = { caller: { token: undefined, budget: 'anonymous' }, repository: undefined };
    return handle({ ...exchange, params, visit });
  };

  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const exchange = createExchange(request, response);
    const reply = await answer(exchange, request).catch(replyOf);
    if (!reply) return;
    send(request, response, { ...reply, headers: { 'X-GitHub-Request-Id': requestId(), ...reply.headers } });
  };
}

function missing(): Reply {
  throw notFound();
}

function replyOf(error: unknown): Reply {
  if (error instanceof ApiError)
    return { status: error.status, body: errorBody(error), headers: error.headers };
  console.error('The demo GitHub failed to answer a request:', error);
  return { status: 500, body: errorBody(new ApiError(500, 'Server Error')) };
}
