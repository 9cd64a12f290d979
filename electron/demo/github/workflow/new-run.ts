/** Makes a run of a workflow file and a dispatch, or says as GitHub does why it cannot. */
import { ApiError } from '../http.ts';
import type { AttemptRecord, RunRecord } from '../model.ts';
import type { Workflow } from '../repositories.ts';
import type { Store } from '../store.ts';
import { githubContext } from './contexts.ts';
import { interpolate } from './expressions.ts';
import { acceptInputs } from './inputs.ts';
import { planJobs } from './plan.ts';
import { parseWorkflow, type WorkflowFile } from './workflow-file.ts';

export interface DispatchRequest {
  /** Branch, with or without `refs/heads/`. */
  ref: string;
  inputs: Record<string, unknown>;
  /** Login. */
  actor: string;
}

/** The start of an attempt. */
export function newAttempt(number: number, actor: string, nowMs: number): AttemptRecord {
  return {
    number,
    startedAtMs: nowMs,
    completedAtMs: null,
    conclusion: null,
    cancelRequestedAtMs: null,
    actor,
  };
}

function acceptedRef(workflow: Workflow, ref: string): string {
  const branch = ref.replace(/^refs\/heads\//, '');
  if (branch !== workflow.repository.defaultBranch) throw new ApiError(422, `No ref found for: ${ref}`);
  return branch;
}

function orInvalid<Result>(work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    if (error instanceof ApiError) throw error;
    throw new ApiError(
      422,
      `Invalid workflow file: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}

function planRun(run: RunRecord, file: WorkflowFile): void {
  const contexts = { github: githubContext(run, 1), inputs: run.inputs };
  run.plan = planJobs(file, contexts);
  if (file.runName) run.displayTitle = interpolate(file.runName, contexts);
}

/**
 * Adds a run to the store, without jobs yet.
 * @throws ApiError 422 for an unknown branch, unfitting inputs, or a file that cannot be understood
 */
export function addRun(store: Store, workflow: Workflow, request: DispatchRequest, nowMs: number): RunRecord {
  const file = orInvalid(() => parseWorkflow(workflow.text, workflow.path));
  const declared = file.inputs;
  if (!declared) throw new ApiError(422, "Workflow does not have 'workflow_dispatch' trigger");
  const branch = acceptedRef(workflow, request.ref);
  const inputs = acceptInputs(declared, request.inputs);
  const run: RunRecord = {
    id: store.nextId('run'),
    number: store.nextId(`run-number:${workflow.id}`),
    repository: workflow.repository.fullName,
    workflowId: workflow.id,
    workflowPath: workflow.path,
    workflowName: file.name,
    displayTitle: file.name,
    event: 'workflow_dispatch',
    branch,
    headSha: workflow.repository.head.sha,
    actor: request.actor,
    inputs,
    env: file.env,
    plan: [],
    createdAtMs: nowMs,
    updatedAtMs: nowMs,
    attempts: [newAttempt(1, request.actor, nowMs)],
  };
  orInvalid(() => planRun(run, file));
  store.data.runs.push(run);
  return run;
}
