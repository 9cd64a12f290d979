/** Does a job: its folders, its steps one after the other, the cleaning up (JobRunner.cs, JobExtension.cs). */
import { hostname } from 'node:os';
import type { Clock } from '../../../platform/clock.ts';
import { createAccessTokens } from '../common/access-tokens.ts';
import { readCredentials } from '../common/configuration.ts';
import type { Result } from '../common/results.ts';
import { createServiceCaller } from '../common/service.ts';
import { reasonOf } from '../common/text.ts';
import type { Trace } from '../common/trace.ts';
import type { Assignment } from '../common/worker-messages.ts';
import type { Stop, StopReason } from './channel.ts';
import { createJobLog } from './log.ts';
import { createMasks } from './masks.ts';
import { createOrphanTracker, trackingVariable } from './orphans.ts';
import { createReports } from './reports.ts';
import type { JobState } from './script.ts';
import { createStepRunner, type JobStatus, type StepRunner } from './steps.ts';
import { createTimeStamps } from './time-stamps.ts';
import { createArtifactUpload } from './upload.ts';
import { emptyFolder, prepareWorkspace } from './workspace.ts';

export interface JobOptions {
  root: string;
  assignment: Assignment;
  stop: Stop;
  environment: NodeJS.ProcessEnv;
  trace: Trace;
  clock: Clock;
}

const shutdownText =
  'The runner has received a shutdown signal. This can happen when the runner service is stopped, or a manually started runner is canceled.';

const results: Record<JobStatus, Result> = {
  success: 'Succeeded',
  failure: 'Failed',
  cancelled: 'Canceled',
};

/** The error that a job's log shows when it was stopped. */
function stopText(reason: StopReason, { job, settings }: Assignment): string | null {
  if (reason === 'shutdown') return shutdownText;
  if (reason === 'cancelled') return null;
  return `The job running on runner ${settings.AgentName} has exceeded the maximum execution time of ${job.timeoutMinutes} minutes.`;
}

/** Does the job and tells the service how it went. @returns its result */
export async function runJob(options: JobOptions): Promise<Result> {
  const { root, assignment, stop, trace, clock } = options;
  const { job, runServiceUrl } = assignment;
  trace.info('JobRunner', `Job ID ${job.jobId}`);
  const call = createServiceCaller(createAccessTokens(readCredentials(root)));
  const { jobId, planId } = job;
  const reports = createReports({ jobId, planId, runServiceUrl, call, clock, trace });
  const masks = createMasks(job.secretMask);
  const timeStamps = createTimeStamps(() => performance.timeOrigin + performance.now());
  const log = createJobLog({ root, timelineId: planId, jobId, masks, timeStamps, reports });
  const steps = createStepRunner({ log, reports, timeStamps, stop });
  const limitMs = job.timeoutMinutes > 0 ? job.timeoutMinutes * 60_000 : Number.POSITIVE_INFINITY;
  const cancelLimit = Number.isFinite(limitMs)
    ? clock.after(limitMs, () => stop.request('timeout'))
    : () => {};
  stop.signal.addEventListener('abort', () => {
    const text = stopText(stop.reason() ?? 'cancelled', assignment);
    if (text) steps.current()?.error(text);
  });
  const upload = createArtifactUpload({ jobId, runServiceUrl, call });
  await work(options, steps, { masks, upload });
  cancelLimit();
  const status = steps.status();
  await log.end();
  await reports.complete(status);
  trace.info('JobRunner', `Job result after all job steps finish: ${results[status]}`);
  return results[status];
}

async function work(
  options: JobOptions,
  steps: StepRunner,
  { masks, upload }: Pick<JobState, 'masks' | 'upload'>,
): Promise<void> {
  const { root, assignment, stop, clock, trace, environment } = options;
  const { job, settings, release } = assignment;
  const orphans = createOrphanTracker();
  let state: JobState | null = null;
  await steps.own('Set up job', async (log) => {
    log.write(`Current runner version: '${release.version}'`);
    log.write(`Runner name: '${settings.AgentName}'`);
    log.write(`Runner group name: '${settings.PoolName}'`);
    log.write(`Machine name: '${hostname()}'`);
    log.write('Prepare workflow directory');
    const base = { ...environment, [trackingVariable]: orphans.id };
    const workspace = prepareWorkspace(root, assignment, base);
    const variables = new Map(workspace.ownVariables);
    state = { workspace, masks, stop, clock, trace, upload, variables, path: [] };
    log.write(`Complete job name: ${job.jobDisplayName}`);
    return 'success';
  });
  try {
    const { ACTIONS_RUNNER_HOOK_JOB_STARTED: started, ACTIONS_RUNNER_HOOK_JOB_COMPLETED: completed } =
      environment;
    if (state) await steps.all(job, state, { started, completed });
  } catch (error) {
    trace.error('StepsRunner', error);
    steps.current()?.error(reasonOf(error));
  }
  await steps.own('Complete job', async (log) => {
    orphans.cleanUp(log);
    if (state) emptyFolder(state.workspace.temp);
    return 'success';
  });
}
