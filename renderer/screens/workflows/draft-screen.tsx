/** Writing a workflow for runners that exist: a few choices, and the file with the reason of each line beside it. */
import { useState } from 'react';
import { useSearch } from 'wouter';
import type { Repository } from '../../../shared/model.ts';
import { Card, CardBody } from '../../components/card.tsx';
import { Checkbox, RadioCards } from '../../components/choice.tsx';
import { Field, FieldSet, TextInput } from '../../components/field.tsx';
import { NumberStepper } from '../../components/number-stepper.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { ProblemNote } from '../../components/problem-note.tsx';
import { Skeleton } from '../../components/skeleton.tsx';
import { useBoardList, useBoardReader } from '../../store/session.ts';
import { NoRepository } from '../runs/no-repository.tsx';
import { RepositoryChoice } from '../runs/repository-choice.tsx';
import { addressOf, repositoryFrom } from '../runs/run-filter.ts';
import { BackToRuns } from './check-screen.tsx';
import { type DraftForm, formProblems, initialForm, templates, triggers } from './draft-form.ts';
import styles from './draft-screen.module.css';
import { DraftedFile, Phases } from './drafted-file.tsx';
import { type ExistingLabel, existingLabels } from './existing-labels.ts';
import { useDraft } from './use-draft.ts';

export function DraftScreen() {
  const wanted = repositoryFrom(useSearch());
  const repositories = useBoardList((board) => Object.values(board.repositories));
  const repository = repositories.find(({ id }) => id === wanted) ?? repositories[0];
  return repository === undefined ? (
    <NoRepository />
  ) : (
    <DraftOf key={repository.id} repository={repository} />
  );
}

function DraftOf({ repository }: { repository: Repository }) {
  const labels = useExistingLabels(repository.id);
  const [form, setForm] = useState(() => initialForm(labels.map(({ label }) => label)));
  const { draft, problem, stale } = useDraft(repository.id, form);
  const atField = problem?.field === 'name' || problem?.field === 'labels';
  const problems = {
    ...formProblems(form),
    ...(problem !== null && atField && { [problem.field ?? '']: problem.message }),
  };
  return (
    <>
      <PageHeader
        before={<BackToRuns repositoryId={repository.id} />}
        title="Write a workflow"
        documentTitle="Write a workflow"
        sub={
          <RepositoryChoice
            chosen={repository}
            pathOf={(id) => addressOf('/workflows/new', [['repository', id]])}
          />
        }
      />
      <div className={styles.columns}>
        <Card title="What it is">
          <CardBody className={styles.form}>
            <DraftFields
              form={form}
              labels={labels}
              problems={problems}
              onChange={(part) => setForm((before) => ({ ...before, ...part }))}
            />
          </CardBody>
        </Card>
        <div className={styles.stack}>
          {problem && !atField && <ProblemNote problem={problem} />}
          {draft === null && problem === null && <Skeleton height={420} />}
          {draft !== null && <DraftedFile draft={draft} stale={stale || problem !== null} />}
          {draft !== null && <Phases phases={draft.phases} />}
        </div>
      </div>
    </>
  );
}

/** Those at the time of opening, and any that come: the chips must not jump while runners come and go. */
function useExistingLabels(repositoryId: string): readonly ExistingLabel[] {
  const readBoard = useBoardReader();
  const [labels] = useState(() => {
    const board = readBoard();
    return board === null ? [] : existingLabels(board, repositoryId);
  });
  return labels;
}

interface DraftFieldsProps {
  form: DraftForm;
  labels: readonly ExistingLabel[];
  problems: ReturnType<typeof formProblems>;
  onChange: (part: Partial<DraftForm>) => void;
}

function DraftFields({ form, labels, problems, onChange }: DraftFieldsProps) {
  return (
    <>
      <Field label="Name" problem={problems.name}>
        <TextInput value={form.name} onChange={(event) => onChange({ name: event.target.value })} />
      </Field>
      <LabelChoice form={form} labels={labels} problem={problems.labels} onChange={onChange} />
      <FieldSet legend="What it does">
        <RadioCards
          label="What it does"
          value={form.template}
          onChange={(template) => onChange({ template })}
          choices={templates}
          columns={4}
        />
      </FieldSet>
      <FieldSet legend="What starts it">
        <RadioCards
          label="What starts it"
          value={form.triggers}
          onChange={(chosen) => onChange({ triggers: chosen })}
          choices={triggers}
        />
      </FieldSet>
      <Field label="Ends after at most, in minutes" problem={problems.timeout}>
        <NumberStepper
          value={form.timeout}
          onChange={(timeout) => onChange({ timeout })}
          min={1}
          max={7200}
          step={5}
          noun="minute"
        />
      </Field>
    </>
  );
}

function LabelChoice({
  form,
  labels,
  problem,
  onChange,
}: {
  form: DraftForm;
  labels: readonly ExistingLabel[];
  problem: string | undefined;
  onChange: (part: Partial<DraftForm>) => void;
}) {
  const toggle = (label: string, wanted: boolean): void =>
    onChange({ labels: wanted ? [...form.labels, label] : form.labels.filter((one) => one !== label) });
  return (
    <FieldSet legend="Labels of its runners" help="A runner takes a job when it has all of them.">
      <div className={styles.chips}>
        {labels.map(({ label, runners }) => (
          <Checkbox
            key={label}
            className={styles.chip}
            checked={form.labels.includes(label)}
            onChange={(event) => toggle(label, event.target.checked)}
          >
            {label}
            <span className={styles.count}> {runners}</span>
          </Checkbox>
        ))}
      </div>
      {labels.length === 0 && (
        <p className="muted">
          No runner serves this repository yet. <a href="#/deploy">Deploy one</a>, and its labels are here.
        </p>
      )}
      <p role="status" className={styles.problem}>
        {problem}
      </p>
    </FieldSet>
  );
}
