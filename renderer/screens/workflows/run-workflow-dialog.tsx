/** Starting a workflow by hand: which one, on which branch, with which inputs. */
import { type ReactNode, useId, useMemo, useRef, useState } from 'react';
import type { Repository, Workflow } from '../../../shared/model.ts';
import { Button } from '../../components/button.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { Field, Select, TextInput } from '../../components/field.tsx';
import { ProblemNote } from '../../components/problem-note.tsx';
import { Skeleton } from '../../components/skeleton.tsx';
import { useBoard, useBoardList } from '../../store/session.ts';
import { mostInputs } from './inputs.ts';
import styles from './run-workflow-dialog.module.css';
import { type Refs, useEnvironments, useRefs } from './use-places.ts';
import { type RunForm, useRunForm } from './use-run-form.ts';
import { startable, useWorkflows } from './use-workflows.ts';
import { WorkflowInputField } from './workflow-input-field.tsx';

interface RunWorkflowDialogProps {
  /** Null = the only one, or the person chooses. */
  repositoryId: string | null;
  /** Null = the first; others can be chosen. */
  workflowId: number | null;
  onClose: () => void;
}

export function RunWorkflowDialog({ repositoryId, workflowId, onClose }: RunWorkflowDialogProps) {
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
  return <RunIn key={repository.id} {...{ repository, workflowId, chooser, onClose }} />;
}

interface RunInProps {
  repository: Repository;
  workflowId: number | null;
  chooser: ReactNode;
  onClose: () => void;
}

function RunIn({ repository, workflowId, chooser, onClose }: RunInProps) {
  const list = useWorkflows(repository.id);
  const workflows = useMemo(() => startable(list.workflows), [list.workflows]);
  const form = useRunForm({ repository, workflows, workflowId, onStarted: onClose });
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
          <Button
            type="submit"
            kind="primary"
            busy={form.working}
            disabled={workflow === undefined || form.tooMany}
          >
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
        {workflow !== undefined && <RunFields form={form} workflow={workflow} repositoryId={repository.id} />}
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

interface RunFieldsProps {
  form: RunForm;
  workflow: Workflow;
  repositoryId: string;
}

function RunFields({ form, workflow, repositoryId }: RunFieldsProps) {
  const refs = useRefs(repositoryId);
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
      <Field label="Branch or tag" problem={form.refProblem} help={unknownRef(form.ref, refs)}>
        <RefInput value={form.ref} refs={refs} onChange={form.setRef} />
      </Field>
      {workflow.problem !== null && (
        <ProblemNote tone="wait" problem={{ message: workflow.problem, remedy: null }} />
      )}
      {form.tooMany ? (
        <TooManyInputs count={workflow.inputs?.length ?? 0} />
      ) : (
        <InputFields form={form} workflow={workflow} repositoryId={repositoryId} />
      )}
    </>
  );
}

/** A hint only: another one may have been pushed since. */
function unknownRef(ref: string, refs: Refs | null): string | null {
  const typed = ref.trim();
  if (refs === null || typed === '' || refs.branches.length === 0) return null;
  if ([...refs.branches, ...refs.tags].includes(typed)) return null;
  return `No branch or tag “${typed}” is known.`;
}

/** Typed or picked: a repository may have thousands. */
function RefInput({
  value,
  refs,
  onChange,
}: {
  value: string;
  refs: Refs | null;
  onChange: (ref: string) => void;
}) {
  const listId = useId();
  return (
    <>
      <TextInput value={value} list={listId} onChange={(event) => onChange(event.target.value)} />
      <datalist id={listId}>
        {refs?.branches.map((name) => (
          <option key={`branch ${name}`} value={name}>
            branch
          </option>
        ))}
        {refs?.tags.map((name) => (
          <option key={`tag ${name}`} value={name}>
            tag
          </option>
        ))}
      </datalist>
    </>
  );
}

function TooManyInputs({ count }: { count: number }) {
  return (
    <ProblemNote
      problem={{
        message: `This workflow declares ${count} inputs; the forge starts none with more than ${mostInputs}.`,
        remedy: 'Take inputs out of its file, or put several into one, such as a JSON text.',
      }}
    />
  );
}

function InputFields({ form, workflow, repositoryId }: RunFieldsProps) {
  const inputs = workflow.inputs ?? [];
  const environments = useEnvironments(
    repositoryId,
    inputs.some(({ type }) => type === 'environment'),
  );
  return inputs.map((input) => (
    <WorkflowInputField
      key={`${workflow.id} ${input.name}`}
      input={
        input.type === 'environment' && environments !== null
          ? { ...input, options: [...environments] }
          : input
      }
      value={form.entered[input.name] ?? ''}
      problem={form.problems[input.name]}
      onChange={(value) => form.enter(input.name, value)}
    />
  ));
}
