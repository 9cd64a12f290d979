/** Environments of a repository, what they hold of a run, and the reviews that let it go. */
import type { components } from '@octokit/openapi-types';
import {
  castMember,
  deploymentBody,
  environmentBody,
  pendingDeploymentBody,
} from '../bodies/environment-body.ts';
import { type DemoContext, type DemoRouter, loginOf, type Request, repositoryOf } from '../context.ts';
import { ApiError, invalidRequest, notFound, type Reply } from '../http.ts';
import type { EnvironmentRecord, JobRecord, RunRecord } from '../model.ts';
import { pageOf } from '../paging.ts';
import { addEnvironment, findEnvironment, gateOf, mayReview } from '../workflow/environments.ts';
import { castOf, runParam } from './runs.ts';

const longestTimerMinutes = 43_200;
const maximumReviewers = 6;

function environmentsOf(context: DemoContext, request: Request): EnvironmentRecord[] {
  return context.store.data.environments[repositoryOf(request).fullName] ?? [];
}

function environmentParam(context: DemoContext, request: Request): EnvironmentRecord {
  const { fullName } = repositoryOf(request);
  const found = findEnvironment(context.store, fullName, request.params.environment ?? '');
  if (!found) throw notFound();
  return found;
}

function list(context: DemoContext, request: Request): Reply {
  const cast = castOf(context, request);
  const page = pageOf(request, environmentsOf(context, request));
  const environments = page.items.map((one) => environmentBody(one, cast, request.addresses));
  return { status: 200, body: { total_count: page.total, environments }, headers: page.headers };
}

function get(context: DemoContext, request: Request): Reply {
  const environment = environmentParam(context, request);
  return { status: 200, body: environmentBody(environment, castOf(context, request), request.addresses) };
}

/** The logins that a list of `{type, id}` names. */
function reviewersOf(context: DemoContext, given: unknown): string[] {
  if (given === undefined || given === null) return [];
  if (!Array.isArray(given) || given.length > maximumReviewers) {
    throw invalidRequest(`reviewers is a list of at most ${maximumReviewers}`);
  }
  return given.map((entry) => {
    const account = context.repositories.accounts.find(({ id }) => id === entry?.id);
    if (entry?.type !== 'User' || !account) throw invalidRequest('a reviewer is a user with access');
    return account.login;
  });
}

/** Creates the environment or replaces its rules; what is not given falls back to none. */
async function put(context: DemoContext, request: Request): Promise<Reply> {
  const { store, clock } = context;
  const { fullName } = repositoryOf(request);
  const name = request.params.environment ?? '';
  const body = await request.json();
  const { wait_timer: timer = 0, prevent_self_review: preventSelfReview } = body;
  if (!Number.isInteger(timer) || Number(timer) < 0 || Number(timer) > longestTimerMinutes) {
    throw invalidRequest(`wait_timer is a whole number from 0 to ${longestTimerMinutes}`);
  }
  const reviewers = reviewersOf(context, body.reviewers);
  const now = clock.now();
  const environment = findEnvironment(store, fullName, name) ?? addEnvironment(store, fullName, name, now);
  Object.assign(environment, {
    waitTimerMinutes: Number(timer),
    reviewers,
    preventSelfReview: preventSelfReview === true,
    updatedAtMs: now,
  });
  store.changed();
  return { status: 200, body: environmentBody(environment, castOf(context, request), request.addresses) };
}

function remove(context: DemoContext, request: Request): Reply {
  const { environments } = context.store.data;
  const { id } = environmentParam(context, request);
  const { fullName } = repositoryOf(request);
  environments[fullName] = environmentsOf(context, request).filter((other) => other.id !== id);
  context.store.changed();
  return { status: 204 };
}

/** The environments that hold jobs of a run, each with one of the jobs. */
function holding(context: DemoContext, run: RunRecord): { environment: EnvironmentRecord; job: JobRecord }[] {
  const held = new Map<number, { environment: EnvironmentRecord; job: JobRecord }>();
  for (const job of context.store.jobsOf(run)) {
    const environment = job.status === 'waiting' ? gateOf(context.store, run, job) : undefined;
    if (environment && !held.has(environment.id)) held.set(environment.id, { environment, job });
  }
  return [...held.values()];
}

function pending(context: DemoContext, request: Request): Reply {
  const run = runParam(context, request);
  const login = request.visit.caller.token?.login ?? '';
  const body = holding(context, run).map(({ environment, job }) =>
    pendingDeploymentBody(
      environment,
      { sinceMs: job.gate?.sinceMs ?? job.createdAtMs, canApprove: mayReview(environment, run, login) },
      castOf(context, request),
      request.addresses,
    ),
  );
  return { status: 200, body };
}

async function review(context: DemoContext, request: Request): Promise<Reply> {
  const { store, clock } = context;
  const run = runParam(context, request);
  const { environment_ids: ids, state, comment } = await request.json();
  if (!Array.isArray(ids) || ids.length === 0) throw invalidRequest('environment_ids is needed');
  if (state !== 'approved' && state !== 'rejected') throw invalidRequest('state is approved or rejected');
  if (typeof comment !== 'string') throw invalidRequest('comment is needed');
  const environments = holding(context, run)
    .map(({ environment }) => environment)
    .filter(({ id }) => ids.includes(id));
  if (environments.length < new Set(ids).size) {
    throw invalidRequest('environment_ids has an environment that holds nothing of this run');
  }
  const by = loginOf(request);
  if (!environments.every((environment) => mayReview(environment, run, by))) {
    throw new ApiError(403, 'You are not a required reviewer of this environment.');
  }
  context.runs.review(run, { environments, state, comment, by });
  const cast = castOf(context, request);
  const body = environments.map((environment) => {
    const id = store.nextId('deployment');
    return deploymentBody(environment, run, { id, by, atMs: clock.now() }, cast, request.addresses);
  });
  return { status: 200, body };
}

function approvals(context: DemoContext, request: Request): Reply {
  const run = runParam(context, request);
  const cast = castOf(context, request);
  const all = environmentsOf(context, request);
  const body: components['schemas']['environment-approvals'][] = run.approvals.map((approval) => ({
    environments: all
      .filter(({ id }) => approval.environmentIds.includes(id))
      .map((environment) => {
        const {
          protection_rules: _,
          deployment_branch_policy: __,
          ...body
        } = environmentBody(environment, cast, request.addresses);
        return { ...body, id: environment.id };
      }),
    state: approval.state,
    user: castMember(cast, approval.by, request.addresses),
    comment: approval.comment,
  }));
  return { status: 200, body };
}

/** Adds environments, pending deployments and approvals. */
export function addEnvironmentRoutes(router: DemoRouter, context: DemoContext): void {
  const root = '/repos/:owner/:repo';
  const read = { kind: 'repository', permission: ['actions', 'read'] } as const;
  const write = { kind: 'repository', permission: ['administration', 'write'], adminOnly: true } as const;
  const deploy = { kind: 'repository', permission: ['deployments', 'write'] } as const;
  const one = `${root}/environments/:environment`;
  router.add('GET', `${root}/environments`, { access: read, handle: (r) => list(context, r) });
  router.add('GET', one, { access: read, handle: (r) => get(context, r) });
  router.add('PUT', one, { access: write, handle: (r) => put(context, r) });
  router.add('DELETE', one, { access: write, handle: (r) => remove(context, r) });
  const run = `${root}/actions/runs/:runId`;
  router.add('GET', `${run}/pending_deployments`, { access: read, handle: (r) => pending(context, r) });
  router.add('POST', `${run}/pending_deployments`, { access: deploy, handle: (r) => review(context, r) });
  router.add('GET', `${run}/approvals`, { access: read, handle: (r) => approvals(context, r) });
}
