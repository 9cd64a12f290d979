/** What is kept for how long, and how long an end waits for jobs. Each choice counts at once. */
import { Card } from '../../components/card.tsx';
import { Field, Select } from '../../components/field.tsx';
import { runAction } from '../../store/run-action.ts';
import { useBoard, useClient } from '../../store/session.ts';
import { type KeepingSetting, keepingChoices } from './keeping.ts';
import styles from './settings.module.css';

const rows: readonly { setting: KeepingSetting; label: string; help: string }[] = [
  {
    setting: 'removeGhostsAfterMs',
    label: 'Remove ghosts',
    help: 'Registrations that this machine made, whose runner is gone. Each is proven to be ours before it is removed.',
  },
  {
    setting: 'historyMaxAgeMs',
    label: 'Keep the history for',
    help: 'What happened, and why. Older entries are dropped.',
  },
  {
    setting: 'historyMaxBytes',
    label: 'Largest size of the history',
    help: 'The oldest entries go first, even when they are not old enough yet.',
  },
  {
    setting: 'drainBoundMs',
    label: 'Wait for running jobs',
    help: 'At most so long, when Trackside quits, the machine shuts down or a service manager ends it.',
  },
];

export function KeepingCard() {
  const settings = useBoard((board) => board.panel.settings);
  const client = useClient();
  const change = (setting: KeepingSetting, text: string): void => {
    const value = text === '' ? null : Number(text);
    void runAction(() => client.settings.change({ [setting]: value }), null);
  };
  return (
    <Card title="Keeping" note="counts at once">
      <ul>
        {rows.map(({ setting, label, help }) => (
          <li key={setting} className={styles.setting}>
            <Field label={label} help={help}>
              <Select
                value={settings[setting] ?? ''}
                onChange={(event) => change(setting, event.target.value)}
              >
                {keepingChoices(setting, settings[setting]).map(({ value, title }) => (
                  <option key={title} value={value ?? ''}>
                    {title}
                  </option>
                ))}
              </Select>
            </Field>
          </li>
        ))}
      </ul>
    </Card>
  );
}
