/** Jobs of a run, their logs, and the checks that stand for them. */
import {
  annotationBodies,
  checkRunBody,
  checkSuiteBody,
  jobBody,
  runIdOfCheckSuite,
} from '../bodies/run-body.ts';
import {
  type DemoContext,
  type DemoRouter,
  loginOf,
  numberParam,
  type Request,
  repositoryOf,
} from '../context.ts';
import { ApiError, notFound, type Reply } from '../http.ts';
import type { JobRecord, RunRecord } from '../model.ts';
import { pageOf } from '../paging.ts';
import { logArchive, logDownload } from '../run-logs.ts';
import { signToken, verifyToken } from '../signed-tokens.ts';
import { lastAttempt } from '../workflow/contexts.ts';
import { attemptParam, castOf, runParam } from './runs.ts';

const linkMs = 60_000;

function jobParam(context: DemoContext, request: Request): { job: JobRecord; run: RunRecord } {
  const job = context.store.job(numberParam(request, 'jobId'));
  const run = job && context.store.run(job.runId);
  if (!job || run?.repository !== repositoryOf(request).fullName) throw notFound();
  return { job, run };
}

function listJobs(request: Request, run: RunRecord, jobs: JobRecord[]): Reply {
  const page = pageOf(request, jobs);
  const body = {
    total_count: page.total,
    jobs: page.items.map((job) => jobBody(job, run, request.addresses)),
  };
  return { status: 200, body, headers: page.headers };
}

function jobsOfRun(context: DemoContext, request: Request): Reply {
  const run = runParam(context, request);
  const which = request.query.get('filter') === 'all' ? 'all' : run.attempts.length;
  return listJobs(request, run, context.store.jobsOf(run, which));
}

/** 302 to a link that is good for a minute, without a token. */
function linkTo(
  context: DemoContext,
  request: Request,
  kind: 'job' | 'run',
  id: number,
  attempt: number,
): Reply {
  const { data } = context.store;
  const token = signToken(
    { kind: `${kind}-log`, id, attempt },
    data.signingKey,
    context.clock.now() + linkMs,
  );
  return { status: 302, headers: { Location: `${request.addresses.html}/_demo/logs/${token}` } };
}

function jobLogs(context: DemoContext, request: Request): Reply {
  const { job } = jobParam(context, request);
  if (job.status !== 'completed' || context.store.logs.size(job.id) === undefined) throw notFound();
  return linkTo(context, request, 'job', job.id, job.attempt);
}

function runLogs(context: DemoContext, request: Request): Reply {
  const run = runParam(context, request);
  const attempt = request.params.attempt === undefined ? lastAttempt(run) : attemptParam(request, run);
  if (!attempt.conclusion) throw notFound();
  return linkTo(context, request, 'run', run.id, attempt.number);
}

async function serveLog(context: DemoContext, request: Request): Promise<Reply> {
  const { store, clock } = context;
  const claims = verifyToken(request.params.token ?? '', store.data.signingKey, clock.now());
  const id = Number(claims?.id);
  if (claims?.kind === 'job-log') {
    const { stream, sizeBytes } = logDownload(store.logs, id);
    const headers = { 'Content-Type': 'text/plain; charset=utf-8', 'Content-Length': String(sizeBytes) };
    return { status: 200, stream, headers };
  }
  const run = claims?.kind === 'run-log' ? store.run(id) : undefined;
  if (!run) throw new ApiError(403, 'The link to this log has expired. Ask for the log again.');
  const stream = await logArchive(store.jobsOf(run, Number(claims?.attempt)), store.logs);
  return { status: 200, stream, headers: { 'Content-Type': 'application/zip' } };
}

function rerunJob(context: DemoContext, request: Request): Reply {
  const { job, run } = jobParam(context, request);
  context.runs.rerun(run, job, loginOf(request));
  return { status: 201, body: {} };
}

function checkSuite(context: DemoContext, request: Request): { run: RunRecord; jobs: JobRecord[] } {
  const run = context.store.run(runIdOfCheckSuite(numberParam(request, 'suiteId')));
  if (run?.repository !== repositoryOf(request).fullName) throw notFound();
  return { run, jobs: context.store.jobsOf(run) };
}

function checkRunsOfSuite(context: DemoContext, request: Request): Reply {
  const { run, jobs } = checkSuite(context, request);
  const page = pageOf(request, jobs);
  const check_runs = page.items.map((job) => checkRunBody(job, run, request.addresses));
  return { status: 200, body: { total_count: page.total, check_runs }, headers: page.headers };
}

function addCheckRoutes(router: DemoRouter, context: DemoContext): void {
  const access = { kind: 'repository', permission: ['checks', 'read'] } as const;
  const root = '/repos/:owner/:repo';
  router.add('GET', `${root}/check-runs/:jobId`, {
    access,
    handle: (r) => {
      const { job, run } = jobParam(context, r);
      return { status: 200, body: checkRunBody(job, run, r.addresses) };
    },
  });
  router.add('GET', `${root}/check-runs/:jobId/annotations`, {
    access,
    handle: (r) => {
      const { job, run } = jobParam(context, r);
      const page = pageOf(r, annotationBodies(job, run, r.addresses));
      return { status: 200, body: page.items, headers: page.headers };
    },
  });
  router.add('GET', `${root}/check-suites/:suiteId`, {
    access,
    handle: (r) => {
      const { run, jobs } = checkSuite(context, r);
      return { status: 200, body: checkSuiteBody(run, jobs, castOf(context, r), r.addresses) };
    },
  });
  router.add('GET', `${root}/check-suites/:suiteId/check-runs`, {
    access,
    handle: (r) => checkRunsOfSuite(context, r),
  });
}

/** Adds jobs, logs and checks. */
export function addJobRoutes(router: DemoRouter, context: DemoContext): void {
  const root = '/repos/:owner/:repo/actions';
  const read = { kind: 'repository', permission: ['actions', 'read'] } as const;
  const write = { kind: 'repository', permission: ['actions', 'write'], pushOnly: true } as const;
  router.add('GET', `${root}/runs/:runId/jobs`, { access: read, handle: (r) => jobsOfRun(context, r) });
  router.add('GET', `${root}/runs/:runId/attempts/:attempt/jobs`, {
    access: read,
    handle: (r) => {
      const run = runParam(context, r);
      return listJobs(r, run, context.store.jobsOf(run, attemptParam(r, run).number));
    },
  });
  router.add('GET', `${root}/runs/:runId/logs`, { access: read, handle: (r) => runLogs(context, r) });
  router.add('GET', `${root}/runs/:runId/attempts/:attempt/logs`, {
    access: read,
    handle: (r) => runLogs(context, r),
  });
  router.add('GET', `${root}/jobs/:jobId`, {
    access: read,
    handle: (r) => {
      const { job, run } = jobParam(context, r);
      return { status: 200, body: jobBody(job, run, r.addresses) };
    },
  });
  router.add('GET', `${root}/jobs/:jobId/logs`, { access: read, handle: (r) => jobLogs(context, r) });
  router.add('POST', `${root}/jobs/:jobId/rerun`, { access: write, handle: (r) => rerunJob(context, r) });
  router.add('GET', '/_demo/logs/:token', { access: { kind: 'open' }, handle: (r) => serveLog(context, r) });
  addCheckRoutes(router, context);
}
