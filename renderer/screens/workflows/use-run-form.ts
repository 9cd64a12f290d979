/** The state of the form that starts a workflow; what was entered stays when another workflow is looked at. */
import { useState } from 'react';
import type { Repository, Workflow } from '../../../shared/model.ts';
import { problemOf, type ShownProblem } from '../../client/problem.ts';
import { useClient } from '../../store/session.ts';
import { showToast } from '../../store/toasts.ts';
import { type InputValues, initialValues, inputPayload, inputProblems } from './inputs.ts';

export type RunForm = ReturnType<typeof useRunForm>;

/** @param workflows null until they are known */
export function useRunForm(
  repository: Repository,
  workflows: readonly Workflow[] | null,
  onStarted: () => void,
) {
  const [workflowId, setWorkflowId] = useState<number | null>(null);
  const [values, setValues] = useState<Record<number, InputValues>>({});
  const [ref, setRef] = useState(repository.defaultBranch);
  const [tried, setTried] = useState(false);
  const { start, working, problem, forget } = useStart(repository.id, onStarted);
  const workflow = workflows?.find(({ id }) => id === workflowId) ?? workflows?.[0];
  const inputs = workflow?.inputs ?? [];
  const entered = { ...initialValues(inputs), ...values[workflow?.id ?? -1] };
  const problems = inputProblems(inputs, entered);
  const atRef = problem?.field === 'ref';
  return {
    workflows: workflows ?? [],
    workflow,
    entered,
    ref,
    problems: tried ? problems : {},
    refProblem: atRef ? [problem.message, problem.remedy].filter(Boolean).join(' ') : null,
    problem: atRef ? null : problem,
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
      const { runUrl } = await client.workflows.dispatch(asked);
      showToast({
        message: `${workflow.name} was started.`,
        action: runUrl === null ? null : { label: 'Open the run', run: () => openPage(runUrl) },
      });
      onStarted();
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
