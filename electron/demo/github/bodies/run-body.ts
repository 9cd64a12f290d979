/** Workflows, runs, jobs and checks as GitHub's REST API shows them. */
import type { components } from '@octokit/openapi-types';
import type { Addresses } from '../http.ts';
import type { AttemptRecord, JobRecord, RunRecord } from '../model.ts';
import { type Account, findRevision, type Repository, type Workflow } from '../repositories.ts';
import { lastAttempt } from '../workflow/contexts.ts';
import { parseWorkflow } from '../workflow/workflow-file.ts';
import { minimalRepositoryBody, nodeId, timestamp, userBody } from './repository-body.ts';

type WorkflowBody = components['schemas']['workflow'];
type RunBody = components['schemas']['workflow-run'];
type JobBody = components['schemas']['job'];
type CheckRunBody = components['schemas']['check-run'];
type CheckSuiteBody = components['schemas']['check-suite'];
type AnnotationBody = components['schemas']['check-annotation'];

const checkSuiteOffset = 13_000_000_000;
const workflowSince = '2026-01-05T08:00:00Z';

/** Id of the check suite of a run. */
export function checkSuiteId(run: RunRecord): number {
  return run.id + checkSuiteOffset;
}

/** Id of the run of a check suite. */
export function runIdOfCheckSuite(id: number): number {
  return id - checkSuiteOffset;
}

/** The accounts that a run's body names. */
export interface Cast {
  repository: Repository;
  owner: Account;
  account(login: string): Account | undefined;
}

/** A workflow file; one that cannot be parsed goes by its path. */
export function workflowBody(
  workflow: Workflow,
  isDisabled: boolean,
  { api, html }: Addresses,
): WorkflowBody {
  const { fullName, defaultBranch } = workflow.repository;
  const file = workflow.path.split('/').at(-1) ?? '';
  return {
    id: workflow.id,
    node_id: nodeId('W', workflow.id),
    name: workflowName(workflow),
    path: workflow.path,
    state: isDisabled ? 'disabled_manually' : 'active',
    created_at: workflowSince,
    updated_at: workflowSince,
    url: `${api}/repos/${fullName}/actions/workflows/${workflow.id}`,
    html_url: `${html}/${fullName}/blob/${defaultBranch}/${workflow.path}`,
    badge_url: `${html}/${fullName}/workflows/${encodeURIComponent(file)}/badge.svg`,
  };
}

function workflowName(workflow: Workflow): string {
  try {
    return parseWorkflow(workflow.text, workflow.path).name;
  } catch {
    return workflow.path;
  }
}

type RunStatus = 'queued' | 'in_progress' | 'completed' | 'waiting' | 'pending';

/** Where a run stands in an attempt: what the most active of its open jobs is. */
export function runStatus(attempt: AttemptRecord, jobs: JobRecord[]): RunStatus {
  if (attempt.conclusion) return 'completed';
  if (attempt.isPending) return 'pending';
  const has = (status: JobRecord['status']) => jobs.some((job) => job.status === status);
  if (has('in_progress')) return 'in_progress';
  if (has('queued')) return has('completed') ? 'in_progress' : 'queued';
  if (has('waiting')) return 'waiting';
  if (has('pending')) return 'pending';
  return jobs.length > 0 ? 'in_progress' : 'queued';
}

function commitBody(run: RunRecord, repository: Repository): NonNullable<RunBody['head_commit']> {
  const head = findRevision(repository, run.headSha)?.head ?? repository.head;
  const { author } = head;
  const person = { name: author.name, email: author.email };
  return {
    id: head.sha,
    tree_id: head.tree,
    message: head.message,
    timestamp: timestamp(head.committedAtMs),
    author: person,
    committer: person,
  };
}

/**
 * A run as of one of its attempts.
 * @param jobs the jobs of that attempt
 */
export function runBody(
  run: RunRecord,
  jobs: JobRecord[],
  cast: Cast,
  addresses: Addresses,
  attempt: AttemptRecord = lastAttempt(run),
): RunBody {
  const root = `${addresses.api}/repos/${run.repository}`;
  const url = `${root}/actions/runs/${run.id}`;
  const repository = minimalRepositoryBody(cast.repository, cast.owner, addresses);
  const actor = userBody(cast.account(run.actor) ?? cast.owner, addresses);
  const isOld = attempt !== run.attempts.at(-1);
  return {
    id: run.id,
    name: run.workflowName,
    node_id: nodeId('WFR', run.id),
    head_branch: run.branch,
    head_sha: run.headSha,
    path: run.workflowPath,
    display_title: run.displayTitle,
    run_number: run.number,
    event: run.event,
    status: runStatus(attempt, jobs),
    conclusion: attempt.conclusion,
    workflow_id: run.workflowId,
    check_suite_id: checkSuiteId(run),
    check_suite_node_id: nodeId('CS', checkSuiteId(run)),
    url,
    html_url: `${addresses.html}/${run.repository}/actions/runs/${run.id}`,
    pull_requests: [],
    created_at: timestamp(run.createdAtMs),
    updated_at: timestamp(isOld ? (attempt.completedAtMs ?? run.updatedAtMs) : run.updatedAtMs),
    actor,
    run_attempt: attempt.number,
    referenced_workflows: [],
    run_started_at: timestamp(attempt.startedAtMs),
    triggering_actor: userBody(cast.account(attempt.actor) ?? cast.owner, addresses),
    jobs_url: `${url}/jobs`,
    logs_url: `${url}/logs`,
    check_suite_url: `${root}/check-suites/${checkSuiteId(run)}`,
    artifacts_url: `${url}/artifacts`,
    cancel_url: `${url}/cancel`,
    rerun_url: `${url}/rerun`,
    previous_attempt_url: attempt.number > 1 ? `${url}/attempts/${attempt.number - 1}` : null,
    workflow_url: `${root}/actions/workflows/${run.workflowId}`,
    head_commit: commitBody(run, cast.repository),
    repository,
    head_repository: repository,
  };
}

function isoOrNull(atMs: number | null): string | null {
  return atMs === null ? null : timestamp(atMs);
}

/** A job with its steps; a step's times are in seconds, as GitHub gives them. */
export function jobBody(job: JobRecord, run: RunRecord, { api, html }: Addresses): JobBody {
  const root = `${api}/repos/${run.repository}`;
  const seconds = (text: string | null) => (text === null ? null : timestamp(Date.parse(text)));
  return {
    id: job.id,
    run_id: run.id,
    run_url: `${root}/actions/runs/${run.id}`,
    run_attempt: job.attempt,
    node_id: nodeId('CR', job.id),
    head_sha: run.headSha,
    head_branch: run.branch,
    workflow_name: run.workflowName,
    name: job.name,
    url: `${root}/actions/jobs/${job.id}`,
    html_url: `${html}/${run.repository}/actions/runs/${run.id}/job/${job.id}`,
    status: job.status,
    conclusion: job.conclusion,
    created_at: timestamp(job.createdAtMs),
    // GitHub gives a job that has not started the time at which it was created.
    started_at: timestamp(job.startedAtMs ?? job.createdAtMs),
    completed_at: isoOrNull(job.completedAtMs),
    steps: job.steps.map((step) => ({
      name: step.name,
      status: step.status,
      conclusion: step.conclusion,
      number: step.number,
      started_at: seconds(step.startedAt),
      completed_at: seconds(step.completedAt),
    })),
    check_run_url: `${root}/check-runs/${job.id}`,
    labels: job.labels,
    runner_id: job.runnerId,
    runner_name: job.runnerName,
    runner_group_id: job.runnerGroup?.id ?? null,
    runner_group_name: job.runnerGroup?.name ?? null,
  };
}

/** The check run of a job. */
export function checkRunBody(job: JobRecord, run: RunRecord, addresses: Addresses): CheckRunBody {
  const body = jobBody(job, run, addresses);
  return {
    id: job.id,
    name: job.name,
    node_id: body.node_id,
    head_sha: run.headSha,
    external_id: job.guid,
    url: body.check_run_url,
    html_url: body.html_url,
    details_url: body.html_url,
    status: job.status,
    conclusion: job.conclusion,
    started_at: body.started_at,
    completed_at: body.completed_at,
    output: {
      title: null,
      summary: null,
      text: null,
      annotations_count: job.annotations.length,
      annotations_url: `${body.check_run_url}/annotations`,
    },
    check_suite: { id: checkSuiteId(run) },
    app: null,
    pull_requests: [],
  };
}

/** The check suite of a run. */
export function checkSuiteBody(
  run: RunRecord,
  jobs: JobRecord[],
  cast: Cast,
  addresses: Addresses,
): CheckSuiteBody {
  const id = checkSuiteId(run);
  const url = `${addresses.api}/repos/${run.repository}/check-suites/${id}`;
  return {
    id,
    node_id: nodeId('CS', id),
    head_branch: run.branch,
    head_sha: run.headSha,
    status: runStatus(lastAttempt(run), jobs),
    conclusion: lastAttempt(run).conclusion,
    url,
    before: null,
    after: null,
    pull_requests: [],
    app: null,
    repository: minimalRepositoryBody(cast.repository, cast.owner, addresses),
    created_at: timestamp(run.createdAtMs),
    updated_at: timestamp(run.updatedAtMs),
    head_commit: commitBody(run, cast.repository),
    latest_check_runs_count: jobs.length,
    check_runs_url: `${url}/check-runs`,
  };
}

/** The annotations of a job. */
export function annotationBodies(job: JobRecord, run: RunRecord, { html }: Addresses): AnnotationBody[] {
  return job.annotations.map(({ level, title, message }) => ({
    path: '.github',
    blob_href: `${html}/${run.repository}/blob/${run.headSha}/.github`,
    start_line: 1,
    end_line: 1,
    start_column: null,
    end_column: null,
    annotation_level: level,
    title,
    message,
    raw_details: null,
  }));
}
