/** The state of the form that starts a workflow; what was entered stays when another workflow is looked at. */
import { useState } from 'react';
import type { Repository, Workflow } from '../../../shared/model.ts';
import { problemOf, type ShownProblem } from '../../client/problem.ts';
import { navigate } from '../../router.ts';
import { useClient } from '../../store/session.ts';
import { showToast } from '../../store/toasts.ts';
import { runPath } from '../runs/run-words.ts';
import {
  type InputValues,
  initialValues,
  inputAt,
  inputPayload,
  inputProblems,
  mostInputs,
} from './inputs.ts';

export type RunForm = ReturnType<typeof useRunForm>;

interface RunFormOptions {
  repository: Repository;
  /** Those that can be started; null until they are known. */
  workflows: readonly Workflow[] | null;
  /** The one that the form begins with; null = the first. */
  workflowId: number | null;
  onStarted: () => void;
}

export function useRunForm({ repository, workflows, workflowId: firstId, onStarted }: RunFormOptions) {
  const [workflowId, setWorkflowId] = useState(firstId);
  const [values, setValues] = useState<Record<number, InputValues>>({});
  const [ref, setRef] = useState(repository.defaultBranch);
  const [tried, setTried] = useState(false);
  const { start, working, problem, forget } = useStart(repository.id, onStarted);
  const workflow = workflows?.find(({ id }) => id === workflowId) ?? workflows?.[0];
  const inputs = workflow?.inputs ?? [];
  const entered = { ...initialValues(inputs), ...values[workflow?.id ?? -1] };
  const problems = inputProblems(inputs, entered);
  const refused = inputAt(inputs, problem?.field ?? null);
  const words = problem === null ? null : [problem.message, problem.remedy].filter(Boolean).join(' ');
  const atField = problem?.field === 'ref' || refused !== null;
  return {
    workflows: workflows ?? [],
    workflow,
    /** More inputs than the forge takes. */
    tooMany: inputs.length > mostInputs,
    entered,
    ref,
    problems: {
      ...(tried ? problems : {}),
      ...(refused !== null && words !== null ? { [refused]: words } : {}),
    } as Record<string, string>,
    refProblem: problem?.field === 'ref' ? words : null,
    problem: atField ? null : problem,
    working,
    setRef: (text: string) => {
      setRef(text);
      forget();
    },
    choose: (id: number) => {
      setWorkflowId(id);
      setTried(false);
      forget();
    },
    enter: (name: string, value: string) => {
      setValues((before) => ({ ...before, [workflow?.id ?? -1]: { ...entered, [name]: value } }));
      if (refused === name) forget();
    },
    /** Returns false when something has to be mended first. */
    submit: (): boolean => {
      setTried(true);
      if (Object.keys(problems).length > 0) return false;
      if (!working && workflow !== undefined) void start(workflow, ref.trim(), inputPayload(inputs, entered));
      return true;
    },
  };
}

function useStart(repositoryId: string, onStarted: () => void) {
  const client = useClient();
  const [working, setWorking] = useState(false);
  const [problem, setProblem] = useState<ShownProblem | null>(null);
  const start = async (workflow: Workflow, ref: string, inputs: InputValues): Promise<void> => {
    setWorking(true);
    setProblem(null);
    try {
      const asked = { repositoryId, workflowId: workflow.id, ref: ref === '' ? null : ref, inputs };
      const { runId, runUrl } = await client.workflows.dispatch(asked);
      onStarted();
      if (runId !== null) navigate(runPath(repositoryId, runId));
      showToast({
        message: `${workflow.name} was started.`,
        remedy: runId === null ? 'Its run is not to be seen yet; it appears among the runs.' : null,
        action: runId !== null || runUrl === null ? null : { label: 'Open', run: () => openPage(runUrl) },
      });
    } catch (error) {
      setProblem(problemOf(error));
      setWorking(false);
    }
  };
  return { start, working, problem, forget: () => setProblem(null) };
}

function openPage(url: string): void {
  window.open(url, '_blank', 'noreferrer');
}
