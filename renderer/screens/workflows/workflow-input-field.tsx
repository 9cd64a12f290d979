/** One declared input of a workflow as a field of the kind that suits it. */
import type { WorkflowInput } from '../../../shared/model.ts';
import { Checkbox } from '../../components/choice.tsx';
import { Field, Select, TextInput } from '../../components/field.tsx';
import styles from './run-workflow-dialog.module.css';

interface WorkflowInputFieldProps {
  input: WorkflowInput;
  value: string;
  problem: string | undefined;
  onChange: (value: string) => void;
}

export function WorkflowInputField({ input, value, problem, onChange }: WorkflowInputFieldProps) {
  if (input.type === 'boolean') {
    return (
      <Checkbox checked={value === 'true'} onChange={(event) => onChange(String(event.target.checked))}>
        {input.description ?? input.name}
        {input.description !== null && <span className={styles.name}> {input.name}</span>}
      </Checkbox>
    );
  }
  const { name, description } = input;
  return (
    <Field
      label={description ?? name}
      optional={!input.required}
      problem={problem}
      help={description && name}
    >
      <Entry input={input} value={value} onChange={onChange} />
    </Field>
  );
}

function Entry({ input, value, onChange }: Omit<WorkflowInputFieldProps, 'problem'>) {
  const { type, options, required } = input;
  if (type === 'choice' || (type === 'environment' && options.length > 0)) {
    return (
      <Select value={value} required={required} onChange={(event) => onChange(event.target.value)}>
        {!options.includes(value) && <option value={value}>{value}</option>}
        {!required && value !== '' && <option value="" />}
        {options.map((option) => (
          <option key={option}>{option}</option>
        ))}
      </Select>
    );
  }
  return (
    <TextInput
      value={value}
      required={required}
      inputMode={type === 'number' ? 'decimal' : undefined}
      onChange={(event) => onChange(event.target.value)}
    />
  );
}
