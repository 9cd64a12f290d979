/** Starting a workflow by hand: which one, on which branch, with which inputs. */
import { type ReactNode, useRef, useState } from 'react';
import type { Repository, Workflow } from '../../../shared/model.ts';
import { Button } from '../../components/button.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { Field, Select, TextInput } from '../../components/field.tsx';
import { ProblemNote } from '../../components/problem-note.tsx';
import { Skeleton } from '../../components/skeleton.tsx';
import { useBoard, useBoardList } from '../../store/session.ts';
import styles from './run-workflow-dialog.module.css';
import { type RunForm, useRunForm } from './use-run-form.ts';
import { useWorkflows } from './use-workflows.ts';
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

function RunFields({ form, workflow }: { form: RunForm; workflow: Workflow }) {
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
