/** Wizard, page 3: name, labels, and how long the runners live. */
import type { Plan } from '../../../shared/model.ts';
import { RadioCards } from '../../components/choice.tsx';
import { Field, FieldSet, TextInput } from '../../components/field.tsx';
import { TermsFields } from '../pools/terms-fields.tsx';
import type { Draft, Problems } from './draft.ts';
import { LabelField } from './label-field.tsx';
import { readPrefix } from './runner-name.ts';
import styles from './wizard.module.css';

export function PageHow({
  draft,
  plan,
  problems,
  maximumProblem,
  names,
  note,
  onChange,
  onTakeLabels,
}: {
  draft: Draft;
  plan: Plan;
  problems: Problems;
  /** What is wrong with the number of runners, which stands on the page before, too. */
  maximumProblem: string | undefined;
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
      <TermsFields
        terms={draft.terms}
        maximum={draft.count ?? String(plan.suggestedCount)}
        problems={{ ...problems, maximum: maximumProblem }}
        onChange={(changes) => onChange({ terms: { ...draft.terms, ...changes } })}
        onMaximum={(count) => onChange({ count })}
        beginning={<Beginning draft={draft} onChange={onChange} />}
      />
    </div>
  );
}

function Beginning({ draft, onChange }: { draft: Draft; onChange: (changes: Partial<Draft>) => void }) {
  return (
    <FieldSet legend="When they begin">
      <RadioCards<Draft['begin']>
        label="When the runners begin"
        value={draft.begin}
        onChange={(begin) => onChange({ begin })}
        choices={[
          {
            value: 'now',
            title: 'Now',
            detail: 'You see them listen in a moment. They leave again when no job comes.',
          },
          {
            value: 'first-job',
            title: 'When the first job waits',
            detail: 'Nothing runs before. The first job waits some seconds longer.',
          },
        ]}
        columns={2}
      />
    </FieldSet>
  );
}
