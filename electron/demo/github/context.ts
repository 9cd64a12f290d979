/** What every part of the demo GitHub is given. */
import type { Clock } from '../../platform/clock.ts';
import type { FaultSwitches } from '../faults.ts';
import type { Archives } from './archives.ts';
import type { Access, Auth, Caller } from './auth.ts';
import { ApiError, type Exchange, notFound, type Reply } from './http.ts';
import type { Organization } from './organizations.ts';
import type { RateLimit } from './rate-limit.ts';
import type { Releases } from './releases.ts';
import type { Repositories, Repository } from './repositories.ts';
import type { Router } from './router.ts';
import type { Broker } from './runner-service/broker.ts';
import type { ForcedUpdates } from './runner-service/forced-updates.ts';
import type { Store } from './store.ts';
import type { DemoToken } from './tokens.ts';
import type { JobQueue } from './workflow/queue.ts';
import type { Runs } from './workflow/runs.ts';

export interface DemoContext {
  store: Store;
  clock: Clock;
  faults: FaultSwitches;
  repositories: Repositories;
  tokens: readonly DemoToken[];
  auth: Auth;
  rateLimit: RateLimit;
  runs: Runs;
  queue: JobQueue;
  broker: Broker;
  archives: Archives;
  releases: Releases;
  updates: ForcedUpdates;
}

/** What a route knows of its caller beside the request. */
interface Visit {
  caller: Caller;
  /** Set for routes of kind `repository`. */
  repository: Repository | undefined;
  /** Set for routes of kind `organization`. */
  organization: Organization | undefined;
}

/** A request with its visit. */
export type Request = Exchange & { visit: Visit };

export interface Route {
  access: Access;
  handle(request: Request): Reply | Promise<Reply>;
}

export type DemoRouter = Router<Route>;

/** The repository of a request to a route of kind `repository`. */
export function repositoryOf(request: Request): Repository {
  const { repository } = request.visit;
  if (!repository) throw notFound();
  return repository;
}

/** The organisation of a request to a route of kind `organization`. */
export function organizationOf(request: Request): Organization {
  const { organization } = request.visit;
  if (!organization) throw notFound();
  return organization;
}

/** The login of the caller; throws 401 when there is none. */
export function loginOf(request: Request): string {
  const { token } = request.visit.caller;
  if (!token) throw new ApiError(401, 'Requires authentication');
  return token.login;
}

/** A path parameter as a number; throws 404 as GitHub does for what is not one. */
export function numberParam(request: Request, name: string): number {
  const text = request.params[name] ?? '';
  if (!/^\d+$/.test(text)) throw notFound();
  return Number(text);
}
