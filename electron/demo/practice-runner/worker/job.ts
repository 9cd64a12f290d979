/** Runs a job: its steps in order, their states told as they change, what they left running ended. */
import { randomUUID } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { hostname } from 'node:os';
import { basename, join } from 'node:path';
import type { JobMessageStep } from '../../github/workflow/job-message.ts';
import type { Diagnostics } from '../listener/diagnostics.ts';
import type { ResultName, WorkerOrder } from '../listener/dispatcher.ts';
import { type Answer, send } from '../service.ts';
import { createJobLog, type JobLog } from './job-log.ts';
import { findTracked, killAll } from './processes.ts';
import { runStep } from './step.ts';

export type JobOrder = Extract<WorkerOrder, { kind: 'job' }>;

interface StepState {
  number: number;
  name: string;
  status: 'queued' | 'in_progress' | 'completed';
  conclusion: 'success' | 'failure' | 'cancelled' | 'skipped' | null;
  started_at: string | null;
  completed_at: string | null;
}

const hookVariables = ['ACTIONS_RUNNER_HOOK_JOB_STARTED', 'ACTIONS_RUNNER_HOOK_JOB_COMPLETED'] as const;

/** Steps the runner adds itself, with the vendor's names. */
function hookStep(name: string, path: string | undefined): JobMessageStep[] {
  if (!path) return [];
  const base = { number: 0, shell: null, workingDirectory: null, env: {}, continueOnError: false, timeoutMinutes: null };
  return [{ ...base, name, script: `'${path}'`, condition: name === 'Complete runner' ? 'always' : 'success' }];
}

export interface JobRun {
  ended: Promise<ResultName>;
  cancel(): void;
}

/** Starts a job. */
export function startJob(order: JobOrder, root: string, diagnostics: Diagnostics): JobRun {
  const cancel = new AbortController();
  return { ended: work(order, root, diagnostics, cancel), cancel: () => cancel.abort() };
}

async function work(order: JobOrder, root: string, diagnostics: Diagnostics, cancel: AbortController): Promise<ResultName> {
  const { job, runServiceUrl, accessToken, settings } = order;
  const rootUrl = new URL(runServiceUrl).origin;
  const call = (url: string, body: unknown): Promise<Answer> =>
    send(url, {
      method: 'POST',
      headers: { authorization: `Bearer ${accessToken}`, ...(typeof body === 'string' ? { 'content-type': 'text/plain' } : {}) },
      body,
    });
  const log = createJobLog({
    root,
    timelineId: job.planId,
    secrets: job.secretMask,
    upload: async (text) => void (await call(`${rootUrl}/_runner/results/logs/${job.jobId}`, text)),
  });
  diagnostics.write('INFO', 'Worker', `Job ID ${job.jobId}`);
  const started = hookStep('Set up runner', process.env[hookVariables[0]]);
  const completed = hookStep('Complete runner', process.env[hookVariables[1]]);
  const steps = [...started, ...job.steps, ...completed];
  const limit = AbortSignal.timeout(job.timeoutMinutes * 60_000);
  const stop = AbortSignal.any([cancel.signal, limit]);
  const states = createStates(steps, (changed) => {
    call(`${rootUrl}/_runner/results/steps`, { jobId: job.jobId, steps: changed }).catch(() => {});
  });
  const trackingId = `github_${randomUUID()}`;
  const environment = jobEnvironment(order, root, trackingId);
  log.beginPiece(randomUUID());
  log.write(`Current runner version: '${order.version}'`);
  log.write(`Runner name: '${settings.AgentName}'\nMachine name: '${hostname()}'`);
  await log.endPiece();
  const failed = await runSteps({ steps, states, environment, order, root, log, stop });
  endLeftovers(trackingId, log);
  await log.endPiece();
  log.dispose();
  if (limit.aborted) log.write(`##[error]The job has exceeded the maximum execution time of ${job.timeoutMinutes} minutes.`);
  const conclusion = stop.aborted ? 'cancelled' : failed ? 'failure' : 'success';
  await states.settled();
  await call(`${runServiceUrl}/completejob`, { planId: job.planId, jobId: job.jobId, conclusion });
  diagnostics.write('INFO', 'JobRunner', `Job result after all job steps finish: ${conclusion}`);
  return stop.aborted ? 'Canceled' : failed ? 'Failed' : 'Succeeded';
}

function jobEnvironment({ job, environment, settings }: JobOrder, root: string, trackingId: string): Record<string, string> {
  const work = join(root, settings.WorkFolder);
  const repository = basename(job.environment.GITHUB_REPOSITORY ?? 'repository');
  const temp = join(work, '_temp');
  const tools = process.env.RUNNER_TOOL_CACHE ?? join(work, '_tool');
  const workspace = join(work, repository, repository);
  for (const folder of [temp, tools, workspace]) mkdirSync(folder, { recursive: true });
  const own = Object.fromEntries(Object.entries(process.env).filter(([, value]) => value !== undefined)) as Record<string, string>;
  return {
    ...own,
    ...environment,
    ...job.environment,
    CI: 'true',
    GITHUB_ACTIONS: 'true',
    GITHUB_WORKSPACE: workspace,
    RUNNER_TEMP: temp,
    RUNNER_TOOL_CACHE: tools,
    RUNNER_WORKSPACE: join(work, repository),
    RUNNER_NAME: settings.AgentName,
    RUNNER_TRACKING_ID: trackingId,
  };
}

async function runSteps(options: {
  steps: JobMessageStep[];
  states: ReturnType<typeof createStates>;
  environment: Record<string, string>;
  order: JobOrder;
  root: string;
  log: JobLog;
  stop: AbortSignal;
}): Promise<boolean> {
  const { steps, states, order, log, stop } = options;
  let { environment } = options;
  let failed = false;
  const place = {
    temp: environment.RUNNER_TEMP ?? '',
    workspace: environment.GITHUB_WORKSPACE ?? '',
    defaults: order.job.defaults,
  };
  for (const [index, step] of steps.entries()) {
    const due = step.condition === 'always' || (!stop.aborted && (step.condition === 'failure') === failed);
    if (!due) {
      states.end(index, 'skipped');
      continue;
    }
    states.begin(index);
    log.beginPiece(randomUUID());
    // A step that runs in any case is not cut short by the cancellation it runs after.
    const signal = stop.aborted ? new AbortController().signal : stop;
    const outcome = await runStep(step, environment, place, log, signal);
    await log.endPiece();
    states.end(index, outcome.conclusion);
    environment = { ...environment, ...outcome.environment };
    if (outcome.path.length > 0) environment.PATH = [...outcome.path.reverse(), environment.PATH].join(':');
    if (outcome.conclusion === 'failure' && !step.continueOnError) failed = true;
  }
  return failed;
}

function createStates(steps: JobMessageStep[], tell: (changed: StepState[]) => Promise<void> | void) {
  const states: StepState[] = steps.map(({ name }, index) => ({
    number: index + 1,
    name,
    status: 'queued',
    conclusion: null,
    started_at: null,
    completed_at: null,
  }));
  steps.forEach((step, index) => {
    const state = states[index];
    if (state && step.number > 0) state.number = step.number;
  });
  let told: Promise<void> = Promise.resolve();
  const change = (index: number, patch: Partial<StepState>): void => {
    const state = states[index];
    if (!state) return;
    Object.assign(state, patch);
    const copy = { ...state };
    told = told.then(() => tell([copy])).catch(() => {});
  };
  return {
    begin: (index: number) => change(index, { status: 'in_progress', started_at: new Date().toISOString() }),
    end(index: number, conclusion: NonNullable<StepState['conclusion']>) {
      const now = new Date().toISOString();
      change(index, { status: 'completed', conclusion, completed_at: now, started_at: states[index]?.started_at ?? now });
    },
    settled: () => told,
  };
}

/** What steps left running is ended, as the vendor does by the tracking id. */
function endLeftovers(trackingId: string, log: JobLog): void {
  const left = findTracked(trackingId);
  log.beginPiece(randomUUID());
  log.write('Cleaning up orphan processes');
  for (const { pid, name } of left) log.write(`Terminate orphan process: pid (${pid}) (${name})`);
  killAll(left.map(({ pid }) => pid));
}
