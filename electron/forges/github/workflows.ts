/** Workflows of a repository, what they ask for, and starting them. */
import type { components } from '@octokit/openapi-types';
import { TracksideError } from '../../../shared/errors.ts';
import type { Workflow } from '../../../shared/model.ts';
import { parseWorkflowFile } from '../../workflows/file/workflow-file.ts';
import { readFile } from './contents.ts';
import { everyPage, type GitHubHttp } from './http.ts';
import { actionsRead, actionsWrite, repositoryCall } from './repository-call.ts';

type ListedWorkflow = components['schemas']['workflow'];
type Startable = Pick<Workflow, 'inputs' | 'problem'>;

const byHandOnly = (problem: string): Startable => ({ inputs: null, problem });

const whyDisabled: Record<Exclude<ListedWorkflow['state'], 'active' | 'deleted'>, string> = {
  disabled_manually: 'It is switched off.',
  disabled_inactivity: 'GitHub has switched it off, because nothing happened in the repository for 60 days.',
  disabled_fork: 'It is switched off, because the repository is a fork.',
};

/** What its file on the default branch asks for, or why it cannot be started by hand. */
async function startableOf(
  http: GitHubHttp,
  repository: string,
  { state, path }: ListedWorkflow,
  signal?: AbortSignal,
): Promise<Startable> {
  if (state !== 'active') return byHandOnly(state === 'deleted' ? 'It is deleted.' : whyDisabled[state]);
  if (!path.startsWith('.github/workflows/')) return byHandOnly('GitHub itself starts it.');
  let text: string | null;
  try {
    text = await readFile(http, repository, path, null, signal);
  } catch (error) {
    const hidden = error instanceof TracksideError && ['UNKNOWN', 'PERMISSION_MISSING'].includes(error.code);
    if (!hidden) throw error;
    return byHandOnly(`Its file cannot be read: ${error.message}`);
  }
  if (text === null) return byHandOnly(`There is no ${path} on the default branch.`);
  const { inputs, problems } = parseWorkflowFile(text);
  const [first] = problems;
  if (first) return { inputs, problem: `Line ${first.line} of ${path}: ${first.message}` };
  return inputs ? { inputs, problem: null } : byHandOnly('Its file has no `workflow_dispatch`.');
}

/** All workflows by name, with what they ask for. */
export async function listWorkflows(
  http: GitHubHttp,
  repository: string,
  signal?: AbortSignal,
): Promise<Workflow[]> {
  const { owner, repo, call } = repositoryCall(repository, 'list the workflows of', actionsRead, { signal });
  const listed = await http.run(call, (request) =>
    everyPage(
      (page) => http.octokit.rest.actions.listRepoWorkflows({ owner, repo, per_page: 100, page, request }),
      ({ data }) => data.workflows,
    ),
  );
  const workflows = await Promise.all(
    listed.map(
      async (workflow): Promise<Workflow> => ({
        id: workflow.id,
        name: workflow.name,
        path: workflow.path,
        state: workflow.state === 'active' ? 'active' : 'disabled',
        url: workflow.html_url || null,
        ...(await startableOf(http, repository, workflow, signal)),
      }),
    ),
  );
  return workflows.sort((a, b) => a.name.localeCompare(b.name));
}

/** Switches a workflow on or off. @throws TracksideError UNKNOWN when there is none of that id */
export async function setWorkflowEnabled(
  http: GitHubHttp,
  repository: string,
  workflowId: number,
  enabled: boolean,
  signal?: AbortSignal,
): Promise<void> {
  const doing = `switch a workflow ${enabled ? 'on' : 'off'} in`;
  const subject = `Workflow ${workflowId} of`;
  const { owner, repo, call } = repositoryCall(repository, doing, actionsWrite, { subject, signal });
  const { actions } = http.octokit.rest;
  await http.run(call, (request) => {
    const which = { owner, repo, workflow_id: workflowId, request };
    return enabled ? actions.enableWorkflow(which) : actions.disableWorkflow(which);
  });
}

export interface Dispatch {
  repository: string;
  workflowId: number;
  ref: string;
  inputs: Record<string, string>;
  signal?: AbortSignal;
}

/** The run that was started, as far as the answer tells it. */
interface Started {
  runId: number | null;
  runUrl: string | null;
}

/**
 * Starts a workflow, once: a lost answer is not tried again, because the run may have started.
 * Servers that do not know `return_run_details` (Enterprise Server up to 3.19) refuse it and are asked without.
 * @throws TracksideError INVALID_REQUEST with GitHub's words for a wrong ref or input
 */
export async function dispatchWorkflow(http: GitHubHttp, dispatch: Dispatch): Promise<Started> {
  const { workflowId, ref, inputs, signal } = dispatch;
  const { owner, repo, call } = repositoryCall(dispatch.repository, 'start this workflow of', actionsWrite, {
    subject: `Workflow ${workflowId} of`,
    once: true,
    signal,
  });
  const send = (details: { return_run_details?: true }) =>
    http.run(call, async (request) => {
      const parameters = { owner, repo, workflow_id: workflowId, ref, inputs, ...details, request };
      const answer = await http.octokit.rest.actions.createWorkflowDispatch(parameters);
      return startedRun(answer.data);
    });
  try {
    return await send({ return_run_details: true });
  } catch (error) {
    const notKnown =
      error instanceof TracksideError &&
      error.code === 'INVALID_REQUEST' &&
      /return_run_details|not a permitted key/i.test(error.message);
    if (!notKnown) throw error;
    return send({});
  }
}

function startedRun(details: unknown): Started {
  const facts = typeof details === 'object' && details !== null ? details : {};
  const runId = 'workflow_run_id' in facts ? Number(facts.workflow_run_id) : Number.NaN;
  return {
    runId: Number.isSafeInteger(runId) ? runId : null,
    runUrl: 'html_url' in facts && typeof facts.html_url === 'string' ? facts.html_url : null,
  };
}
