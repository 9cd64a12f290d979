/** Workflows of a repository and their dispatch. */
import { workflowBody } from '../bodies/run-body.ts';
import { type DemoContext, type DemoRouter, loginOf, type Request, repositoryOf } from '../context.ts';
import { ApiError, notFound, type Reply, validationFailed } from '../http.ts';
import { pageOf } from '../paging.ts';
import { findRevision, type Revision, type Workflow } from '../repositories.ts';

/** From this API version on, a dispatch tells of its run without being asked. */
const versionWithRunDetails = '2026-03-10';

/** The workflow that a path names by id or file name. Throws 404. */
export function workflowParam(context: DemoContext, request: Request): Workflow {
  const wanted = request.params.workflow ?? '';
  const found = context.repositories
    .workflows(repositoryOf(request))
    .find(({ id, path }) => String(id) === wanted || path === wanted || path.endsWith(`/${wanted}`));
  if (!found) throw notFound();
  return found;
}

/** The workflow as its file is at a revision. Throws 422 when it is not there. */
function workflowAt(context: DemoContext, workflow: Workflow, revision: Revision): Workflow {
  const there = context.repositories.workflows(workflow.repository, revision);
  const found = there.find(({ id }) => id === workflow.id);
  if (!found) throw new ApiError(422, "Workflow does not have 'workflow_dispatch' trigger");
  return found;
}

function list(context: DemoContext, request: Request): Reply {
  const page = pageOf(request, context.repositories.workflows(repositoryOf(request)));
  const { disabledWorkflows } = context.store.data;
  const workflows = page.items.map((workflow) =>
    workflowBody(workflow, disabledWorkflows.includes(workflow.id), request.addresses),
  );
  return { status: 200, body: { total_count: page.total, workflows }, headers: page.headers };
}

function get(context: DemoContext, request: Request): Reply {
  const workflow = workflowParam(context, request);
  const isDisabled = context.store.data.disabledWorkflows.includes(workflow.id);
  return { status: 200, body: workflowBody(workflow, isDisabled, request.addresses) };
}

async function dispatch(context: DemoContext, request: Request): Promise<Reply> {
  const workflow = workflowParam(context, request);
  const { ref, inputs = {}, return_run_details: wantsDetails } = await request.json();
  if (typeof ref !== 'string' || ref === '')
    throw validationFailed('WorkflowDispatch', 'ref', 'missing_field');
  if (typeof inputs !== 'object' || inputs === null || Array.isArray(inputs)) {
    throw validationFailed('WorkflowDispatch', 'inputs', 'invalid', 'inputs is an object');
  }
  if (context.store.data.disabledWorkflows.includes(workflow.id)) {
    throw new ApiError(422, "Cannot trigger a 'workflow_dispatch' on a disabled workflow");
  }
  const revision = findRevision(repositoryOf(request), ref);
  if (!revision) throw new ApiError(422, `No ref found for: ${ref}`);
  const run = context.runs.start(workflowAt(context, workflow, revision), {
    ...{ event: 'workflow_dispatch', revision, inputs: { ...inputs }, actor: loginOf(request) },
  });
  const version = String(request.headers['x-github-api-version'] ?? '');
  if (!(wantsDetails ?? version >= versionWithRunDetails)) return { status: 204 };
  const { api, html } = request.addresses;
  return {
    status: 200,
    body: {
      workflow_run_id: run.id,
      run_url: `${api}/repos/${run.repository}/actions/runs/${run.id}`,
      html_url: `${html}/${run.repository}/actions/runs/${run.id}`,
    },
  };
}

function setDisabled(context: DemoContext, request: Request, isDisabled: boolean): Reply {
  const { id } = workflowParam(context, request);
  const { data } = context.store;
  data.disabledWorkflows = data.disabledWorkflows.filter((other) => other !== id);
  if (isDisabled) data.disabledWorkflows.push(id);
  context.store.changed();
  return { status: 204 };
}

/** Adds the routes under `/repos/{owner}/{repo}/actions/workflows`, without their runs. */
export function addWorkflowRoutes(router: DemoRouter, context: DemoContext): void {
  const root = '/repos/:owner/:repo/actions/workflows';
  const read = { kind: 'repository', permission: ['actions', 'read'] } as const;
  const write = { kind: 'repository', permission: ['actions', 'write'], pushOnly: true } as const;
  router.add('GET', root, { access: read, handle: (r) => list(context, r) });
  router.add('GET', `${root}/:workflow`, { access: read, handle: (r) => get(context, r) });
  router.add('POST', `${root}/:workflow/dispatches`, { access: write, handle: (r) => dispatch(context, r) });
  router.add('PUT', `${root}/:workflow/disable`, {
    access: write,
    handle: (r) => setDisabled(context, r, true),
  });
  router.add('PUT', `${root}/:workflow/enable`, {
    access: write,
    handle: (r) => setDisabled(context, r, false),
  });
}
