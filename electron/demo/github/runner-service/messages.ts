/** The broker's calls over HTTP (docs/practice-runner.md, calls 5, 6, 12). */
import type { DemoContext, DemoRouter, Request } from '../context.ts';
import { ApiError, type Reply } from '../http.ts';
import type { RunnerRecord, SessionRecord } from '../model.ts';
import { objectOf } from '../workflow/workflow-file.ts';
import { assertVersionAccepted, runnerOf } from './access.ts';

function conflict({ name }: RunnerRecord): ApiError {
  return new ApiError(409, `A session for runner ${name} already exists.`);
}

async function openSession(context: DemoContext, request: Request): Promise<Reply> {
  const runner = runnerOf(context, request);
  const target = { path: request.path, method: request.method, runner: runner.name };
  if (context.faults.take('session-conflict', target)) throw conflict(runner);
  const body = await request.json();
  const agent = objectOf(body.agent);
  const session = context.broker.open(runner, String(body.ownerName ?? ''));
  if (!session) throw conflict(runner);
  if (typeof agent.version === 'string') runner.version = agent.version;
  context.store.changed();
  return { status: 200, body: { sessionId: session.id } };
}

function sessionOf(context: DemoContext, request: Request, runner: RunnerRecord): SessionRecord {
  const session = context.broker.session(runner, request.query.get('sessionId') ?? '');
  if (!session) throw new ApiError(401, 'The session has expired or was replaced.');
  return session;
}

/** A runner that must not update itself while it has to gets no messages any more. */
function assertNotOutdated({ updates }: DemoContext, runner: { name: string; version: string }): void {
  if (!updates.wanted(runner)) return;
  updates.take(runner);
  throw new ApiError(403, `Runner version v${runner.version} is deprecated and cannot receive messages.`);
}

async function nextMessage(context: DemoContext, request: Request): Promise<Reply> {
  const runner = runnerOf(context, request);
  const session = sessionOf(context, request, runner);
  const version = request.query.get('runnerVersion') ?? runner.version ?? '';
  assertVersionAccepted(context, request, { name: runner.name, version }, 'receive messages');
  if (runner.os === 'unknown') runner.os = request.query.get('os') ?? runner.os;
  const mayUpdate = request.query.get('disableUpdate') !== 'true';
  if (!mayUpdate) assertNotOutdated(context, { name: runner.name, version });
  const message = await context.broker.poll(session, {
    isReady: request.query.get('status') !== 'Busy',
    root: request.addresses.html,
    version,
    mayUpdate,
    signal: request.signal,
  });
  // The wait was long: the registration may have gone meanwhile.
  if (!context.store.runner(runner.id)) throw new ApiError(404, 'The runner registration has been deleted.');
  return message ? { status: 200, body: message } : { status: 202 };
}

/** Adds calls 5, 6 and 12. */
export function addMessageRoutes(router: DemoRouter, context: DemoContext): void {
  const access = { kind: 'open' } as const;
  router.add('POST', '/_runner/broker/session', { access, handle: (r) => openSession(context, r) });
  router.add('GET', '/_runner/broker/message', { access, handle: (r) => nextMessage(context, r) });
  router.add('DELETE', '/_runner/broker/session', {
    access,
    handle: (request) => {
      context.broker.close(sessionOf(context, request, runnerOf(context, request)));
      return { status: 204 };
    },
  });
}
