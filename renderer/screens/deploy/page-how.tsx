/** Wizard, page 3: name, labels, and how long the runners live. */
import type { Lifecycle, Plan } from '../../../shared/model.ts';
import { RadioCards } from '../../components/choice.tsx';
import { Field, FieldSet, TextInput } from '../../components/field.tsx';
import { ProblemNote } from '../../components/problem-note.tsx';
import type { Draft, Problems } from './draft.ts';
import { LabelField } from './label-field.tsx';
import { readPrefix } from './runner-name.ts';
import styles from './wizard.module.css';

/** `auto` and `ephemeral` are known to the model and come with a later version. */
const lifecycles: readonly { value: Lifecycle['mode']; title: string; detail: string; disabled?: boolean }[] =
  [
    {
      value: 'manual',
      title: 'Until you stop them',
      detail: 'They wait for jobs until you stop or remove them.',
    },
    {
      value: 'auto',
      title: 'Until nothing is left to do',
      detail: 'They leave after some idle minutes. Not available yet: it comes with a later version.',
      disabled: true,
    },
    {
      value: 'ephemeral',
      title: 'One job each',
      detail: 'Every job gets a fresh runner. Not available yet: it comes with a later version.',
      disabled: true,
    },
  ];

export function PageHow({
  draft,
  plan,
  problems,
  names,
  note,
  onChange,
  onTakeLabels,
}: {
  draft: Draft;
  plan: Plan;
  problems: Problems;
  /** How the runners will be called. */
  names: string | null;
  note: string | null;
  onChange: (changes: Partial<Draft>) => void;
  onTakeLabels: () => void;
}) {
  const name = draft.name ?? plan.suggestedName;
  return (
    <div className={styles.stack}>
      <Field
        label="Name"
        problem={problems.name}
        help={names !== null && readPrefix(name).ok ? `The runners will be called ${names}.` : null}
      >
        <TextInput
          className={styles.short}
          value={name}
          onChange={(event) => onChange({ name: event.target.value })}
        />
      </Field>
      <LabelField
        labels={draft.labels}
        given={plan.defaultLabels}
        text={draft.labelText}
        problem={problems.labels}
        note={note}
        onText={(labelText) => onChange({ labelText })}
        onTake={onTakeLabels}
        onRemove={(label) => onChange({ labels: draft.labels.filter((other) => other !== label) })}
      />
      <FieldSet legend="How long they stay">
        {problems.lifecycle !== undefined && (
          <ProblemNote problem={{ message: problems.lifecycle, remedy: null }} />
        )}
        <RadioCards
          label="How long the runners stay"
          value="manual"
          onChange={() => {}}
          choices={lifecycles}
          columns={3}
        />
      </FieldSet>
    </div>
  );
}
