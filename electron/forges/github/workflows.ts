/** Workflows of a repository, what they ask for, and starting them. */
import type { components } from '@octokit/openapi-types';
import { TracksideError } from '../../../shared/errors.ts';
import type { Workflow, WorkflowInput } from '../../../shared/model.ts';
import { parseRepository } from './addresses.ts';
import { everyPage, type GitHubHttp } from './http.ts';
import { workflowInputs } from './workflow-inputs.ts';

type ListedWorkflow = components['schemas']['workflow'];

/**
 * The inputs in the workflow's file on the default branch. Null when it cannot be started by hand: it is disabled, made
 * by GitHub itself, without `workflow_dispatch`, or its file cannot be read (which takes Contents: read-only).
 */
async function inputsOf(
  http: GitHubHttp,
  repository: string,
  workflow: ListedWorkflow,
  signal?: AbortSignal,
): Promise<WorkflowInput[] | null> {
  if (workflow.state !== 'active' || !workflow.path.startsWith('.github/workflows/')) return null;
  const { owner, name: repo, fullName } = parseRepository(repository);
  const call = {
    doing: `read ${workflow.path} of ${fullName}`,
    subject: `${workflow.path} of ${fullName}`,
    permission: { name: 'contents', level: 'read' } as const,
    signal,
  };
  try {
    const { data } = await http.run(call, (request) =>
      http.octokit.rest.repos.getContent({
        owner,
        repo,
        path: workflow.path,
        mediaType: { format: 'raw' },
        request,
      }),
    );
    const file: unknown = data;
    return typeof file === 'string' ? workflowInputs(file) : null;
  } catch (error) {
    const unreadable =
      error instanceof TracksideError && ['UNKNOWN', 'PERMISSION_MISSING'].includes(error.code);
    if (unreadable) return null;
    throw error;
  }
}

/** All workflows by name, with what they ask for. */
export async function listWorkflows(
  http: GitHubHttp,
  repository: string,
  signal?: AbortSignal,
): Promise<Workflow[]> {
  const { owner, name: repo, fullName } = parseRepository(repository);
  const call = {
    doing: `list the workflows of ${fullName}`,
    subject: `The repository ${fullName}`,
    permission: { name: 'actions', level: 'read' } as const,
    signal,
  };
  const listed = await http.run(call, (request) =>
    everyPage(
      (page) => http.octokit.rest.actions.listRepoWorkflows({ owner, repo, per_page: 100, page, request }),
      ({ data }) => data.workflows,
    ),
  );
  const workflows = await Promise.all(
    listed.map(async (workflow) => ({
      id: workflow.id,
      name: workflow.name,
      path: workflow.path,
      inputs: await inputsOf(http, repository, workflow, signal),
    })),
  );
  return workflows.sort((a, b) => a.name.localeCompare(b.name));
}

export interface Dispatch {
  repository: string;
  workflowId: number;
  ref: string;
  inputs: Record<string, string>;
  signal?: AbortSignal;
}

/**
 * Starts a workflow, once: a lost answer is not tried again, because the run may have started.
 * Servers that do not know `return_run_details` (Enterprise Server up to 3.19) refuse it and are asked without.
 * @throws TracksideError INVALID_REQUEST with GitHub's words for a wrong ref or input
 */
export async function dispatchWorkflow(
  http: GitHubHttp,
  dispatch: Dispatch,
): Promise<{ runUrl: string | null }> {
  const { workflowId, ref, inputs, signal } = dispatch;
  const { owner, name: repo, fullName } = parseRepository(dispatch.repository);
  const call = {
    doing: `start this workflow of ${fullName}`,
    subject: `Workflow ${workflowId} of ${fullName}`,
    permission: { name: 'actions', level: 'write' } as const,
    once: true,
    signal,
  };
  const send = (details: { return_run_details?: true }) =>
    http.run(call, async (request) => {
      const parameters = { owner, repo, workflow_id: workflowId, ref, inputs, ...details, request };
      const answer = await http.octokit.rest.actions.createWorkflowDispatch(parameters);
      return pageOf(answer.data);
    });
  try {
    return { runUrl: await send({ return_run_details: true }) };
  } catch (error) {
    const notKnown =
      error instanceof TracksideError &&
      error.code === 'INVALID_REQUEST' &&
      /return_run_details|not a permitted key/i.test(error.message);
    if (!notKnown) throw error;
    return { runUrl: await send({}) };
  }
}

/** The page of the run that was started, where the answer tells it. */
function pageOf(details: unknown): string | null {
  if (typeof details !== 'object' || details === null || !('html_url' in details)) return null;
  return typeof details.html_url === 'string' ? details.html_url : null;
}
