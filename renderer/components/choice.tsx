/** Choosing one of several, or ticking one thing. Native inputs in our clothes. */
import { type ComponentProps, type ReactNode, useId } from 'react';
import styles from './choice.module.css';
import { classNames } from './class-names.ts';
import { useFieldInput } from './field.tsx';

interface CheckboxProps extends Omit<ComponentProps<'input'>, 'type' | 'children'> {
  /** Visible words beside the box; without them give `aria-label`. */
  children?: ReactNode;
  /** Some, but not all, of what it stands for is ticked. */
  partly?: boolean;
}

export function Checkbox({ children, partly = false, className, ...rest }: CheckboxProps) {
  const tied = useFieldInput();
  const ownId = useId();
  const id = rest.id ?? tied.id ?? ownId;
  const box = (
    <input
      {...tied}
      {...rest}
      id={id}
      type="checkbox"
      className={styles.box}
      ref={(element) => {
        if (element) element.indeterminate = partly;
      }}
    />
  );
  if (!children) return box;
  return (
    <label className={classNames(styles.row, className)} htmlFor={id}>
      {box}
      <span>{children}</span>
    </label>
  );
}

export interface RadioChoice<T extends string> {
  value: T;
  title: ReactNode;
  /** A sentence about what it means. */
  detail?: ReactNode;
  disabled?: boolean;
}

/** One of several, each with a sentence. */
export function RadioCards<T extends string>({
  label,
  value,
  onChange,
  choices,
  columns = 1,
}: {
  /** The question, for readers that do not see the heading. */
  label: string;
  value: T | null;
  onChange: (value: T) => void;
  choices: readonly RadioChoice<T>[];
  columns?: 1 | 2 | 3 | 4;
}) {
  const name = useId();
  return (
    <div
      className={classNames(styles.cards, styles[`columns${columns}`])}
      role="radiogroup"
      aria-label={label}
    >
      {choices.map((choice) => (
        <label key={choice.value} className={styles.card}>
          <input
            type="radio"
            className={styles.radio}
            name={name}
            value={choice.value}
            checked={choice.value === value}
            disabled={choice.disabled}
            onChange={() => onChange(choice.value)}
          />
          <span>
            <span className={styles.title}>{choice.title}</span>
            {choice.detail && <span className={styles.detail}>{choice.detail}</span>}
          </span>
        </label>
      ))}
    </div>
  );
}

/** One of a few short words side by side: a zoom, a theme. */
export function Segmented<T extends string>({
  label,
  value,
  onChange,
  choices,
}: {
  label: string;
  value: T;
  onChange: (value: T) => void;
  choices: readonly { value: T; title: ReactNode }[];
}) {
  const name = useId();
  return (
    <div className={styles.segmented} role="radiogroup" aria-label={label}>
      {choices.map((choice) => (
        <label key={choice.value} className={styles.segment}>
          <input
            type="radio"
            className={styles.hidden}
            name={name}
            checked={choice.value === value}
            onChange={() => onChange(choice.value)}
          />
          <span>{choice.title}</span>
        </label>
      ))}
    </div>
  );
}
