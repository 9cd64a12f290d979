/** How large each runner is: a preset, or one's own figures. */
import { RadioCards } from '../../components/choice.tsx';
import { Field, FieldSet, TextInput } from '../../components/field.tsx';
import { ProblemNote } from '../../components/problem-note.tsx';
import { type CustomSizeText, describeSize, type Preset, presetWords, readSize } from './size.ts';
import styles from './wizard.module.css';

interface SizeChoiceProps {
  preset: Preset;
  custom: CustomSizeText;
  problems: { size?: string; cores?: string; memory?: string };
  onChange: (changes: { preset?: Preset; custom?: CustomSizeText }) => void;
}

const presetOrder: readonly Preset[] = ['small', 'standard', 'large', 'multi', 'custom'];

export function SizeChoice({ preset, custom, problems, onChange }: SizeChoiceProps) {
  const choices = presetOrder.map((value) => ({
    value,
    title: presetWords[value].title,
    detail: presetDetail(value),
  }));
  return (
    <FieldSet legend="Size of each">
      <RadioCards
        label="Size of each runner"
        value={preset}
        onChange={(value) => onChange({ preset: value })}
        choices={choices}
        columns={4}
      />
      {problems.size !== undefined && <ProblemNote problem={{ message: problems.size, remedy: null }} />}
      {preset === 'custom' && (
        <div className={styles.pair}>
          <Field label="Cores" problem={problems.cores}>
            <TextInput
              inputMode="decimal"
              value={custom.cores}
              onChange={(event) => onChange({ custom: { ...custom, cores: event.target.value } })}
            />
          </Field>
          <Field label="Memory in GB" problem={problems.memory}>
            <TextInput
              inputMode="decimal"
              value={custom.memory}
              onChange={(event) => onChange({ custom: { ...custom, memory: event.target.value } })}
            />
          </Field>
        </div>
      )}
    </FieldSet>
  );
}

function presetDetail(preset: Preset): string {
  if (preset === 'custom') return presetWords.custom.purpose;
  const size = readSize(preset, { cores: '', memory: '' });
  return `${size.ok ? `${describeSize(size.value)}. ` : ''}${presetWords[preset].purpose}`;
}
