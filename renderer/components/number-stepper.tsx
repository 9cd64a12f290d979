/** A number to type or to step. What is typed is kept as text until it is read, so that nothing entered is lost. */
import { Minus, Plus } from 'lucide-react';
import { IconButton } from './button.tsx';
import { TextInput } from './field.tsx';
import styles from './number-stepper.module.css';

export function NumberStepper({
  value,
  onChange,
  min,
  max,
  step = 1,
  noun,
}: {
  /** As typed. */
  value: string;
  onChange: (text: string) => void;
  min: number;
  max: number;
  step?: number;
  /** What is counted, for the buttons' names: "runner". */
  noun: string;
}) {
  const number = Number(value);
  const readable = value.trim() !== '' && Number.isFinite(number);
  const stepBy = (by: number): void => {
    const from = readable ? number : min;
    onChange(String(Math.min(max, Math.max(min, from + by))));
  };
  return (
    <div className={styles.stepper}>
      <IconButton
        icon={Minus}
        label={`One ${noun} less`}
        onClick={() => stepBy(-step)}
        disabled={readable && number <= min}
      />
      <TextInput
        className={styles.input}
        inputMode="numeric"
        value={value}
        onChange={(event) => onChange(event.target.value)}
        onKeyDown={(event) => {
          if (event.key !== 'ArrowUp' && event.key !== 'ArrowDown') return;
          event.preventDefault();
          stepBy(event.key === 'ArrowUp' ? step : -step);
        }}
      />
      <IconButton
        icon={Plus}
        label={`One ${noun} more`}
        onClick={() => stepBy(step)}
        disabled={readable && number >= max}
      />
    </div>
  );
}
