/** Starting a workflow by hand: which one, on which branch, with which inputs. */
import { type ReactNode, useEffect, useRef, useState } from 'react';
import type { Repository, Workflow } from '../../../shared/model.ts';
import { problemOf, type ShownProblem } from '../../client/problem.ts';
import { Button } from '../../components/button.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { Field, Select, TextInput } from '../../components/field.tsx';
import { ProblemNote } from '../../components/problem-note.tsx';
import { Skeleton } from '../../components/skeleton.tsx';
import { useBoard, useBoardList, useClient } from '../../store/session.ts';
import { showToast } from '../../store/toasts.ts';
import { type InputValues, initialValues, inputPayload, inputProblems } from './inputs.ts';
import styles from './run-workflow-dialog.module.css';
import { WorkflowInputField } from './workflow-input-field.tsx';

interface RunWorkflowDialogProps {
  /** Null = the only one, or the person chooses. */
  repositoryId: string | null;
  onClose: () => void;
}

export function RunWorkflowDialog({ repositoryId, onClose }: RunWorkflowDialogProps) {
  const repositories = useBoardList((board) => Object.values(board.repositories));
  const [chosenId, setChosenId] = useState(repositoryId ?? repositories[0]?.id ?? null);
  const repository = useBoard((board) => board.repositories[chosenId ?? '']);
  if (repository === undefined) {
    return (
      <Dialog title="Run a workflow" onClose={onClose}>
        <p>No repository is connected. Workflows are run in one.</p>
      </Dialog>
    );
  }
  const chooser = repositoryId === null && repositories.length > 1 && (
    <Field label="Repository">
      <Select value={repository.id} onChange={(event) => setChosenId(event.target.value)}>
        {repositories.map(({ id, fullName }) => (
          <option key={id} value={id}>
            {fullName}
          </option>
        ))}
      </Select>
    </Field>
  );
  return <RunIn key={repository.id} repository={repository} chooser={chooser} onClose={onClose} />;
}

interface RunInProps {
  repository: Repository;
  chooser: ReactNode;
  onClose: () => void;
}

function RunIn({ repository, chooser, onClose }: RunInProps) {
  const list = useWorkflows(repository.id);
  const form = useRunForm(repository, list.workflows, onClose);
  const { workflow } = form;
  const fields = useRef<HTMLDivElement>(null);
  const submit = (): void => {
    if (form.submit()) return;
    // After the problems have been rendered.
    requestAnimationFrame(() => fields.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus());
  };
  return (
    <Dialog
      title="Run a workflow"
      description={`In ${repository.fullName}`}
      onClose={onClose}
      onSubmit={submit}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" kind="primary" busy={form.working} disabled={workflow === undefined}>
            Run
          </Button>
        </>
      }
    >
      <div className={styles.form} ref={fields}>
        {chooser}
        {list.problem && (
          <ProblemNote
            problem={list.problem}
            action={
              <Button size="small" onClick={list.retry}>
                Try again
              </Button>
            }
          />
        )}
        {list.workflows === null && list.problem === null && <Skeleton height={120} />}
        {list.workflows !== null && workflow === undefined && <NothingToRun />}
        {workflow !== undefined && <RunFields form={form} workflow={workflow} />}
        {form.problem && <ProblemNote problem={form.problem} />}
      </div>
    </Dialog>
  );
}

function NothingToRun() {
  return (
    <ProblemNote
      tone="wait"
      problem={{
        message: 'None of its workflows can be started by hand.',
        remedy: 'Add workflow_dispatch under “on:” in a workflow file on the default branch.',
      }}
    />
  );
}

function useWorkflows(repositoryId: string) {
  const client = useClient();
  const [workflows, setWorkflows] = useState<readonly Workflow[] | null>(null);
  const [problem, setProblem] = useState<ShownProblem | null>(null);
  const [attempt, setAttempt] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another attempt asks the same again
  useEffect(() => {
    const ending = new AbortController();
    setProblem(null);
    client.workflows.list({ repositoryId }, { signal: ending.signal }).then(
      (found) => !ending.signal.aborted && setWorkflows(found.filter(({ inputs }) => inputs !== null)),
      (error: unknown) => !ending.signal.aborted && setProblem(problemOf(error)),
    );
    return () => ending.abort();
  }, [client, repositoryId, attempt]);
  return { workflows, problem, retry: () => setAttempt((count) => count + 1) };
}

function useRunForm(repository: Repository, workflows: readonly Workflow[] | null, onClose: () => void) {
  const client = useClient();
  const [workflowId, setWorkflowId] = useState<number | null>(null);
  const [values, setValues] = useState<Record<number, InputValues>>({});
  const [ref, setRef] = useState(repository.defaultBranch);
  const [tried, setTried] = useState(false);
  const [working, setWorking] = useState(false);
  const [problem, setProblem] = useState<ShownProblem | null>(null);
  const workflow = workflows?.find(({ id }) => id === workflowId) ?? workflows?.[0];
  const inputs = workflow?.inputs ?? [];
  const entered = { ...initialValues(inputs), ...values[workflow?.id ?? -1] };
  const problems = inputProblems(inputs, entered);
  const run = async (chosen: Workflow): Promise<void> => {
    setWorking(true);
    setProblem(null);
    try {
      const { runUrl } = await client.workflows.dispatch({
        repositoryId: repository.id,
        workflowId: chosen.id,
        ref: ref.trim() === '' ? null : ref.trim(),
        inputs: inputPayload(inputs, entered),
      });
      showToast({ message: `${chosen.name} was started.`, action: runUrl === null ? null : openRun(runUrl) });
      onClose();
    } catch (error) {
      setProblem(problemOf(error));
      setWorking(false);
    }
  };
  return {
    workflows: workflows ?? [],
    workflow,
    entered,
    ref,
    problems: tried ? problems : {},
    refProblem: problem?.field === 'ref' ? [problem.message, problem.remedy].filter(Boolean).join(' ') : null,
    problem: problem?.field === 'ref' ? null : problem,
    working,
    setRef: (text: string) => {
      setRef(text);
      setProblem(null);
    },
    choose: (id: number) => {
      setWorkflowId(id);
      setTried(false);
      setProblem(null);
    },
    enter: (name: string, value: string) =>
      setValues((before) => ({ ...before, [workflow?.id ?? -1]: { ...entered, [name]: value } })),
    /** Returns false when something has to be mended first. */
    submit: (): boolean => {
      setTried(true);
      if (Object.keys(problems).length > 0) return false;
      if (!working && workflow !== undefined) void run(workflow);
      return true;
    },
  };
}

function openRun(url: string): { label: string; run: () => void } {
  return { label: 'Open the run', run: () => void window.open(url, '_blank', 'noreferrer') };
}

function RunFields({ form, workflow }: { form: ReturnType<typeof useRunForm>; workflow: Workflow }) {
  return (
    <>
      <Field label="Workflow" help={workflow.path}>
        <Select value={workflow.id} onChange={(event) => form.choose(Number(event.target.value))}>
          {form.workflows.map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </Select>
      </Field>
      <Field label="Branch or tag" problem={form.refProblem}>
        <TextInput value={form.ref} onChange={(event) => form.setRef(event.target.value)} />
      </Field>
      {workflow.inputs?.map((input) => (
        <WorkflowInputField
          key={`${workflow.id} ${input.name}`}
          input={input}
          value={form.entered[input.name] ?? ''}
          problem={form.problems[input.name]}
          onChange={(value) => form.enter(input.name, value)}
        />
      ))}
    </>
  );
}
