/** The field for a token. What is typed stays in the input element itself: no state, no store, no storage. */
import { Eye, EyeOff } from 'lucide-react';
import { type Ref, useState } from 'react';
import { IconButton } from '../../components/button.tsx';
import { TextInput } from '../../components/field.tsx';
import styles from './first-run.module.css';

export function TokenInput({
  ref,
  onEdit,
  onPasted,
}: {
  ref: Ref<HTMLInputElement>;
  /** Something was typed; the text is not handed out. */
  onEdit: () => void;
  /** A whole token was pasted and stands in the input. */
  onPasted: () => void;
}) {
  const [shown, setShown] = useState(false);
  return (
    <div className={styles.token}>
      <TextInput
        ref={ref}
        className={styles.tokenText}
        type={shown ? 'text' : 'password'}
        autoComplete="off"
        autoCapitalize="off"
        autoCorrect="off"
        data-1p-ignore=""
        data-lpignore="true"
        placeholder="github_pat_…"
        onInput={onEdit}
        // After the browser has put the text into the field.
        onPaste={() => setTimeout(onPasted)}
      />
      <IconButton
        icon={shown ? EyeOff : Eye}
        label={shown ? 'Hide the token' : 'Show the token'}
        aria-pressed={shown}
        onClick={() => setShown(!shown)}
      />
    </div>
  );
}
