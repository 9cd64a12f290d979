/** Takes a request through the faults that strike any request to what answers it. */
import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { DemoContext, DemoRouter, Route } from './context.ts';
import { ApiError, createExchange, type Exchange, notFound, type Reply, send } from './http.ts';
import { answerRest, type Counters, replyOf } from './rest-answer.ts';

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

const missing: Route = {
  access: { kind: 'anyone' },
  handle: () => {
    throw notFound();
  },
};

/** Creates the function that answers requests. */
export function createApi({
  context,
  router,
  counters,
}: {
  context: DemoContext;
  router: DemoRouter;
  counters: Counters;
}): (request: IncomingMessage, response: ServerResponse) => Promise<void> {
  const answer = async (exchange: Exchange, request: IncomingMessage): Promise<Reply | undefined> => {
    assertLoopback(exchange.headers.host);
    const isControl = /^\/_demo\/(faults|push)/.test(exchange.path);
    if (!isControl && !(await strike(context, exchange, request))) return undefined;
    const { value: route, params } = router.find(exchange.method, exchange.path) ?? {
      value: missing,
      params: {},
    };
    if (route.access.kind !== 'open') return answerRest(context, counters, { ...exchange, params }, route);
    const caller = { token: undefined, budget: 'anonymous' };
    const visit = { caller, repository: undefined, organization: undefined };
    return route.handle({ ...exchange, params, visit });
  };
  return async (request, response) => {
    const exchange = createExchange(request, response);
    const reply = await answer(exchange, request).catch(replyOf);
    if (!reply) return;
    send(request, response, { ...reply, headers: { 'X-GitHub-Request-Id': requestId(), ...reply.headers } });
  };
}
