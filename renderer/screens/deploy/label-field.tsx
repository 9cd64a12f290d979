/** Labels as chips: the given ones stay, one's own are typed, split at commas, and taken away again. */
import { X } from 'lucide-react';
import { type KeyboardEvent, useRef } from 'react';
import { classNames } from '../../components/class-names.ts';
import { Field, TextInput } from '../../components/field.tsx';
import styles from './label-field.module.css';

interface LabelFieldProps {
  labels: readonly string[];
  /** Labels that every runner gets; shown, not removable. */
  given: readonly string[];
  /** What stands in the input and is not a label yet. */
  text: string;
  problem: string | undefined;
  /** "Linux is there already". */
  note: string | null;
  onText: (text: string) => void;
  /** Turn the text into labels. */
  onTake: () => void;
  onRemove: (label: string) => void;
}

export function LabelField(props: LabelFieldProps) {
  const { labels, given, text, problem, note, onText, onTake, onRemove } = props;
  const input = useRef<HTMLInputElement>(null);
  const remove = (label: string): void => {
    onRemove(label);
    input.current?.focus();
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const last = labels.at(-1);
    if ((event.key === 'Enter' && text.trim() !== '') || event.key === ',') {
      event.preventDefault();
      onTake();
    } else if (event.key === 'Backspace' && text === '' && last !== undefined) {
      remove(last);
    }
  };
  return (
    <Field
      label="Labels"
      optional
      problem={problem}
      help={
        <>
          Jobs find runners by labels. Enter or a comma ends one. <span role="status">{note}</span>
        </>
      }
    >
      <div className={styles.box}>
        <LabelChips labels={labels} given={given} onRemove={remove} />
        <TextInput
          ref={input}
          className={styles.input}
          value={text}
          placeholder={labels.length === 0 ? 'gpu, large' : ''}
          onChange={(event) => onText(event.target.value)}
          onKeyDown={onKeyDown}
          onPaste={(event) => {
            const pasted = event.clipboardData.getData('text');
            if (!pasted.includes(',') && !pasted.includes('\n')) return;
            event.preventDefault();
            onText(`${text}${pasted.replace(/\s*\n\s*/g, ',')}`);
          }}
          onBlur={onTake}
        />
      </div>
    </Field>
  );
}

function LabelChips({ labels, given, onRemove }: Pick<LabelFieldProps, 'labels' | 'given' | 'onRemove'>) {
  return (
    <ul className={styles.chips} aria-label="Labels of the runners">
      {given.map((label) => (
        <li key={label} className={classNames(styles.chip, styles.given)}>
          <span className={styles.text}>{label}</span>
          <span className="visually-hidden">, always there</span>
        </li>
      ))}
      {labels.map((label) => (
        <li key={label} className={styles.chip}>
          <span className={styles.text}>{label}</span>
          <button
            type="button"
            className={styles.remove}
            aria-label={`Remove the label ${label}`}
            onClick={() => onRemove(label)}
          >
            <X aria-hidden="true" />
          </button>
        </li>
      ))}
    </ul>
  );
}
