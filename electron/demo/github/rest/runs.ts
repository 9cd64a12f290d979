/** Workflow runs: list, get, attempts, cancel, rerun, delete. */
import { type Cast, checkSuiteId, runBody, runStatus } from '../bodies/run-body.ts';
import {
  type DemoContext,
  type DemoRouter,
  loginOf,
  numberParam,
  type Request,
  repositoryOf,
} from '../context.ts';
import { notFound, type Reply } from '../http.ts';
import type { AttemptRecord, RunRecord } from '../model.ts';
import { pageOf } from '../paging.ts';
import { lastAttempt } from '../workflow/contexts.ts';
import { accountOf } from './accounts.ts';
import { workflowParam } from './workflows.ts';

/** GitHub gives at most this many results of a filtered list. */
const filteredLimit = 1000;

/** The run of a path, when it belongs to the repository of the path. */
export function runParam(context: DemoContext, request: Request): RunRecord {
  const run = context.store.run(numberParam(request, 'runId'));
  if (run?.repository !== repositoryOf(request).fullName) throw notFound();
  return run;
}

/** The attempt of a path. */
export function attemptParam(request: Request, run: RunRecord): AttemptRecord {
  const number = numberParam(request, 'attempt');
  const attempt = run.attempts.find((candidate) => candidate.number === number);
  if (!attempt) throw notFound();
  return attempt;
}

/** Who stands in the body of a run. */
export function castOf(context: DemoContext, request: Request): Cast {
  const repository = repositoryOf(request);
  const { account } = context.repositories;
  return { repository, owner: accountOf(context, repository.owner), account };
}

function bodyOf(context: DemoContext, request: Request, run: RunRecord, attempt = lastAttempt(run)) {
  const jobs = context.store.jobsOf(run, attempt.number);
  return runBody(run, jobs, castOf(context, request), request.addresses, attempt);
}

/** A `created` filter: `2026-01-01`, `>=2026-01-01T00:00:00Z`, `2026-01-01..2026-02-01`. */
export function createdFilter(text: string): (atMs: number) => boolean {
  const startOf = (part: string) => Date.parse(part);
  const endOf = (part: string) => Date.parse(part) + (part.includes('T') ? 999 : 86_399_999);
  const [from = '', to] = text.split('..');
  if (to !== undefined) {
    return (atMs) => (from === '*' || atMs >= startOf(from)) && (to === '*' || atMs <= endOf(to));
  }
  const match = /^(>=|<=|>|<)?(.*)$/.exec(text);
  const [, sign = '', day = ''] = match ?? [];
  if (sign === '>=') return (atMs) => atMs >= startOf(day);
  if (sign === '>') return (atMs) => atMs > endOf(day);
  if (sign === '<=') return (atMs) => atMs <= endOf(day);
  if (sign === '<') return (atMs) => atMs < startOf(day);
  return (atMs) => atMs >= startOf(day) && atMs <= endOf(day);
}

function isWanted(context: DemoContext, query: URLSearchParams): (run: RunRecord) => boolean {
  const wanted = (name: string, value: unknown) => !query.get(name) || query.get(name) === String(value);
  const status = query.get('status');
  const created = query.get('created');
  const isCreatedThen = created ? createdFilter(created) : () => true;
  return (run) => {
    const attempt = lastAttempt(run);
    if (status && status !== attempt.conclusion) {
      const jobs = attempt.conclusion ? [] : context.store.jobsOf(run);
      if (status !== runStatus(attempt, jobs)) return false;
    }
    return (
      wanted('branch', run.branch) &&
      wanted('event', run.event) &&
      wanted('actor', run.actor) &&
      wanted('head_sha', run.headSha) &&
      wanted('check_suite_id', checkSuiteId(run)) &&
      isCreatedThen(run.createdAtMs)
    );
  };
}

function list(context: DemoContext, request: Request, workflowId?: number): Reply {
  const { fullName } = repositoryOf(request);
  const all = context.store
    .runsOf(fullName)
    .filter((run) => workflowId === undefined || run.workflowId === workflowId)
    .filter(isWanted(context, request.query))
    .reverse();
  const page = pageOf(request, all.slice(0, filteredLimit));
  const workflow_runs = page.items.map((run) => bodyOf(context, request, run));
  return { status: 200, body: { total_count: all.length, workflow_runs }, headers: page.headers };
}

function rerun(context: DemoContext, request: Request, which: 'all' | 'failed'): Reply {
  context.runs.rerun(runParam(context, request), which, loginOf(request));
  return { status: 201, body: {} };
}

function cancel(context: DemoContext, request: Request, force: boolean): Reply {
  context.runs.cancel(runParam(context, request), { force });
  return { status: 202, body: {} };
}

function remove(context: DemoContext, request: Request): Reply {
  context.runs.remove(runParam(context, request));
  return { status: 204 };
}

function attempt(context: DemoContext, request: Request): Reply {
  const run = runParam(context, request);
  return { status: 200, body: bodyOf(context, request, run, attemptParam(request, run)) };
}

/** Adds the routes of runs, without their jobs and logs. */
export function addRunRoutes(router: DemoRouter, context: DemoContext): void {
  const root = '/repos/:owner/:repo/actions';
  const read = { kind: 'repository', permission: ['actions', 'read'] } as const;
  const write = { kind: 'repository', permission: ['actions', 'write'], pushOnly: true } as const;
  const one = `${root}/runs/:runId`;
  router.add('GET', `${root}/runs`, { access: read, handle: (r) => list(context, r) });
  router.add('GET', `${root}/workflows/:workflow/runs`, {
    access: read,
    handle: (r) => list(context, r, workflowParam(context, r).id),
  });
  router.add('GET', one, {
    access: read,
    handle: (r) => ({ status: 200, body: bodyOf(context, r, runParam(context, r)) }),
  });
  router.add('GET', `${one}/attempts/:attempt`, { access: read, handle: (r) => attempt(context, r) });
  router.add('POST', `${one}/cancel`, { access: write, handle: (r) => cancel(context, r, false) });
  router.add('POST', `${one}/force-cancel`, { access: write, handle: (r) => cancel(context, r, true) });
  router.add('POST', `${one}/rerun`, { access: write, handle: (r) => rerun(context, r, 'all') });
  router.add('POST', `${one}/rerun-failed-jobs`, {
    access: write,
    handle: (r) => rerun(context, r, 'failed'),
  });
  router.add('DELETE', one, { access: write, handle: (r) => remove(context, r) });
}
