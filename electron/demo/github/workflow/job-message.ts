/** The job as a runner receives it, expressions evaluated (docs/practice-runner.md, call 7). */
import type { Addresses } from '../http.ts';
import type { JobRecord, PlannedStep, RunnerRecord, RunRecord, StepRecord } from '../model.ts';
import type { Repository } from '../repositories.ts';
import { githubContext, githubEnvironment, planOf } from './contexts.ts';
import { type Contexts, evaluate, interpolate, isTruthy } from './expressions.ts';

export interface JobMessageStep {
  number: number;
  name: string;
  script: string;
  shell: string | null;
  workingDirectory: string | null;
  env: Record<string, string>;
  condition: 'success' | 'always' | 'failure';
  continueOnError: boolean;
  timeoutMinutes: number | null;
  /** What to upload, as `actions/upload-artifact` is given it; `null` for every other step. */
  artifact: Record<string, string> | null;
}

export interface JobMessage {
  jobId: string;
  planId: string;
  jobDisplayName: string;
  jobName: string;
  timeoutMinutes: number;
  environment: Record<string, string>;
  secretMask: string[];
  defaults: { shell: string | null; workingDirectory: string | null };
  steps: JobMessageStep[];
}

function interpolateAll(texts: Record<string, string>, contexts: Contexts): Record<string, string> {
  return Object.fromEntries(Object.entries(texts).map(([key, text]) => [key, interpolate(text, contexts)]));
}

/** When a step runs, as the runner needs to know it; `undefined` when it is skipped whatever happens. */
function conditionOf(step: PlannedStep, contexts: Contexts): JobMessageStep['condition'] | undefined {
  const { condition } = step;
  if (condition === null) return 'success';
  const names = (functionName: string) => new RegExp(`\\b${functionName}\\s*\\(`, 'i').test(condition);
  const isForCancelled = names('cancelled') && /!\s*cancelled/i.test(condition);
  // Only the runner knows how the steps before went, so the rest is evaluated as if this step's turn had come.
  const status = { success: true, failure: true, cancelled: false };
  if (!isTruthy(evaluate(condition, contexts, status))) return undefined;
  if (names('always') || isForCancelled) return 'always';
  return names('failure') ? 'failure' : 'success';
}

/** What only the runner knows is left to the shell: it is an environment variable of every step. */
function runnerContext(runner: RunnerRecord): Contexts {
  return {
    name: runner.name,
    os: runner.os,
    arch: runner.architecture,
    temp: '$RUNNER_TEMP',
    tool_cache: '$RUNNER_TOOL_CACHE',
    workspace: '$GITHUB_WORKSPACE',
  };
}

interface JobMessageParts {
  run: RunRecord;
  job: JobRecord;
  runner: RunnerRecord;
  repository: Repository;
  addresses: Addresses;
  /** The job's own GITHUB_TOKEN. */
  secret: string;
}

/** Every context but `env`. */
function contextsOf(parts: JobMessageParts, environment: Record<string, string>): Contexts {
  const { run, job, runner, secret } = parts;
  const plan = planOf(run, job);
  return {
    github: {
      ...githubContext(run, job.attempt),
      job: plan.key,
      workspace: '$GITHUB_WORKSPACE',
      token: secret,
      server_url: environment.GITHUB_SERVER_URL,
      api_url: environment.GITHUB_API_URL,
    },
    inputs: run.inputs,
    matrix: plan.matrix,
    runner: runnerContext(runner),
    secrets: { GITHUB_TOKEN: secret },
  };
}

function messageStep(
  step: PlannedStep,
  number: number,
  base: Contexts,
  env: Record<string, string>,
): Omit<JobMessageStep, 'condition'> & Pick<Partial<JobMessageStep>, 'condition'> {
  const stepEnv = interpolateAll(step.env, { ...base, env });
  const contexts = { ...base, env: { ...env, ...stepEnv } };
  return {
    number,
    name: interpolate(step.name, contexts),
    script: interpolate(step.script, contexts),
    shell: step.shell,
    workingDirectory: step.workingDirectory && interpolate(step.workingDirectory, contexts),
    env: stepEnv,
    condition: conditionOf(step, contexts),
    continueOnError: step.continueOnError,
    timeoutMinutes: step.timeoutMinutes,
    artifact: step.artifact && interpolateAll(step.artifact, contexts),
  };
}

/**
 * Builds the message, and notes in the job the steps that are skipped whatever happens.
 * @throws SyntaxError when the workflow has something that is not an expression
 */
export function createJobMessage(parts: JobMessageParts): JobMessage {
  const { run, job, repository, addresses, secret } = parts;
  const plan = planOf(run, job);
  const environment = githubEnvironment(run, job, addresses, repository.id);
  const base = contextsOf(parts, environment);
  const env = interpolateAll({ ...run.env, ...plan.env }, base);
  const steps: JobMessageStep[] = [];
  const skipped: StepRecord[] = [];
  for (const [index, planned] of plan.steps.entries()) {
    // Number 1 is the runner's own "Set up job".
    const { condition, ...step } = messageStep(planned, index + 2, base, env);
    const { number, name } = step;
    if (condition) steps.push({ ...step, condition });
    else
      skipped.push({
        number,
        name,
        status: 'completed',
        conclusion: 'skipped',
        startedAt: null,
        completedAt: null,
      });
  }
  job.steps = skipped;
  return {
    jobId: job.guid,
    planId: job.planId,
    jobDisplayName: job.name,
    jobName: plan.key,
    timeoutMinutes: plan.timeoutMinutes,
    environment: { ...environment, ...env },
    secretMask: [secret],
    defaults: plan.defaults,
    steps,
  };
}
