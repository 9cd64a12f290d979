/** Checks the runners' own tokens and applies the faults that strike runners. */
import type { DemoContext, Request } from '../context.ts';
import { ApiError, notFound } from '../http.ts';
import type { JobRecord, RunnerRecord } from '../model.ts';
import { verifyToken } from '../signed-tokens.ts';

/** The value of an `Authorization` header with this scheme, whatever the scheme's case. */
export function credential(request: Request, scheme: 'Bearer' | 'RemoteAuth'): string {
  const [given = '', value = ''] = (request.headers.authorization ?? '').trim().split(/\s+/, 2);
  return given.toLowerCase() === scheme.toLowerCase() ? value : '';
}

/** Strikes with `deleted-registration` and `version-deprecated` where they are switched on for this runner. */
export function applyRunnerFaults(context: DemoContext, request: Request, runner: RunnerRecord): void {
  const target = { path: request.path, method: request.method, runner: runner.name };
  if (context.faults.take('deleted-registration', target)) {
    context.queue.removeRunner(runner);
    throw notFound();
  }
}

/** The job that the calling runner holds under this id. Throws 404. */
export function heldJob(context: DemoContext, request: Request, guid: unknown): JobRecord {
  const job = context.queue.held(runnerOf(context, request), String(guid));
  if (!job) throw notFound();
  return job;
}

/** 403 as a deprecated runner is answered, when that fault is on. */
export function assertVersionAccepted(
  context: DemoContext,
  request: Request,
  runner: { name: string; version: string },
  wording: string,
): void {
  const target = { path: request.path, method: request.method, runner: runner.name };
  if (!context.faults.take('version-deprecated', target)) return;
  throw new ApiError(403, `Runner version v${runner.version} is deprecated and cannot ${wording}.`);
}

/**
 * The runner whose access token the request carries.
 * @throws 401 when the token is not good, 404 when its registration is gone
 */
export function runnerOf(context: DemoContext, request: Request): RunnerRecord {
  const claims = verifyToken(
    credential(request, 'Bearer'),
    context.store.data.signingKey,
    context.clock.now(),
  );
  if (claims?.kind !== 'runner') throw new ApiError(401, 'The access token is not valid or has expired.');
  const runner = context.store.runner(Number(claims.runnerId));
  if (!runner || runner.clientId !== claims.clientId) throw notFound();
  applyRunnerFaults(context, request, runner);
  return runner;
}
