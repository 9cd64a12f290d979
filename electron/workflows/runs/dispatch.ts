/** Starts workflows by hand, and finds the run that came of it where the forge does not tell. */
import { TracksideError } from '../../../shared/errors.ts';
import type { Workflow, WorkflowInput } from '../../../shared/model.ts';
import type { Forge, ForgeRun } from '../../forges/forge.ts';
import type { Clock } from '../../platform/clock.ts';
import { parseWorkflowFile } from '../file/workflow-file.ts';
import { checkInputs } from './dispatch-inputs.ts';

export interface DispatchRequest {
  workflowId: number;
  /** A branch or a tag. */
  ref: string;
  inputs: Record<string, string>;
}

export interface Dispatched {
  /** Null when the forge neither tells it nor shows the run within 15 seconds. */
  runId: number | null;
  runUrl: string | null;
}

export interface Dispatcher {
  /**
   * @param where `login` of the token's owner, null where that is not known
   * @throws TracksideError INVALID_REQUEST naming the field, CONFLICT when it is disabled, UNKNOWN when it is gone
   */
  dispatch(
    where: { forge: Forge; fullName: string; login: string | null; defaultBranch: string },
    request: DispatchRequest,
    signal?: AbortSignal,
  ): Promise<Dispatched>;
}

const lookPeriodMs = 1500;
const patienceMs = 15_000;
/** The forge stamps whole seconds, by its own clock. */
const clockToleranceMs = 5000;
const mostRemembered = 100;

export function createDispatcher({ clock }: { clock: Clock }): Dispatcher {
  /** Runs that were found for an earlier start: of two starts in a row each gets its own. */
  const taken: number[] = [];
  const take = (run: ForgeRun): Dispatched => {
    taken.push(run.id);
    if (taken.length > mostRemembered) taken.shift();
    return { runId: run.id, runUrl: run.url };
  };

  const find = async (
    { forge, fullName, login }: Parameters<Dispatcher['dispatch']>[0],
    { workflowId, ref }: DispatchRequest,
    calledAt: number,
    signal?: AbortSignal,
  ): Promise<Dispatched> => {
    const query = { workflowId, event: 'workflow_dispatch', actor: login, status: null, branch: null };
    const branch = shortRef(ref);
    const isIt = (run: ForgeRun): boolean =>
      run.createdAt >= calledAt - clockToleranceMs && run.branch === branch && !taken.includes(run.id);
    for (;;) {
      const { runs } = await forge.runs(fullName, { ...query, page: 1, perPage: 20 }, signal);
      const newest = runs.filter(isIt).sort((a, b) => b.id - a.id)[0];
      if (newest) return take(newest);
      if (clock.now() - calledAt >= patienceMs) return { runId: null, runUrl: null };
      await clock.sleep(lookPeriodMs, signal);
    }
  };

  return {
    async dispatch(where, request, signal) {
      const { forge, fullName } = where;
      const declared = await declaredInputs(where, request, signal);
      if (declared) checkInputs(declared, request.inputs);
      const calledAt = clock.now();
      const { workflowId, ref, inputs } = request;
      const told = await forge.dispatch(fullName, workflowId, ref, inputs, signal);
      return told.runId === null ? find(where, request, calledAt, signal) : told;
    },
  };
}

const shortRef = (ref: string): string => ref.replace(/^refs\/(heads|tags)\//, '');

/** What the workflow asks for on that ref; null where its file cannot be read, so that the forge has to judge. */
async function declaredInputs(
  { forge, fullName, defaultBranch }: Parameters<Dispatcher['dispatch']>[0],
  { workflowId, ref }: DispatchRequest,
  signal?: AbortSignal,
): Promise<WorkflowInput[] | null> {
  const workflow = (await forge.workflows(fullName, signal)).find(({ id }) => id === workflowId);
  assertStartable(workflow, workflowId, fullName);
  if (shortRef(ref) === defaultBranch && workflow.inputs) return workflow.inputs;
  const text = await textOf(forge, fullName, workflow.path, ref, signal);
  if (text === undefined) return null;
  if (text === null) {
    throw new TracksideError('INVALID_REQUEST', `There is no ${workflow.path} on "${ref}".`, {
      field: 'ref',
      remedy: 'Choose a branch or tag that has the workflow.',
    });
  }
  const { inputs, problems } = parseWorkflowFile(text);
  if (inputs) return inputs;
  const [problem] = problems;
  const why = problem
    ? `line ${problem.line}: ${problem.message}`
    : 'it has no "workflow_dispatch" under "on".';
  throw new TracksideError(
    'INVALID_REQUEST',
    `${workflow.path} on "${ref}" cannot be started by hand: ${why}`,
    { field: 'ref' },
  );
}

function assertStartable(
  workflow: Workflow | undefined,
  id: number,
  fullName: string,
): asserts workflow is Workflow {
  if (!workflow) {
    throw new TracksideError('UNKNOWN', `${fullName} has no workflow ${id} (any more).`, {
      remedy: 'Look at the list of workflows again.',
    });
  }
  if (workflow.state === 'disabled') {
    throw new TracksideError('CONFLICT', `${workflow.name} is disabled.`, { remedy: 'Enable it first.' });
  }
}

/** Undefined where the token may not read files. */
async function textOf(
  forge: Forge,
  fullName: string,
  path: string,
  ref: string,
  signal?: AbortSignal,
): Promise<string | null | undefined> {
  try {
    return await forge.file(fullName, path, ref, signal);
  } catch (error) {
    if (!(error instanceof TracksideError)) throw error;
    if (error.code === 'PERMISSION_MISSING') return undefined;
    // There is no such ref.
    if (error.code === 'UNKNOWN') return null;
    throw error;
  }
}
