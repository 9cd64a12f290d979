/** A span of the day and the days on which it begins. */
import { Field, TextInput } from '../../components/field.tsx';
import type { HoursTerms } from './hours.ts';
import styles from './hours-fields.module.css';
import { week } from './pool-words.ts';

export function HoursFields({
  hours,
  problem,
  onChange,
}: {
  hours: HoursTerms;
  problem: string | undefined;
  onChange: (changes: Partial<HoursTerms>) => void;
}) {
  const { from, to, days } = hours;
  const setDay = (day: number, chosen: boolean): void => {
    const others = days.filter((other) => other !== day);
    onChange({ days: chosen ? [...others, day] : others });
  };
  return (
    <div className={styles.hours}>
      <Field label="From" problem={problem}>
        <TextInput
          type="time"
          className={styles.time}
          value={from}
          onChange={(event) => onChange({ from: event.target.value })}
        />
      </Field>
      <Field label="To" help={to < from ? 'the next morning' : null}>
        <TextInput
          type="time"
          className={styles.time}
          value={to}
          onChange={(event) => onChange({ to: event.target.value })}
        />
      </Field>
      <fieldset className={styles.days}>
        <legend>{to < from ? 'Beginning on' : 'On'}</legend>
        {week.map(({ day, short, name }) => (
          <label key={day} className={styles.day} title={name}>
            <input
              type="checkbox"
              aria-label={name}
              checked={days.includes(day)}
              onChange={(event) => setDay(day, event.target.checked)}
            />
            <span aria-hidden="true">{short}</span>
          </label>
        ))}
      </fieldset>
    </div>
  );
}
