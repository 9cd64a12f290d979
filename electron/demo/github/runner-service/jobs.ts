/** Taking, keeping, reporting and completing jobs (docs/practice-runner.md, calls 7–11). */
import type { DemoContext, DemoRouter, Request } from '../context.ts';
import { ApiError, notFound, type Reply } from '../http.ts';
import type { Conclusion, JobRecord, StepRecord } from '../model.ts';
import { randomLetters } from '../tokens.ts';
import { planOf } from '../workflow/contexts.ts';
import { createJobMessage } from '../workflow/job-message.ts';
import { annotate } from '../workflow/job-records.ts';
import { objectOf } from '../workflow/workflow-file.ts';
import { heldJob, runnerOf } from './access.ts';

const annotationLimit = 10;

async function acquire(context: DemoContext, request: Request): Promise<Reply> {
  const { queue, store, repositories } = context;
  const runner = runnerOf(context, request);
  const job = queue.acquire(runner, String((await request.json()).jobMessageId ?? ''));
  const run = job && store.run(job.runId);
  const repository = run && repositories.byFullName(run.repository);
  if (!job || !run || !repository)
    throw new ApiError(409, 'The job was taken by another runner or was cancelled.');
  const { addresses } = request;
  const secret = `ghs_${randomLetters(36)}`;
  try {
    const message = createJobMessage({ run, job, runner, repository, addresses, secret });
    store.changed();
    return { status: 200, body: message };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    annotate(job, `The workflow is not valid. ${reason}`);
    context.runs.finishJob(job, 'failure');
    throw new ApiError(409, 'The job could not be prepared.');
  }
}

async function renew(context: DemoContext, request: Request): Promise<Reply> {
  const runner = runnerOf(context, request);
  const lockedUntilMs = context.queue.renew(runner, String((await request.json()).jobId ?? ''));
  if (lockedUntilMs === undefined) throw new ApiError(404, 'The job was cancelled or given up as lost.');
  return { status: 200, body: { lockedUntil: new Date(lockedUntilMs).toISOString() } };
}

const conclusions: Conclusion[] = ['success', 'failure', 'cancelled', 'skipped', 'timed_out'];

function conclusionOf(value: unknown): Conclusion | null {
  return conclusions.find((conclusion) => conclusion === value) ?? null;
}

function stepOf(value: unknown): StepRecord {
  const step = objectOf(value);
  const status = step.status;
  return {
    number: Number(step.number),
    name: String(step.name ?? ''),
    status: status === 'completed' || status === 'in_progress' ? status : 'queued',
    conclusion: conclusionOf(step.conclusion),
    startedAt: typeof step.started_at === 'string' ? step.started_at : null,
    completedAt: typeof step.completed_at === 'string' ? step.completed_at : null,
  };
}

async function reportSteps(context: DemoContext, request: Request): Promise<Reply> {
  const body = await request.json();
  const job = heldJob(context, request, body.jobId);
  const reported = (Array.isArray(body.steps) ? body.steps : []).map(stepOf);
  const run = context.store.run(job.runId);
  const afterAll = (run ? planOf(run, job).steps.length : reported.length) + 2;
  // A step that was skipped beforehand keeps its number; the runner, which does not know it, may use it for its last.
  const isSkippedNumber = (step: StepRecord) =>
    job.steps.some(({ number, name }) => number === step.number && name !== step.name);
  for (const step of reported.filter(isSkippedNumber)) step.number = afterAll;
  const byNumber = new Map([...job.steps, ...reported].map((step) => [step.number, step]));
  job.steps = [...byNumber.values()].sort((x, y) => x.number - y.number);
  context.store.touched();
  return { status: 204 };
}

async function appendLog(context: DemoContext, request: Request): Promise<Reply> {
  const text = await request.text();
  const job = heldJob(context, request, request.params.jobId);
  context.store.logs.append(job.id, text);
  const room = annotationLimit - job.annotations.length;
  job.annotations.push(...annotationsIn(text, job.name).slice(0, Math.max(0, room)));
  context.store.touched();
  return { status: 204 };
}

const levels: Record<string, JobRecord['annotations'][number]['level']> = {
  error: 'failure',
  warning: 'warning',
};

/** Of a piece of a log, whole lines, the annotations that GitHub makes of `##[error]` and `##[warning]` lines. */
function annotationsIn(log: string, title: string): JobRecord['annotations'] {
  const lines = log.matchAll(/^\S+ ##\[(error|warning|notice)\](.*)$/gm);
  return [...lines].slice(0, annotationLimit).map(([, kind, message = '']) => {
    const level = levels[kind ?? 'notice'] ?? 'notice';
    return { level, title, message: message.trim() };
  });
}

async function complete(context: DemoContext, request: Request): Promise<Reply> {
  const body = await request.json();
  const runner = runnerOf(context, request);
  const job = context.queue.held(runner, String(body.jobId));
  const conclusion = conclusionOf(body.conclusion);
  if (!job) throw notFound();
  if (!conclusion) throw new ApiError(400, 'A conclusion is success, failure or cancelled.');
  context.runs.finishJob(job, conclusion);
  if (runner.ephemeral) context.queue.removeRunner(runner);
  return { status: 204 };
}

/** Adds calls 7–11. */
export function addJobRoutes(router: DemoRouter, context: DemoContext): void {
  const access = { kind: 'open' } as const;
  router.add('POST', '/_runner/run/acquirejob', { access, handle: (r) => acquire(context, r) });
  router.add('POST', '/_runner/run/renewjob', { access, handle: (r) => renew(context, r) });
  router.add('POST', '/_runner/run/completejob', { access, handle: (r) => complete(context, r) });
  router.add('POST', '/_runner/results/steps', { access, handle: (r) => reportSteps(context, r) });
  router.add('POST', '/_runner/results/logs/:jobId', { access, handle: (r) => appendLog(context, r) });
}
