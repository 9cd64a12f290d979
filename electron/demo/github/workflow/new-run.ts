/** Makes a run of a workflow file and what starts it, or says as GitHub does why it cannot. */
import { ApiError } from '../http.ts';
import type { AttemptRecord, RunRecord } from '../model.ts';
import type { Revision, Workflow } from '../repositories.ts';
import type { Store } from '../store.ts';
import { githubContext } from './contexts.ts';
import { interpolate } from './expressions.ts';
import { acceptInputs } from './inputs.ts';
import { concurrencyOf, planJobs } from './plan.ts';
import { parseWorkflow, type WorkflowFile } from './workflow-file.ts';

export interface RunRequest {
  event: 'workflow_dispatch' | 'push';
  /** Where the workflow's file was read. */
  revision: Revision;
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
    isPending: false,
  };
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
  run.concurrency = concurrencyOf(file.concurrency, contexts);
  if (file.runName) run.displayTitle = interpolate(file.runName, contexts);
}

/**
 * Adds a run to the store, without jobs yet.
 * @throws ApiError 422 for unfitting inputs, or a file that cannot be understood
 */
export function addRun(store: Store, workflow: Workflow, request: RunRequest, nowMs: number): RunRecord {
  const { event, revision } = request;
  const file = orInvalid(() => parseWorkflow(workflow.text, workflow.path));
  const declared = event === 'push' ? [] : file.inputs;
  if (!declared) throw new ApiError(422, "Workflow does not have 'workflow_dispatch' trigger");
  const inputs = acceptInputs(declared, request.inputs);
  const run: RunRecord = {
    id: store.nextId('run'),
    number: store.nextId(`run-number:${workflow.id}`),
    repository: workflow.repository.fullName,
    workflowId: workflow.id,
    workflowPath: workflow.path,
    workflowName: file.name,
    displayTitle: event === 'push' ? revision.head.message : file.name,
    event,
    branch: revision.name,
    refType: revision.type,
    headSha: revision.head.sha,
    actor: request.actor,
    inputs,
    env: file.env,
    concurrency: null,
    plan: [],
    approvals: [],
    createdAtMs: nowMs,
    updatedAtMs: nowMs,
    attempts: [newAttempt(1, request.actor, nowMs)],
  };
  orInvalid(() => planRun(run, file));
  store.addRun(run);
  return run;
}
