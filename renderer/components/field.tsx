/** An input with its label, help and problem, tied together for every reader. */
import { CircleAlert } from 'lucide-react';
import { type ComponentProps, createContext, type ReactNode, use, useId } from 'react';
import { classNames } from './class-names.ts';
import styles from './field.module.css';

interface FieldIds {
  inputId: string;
  describedBy: string | undefined;
  invalid: boolean;
}

const FieldContext = createContext<FieldIds | null>(null);

/** Attributes that tie an input to the field around it. */
export function useFieldInput(): { id?: string; 'aria-describedby'?: string; 'aria-invalid'?: true } {
  const field = use(FieldContext);
  if (field === null) return {};
  return {
    id: field.inputId,
    'aria-describedby': field.describedBy,
    'aria-invalid': field.invalid || undefined,
  };
}

export function Field({
  label,
  help,
  problem,
  optional = false,
  children,
}: {
  label: ReactNode;
  help?: ReactNode;
  /** What is wrong with what was entered; null or undefined when nothing. */
  problem?: string | null;
  optional?: boolean;
  children: ReactNode;
}) {
  const id = useId();
  const helpId = `${id}-help`;
  const problemId = `${id}-problem`;
  const describedBy = [problem ? problemId : '', help ? helpId : ''].filter(Boolean).join(' ');
  return (
    <div className={styles.field}>
      <label className={styles.label} htmlFor={`${id}-input`}>
        {label}
        {optional && <span className={styles.optional}> optional</span>}
      </label>
      <FieldContext
        value={{ inputId: `${id}-input`, describedBy: describedBy || undefined, invalid: Boolean(problem) }}
      >
        {children}
      </FieldContext>
      <div aria-live="polite">
        {problem && (
          <p className={styles.problem} id={problemId}>
            <CircleAlert aria-hidden="true" />
            {problem}
          </p>
        )}
      </div>
      {help && (
        <div className={styles.help} id={helpId}>
          {help}
        </div>
      )}
    </div>
  );
}

/** A group of choices with one question above them. */
export function FieldSet({
  legend,
  help,
  children,
}: {
  legend: ReactNode;
  help?: ReactNode;
  children: ReactNode;
}) {
  return (
    <fieldset className={styles.fieldset}>
      <legend className={styles.label}>{legend}</legend>
      {help && <div className={styles.help}>{help}</div>}
      {children}
    </fieldset>
  );
}

export function TextInput({ className, ...rest }: ComponentProps<'input'>) {
  return (
    <input
      type="text"
      autoComplete="off"
      spellCheck={false}
      {...useFieldInput()}
      {...rest}
      className={classNames(styles.input, className)}
    />
  );
}

export function Select({ className, children, ...rest }: ComponentProps<'select'>) {
  return (
    <select {...useFieldInput()} {...rest} className={classNames(styles.input, styles.select, className)}>
      {children}
    </select>
  );
}
