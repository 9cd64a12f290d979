/** When a person is told of incidents, and where. Each choice counts at once. */
import { Bell } from 'lucide-react';
import { useState } from 'react';
import type { NotificationSettings } from '../../../shared/model.ts';
import { Button } from '../../components/button.tsx';
import { Card } from '../../components/card.tsx';
import { Checkbox } from '../../components/choice.tsx';
import { Field, Select } from '../../components/field.tsx';
import {
  askForNotifications,
  showNotification,
  useNotificationAccess,
} from '../../store/browser-notifications.ts';
import { runAction } from '../../store/run-action.ts';
import { useBoard, useClient } from '../../store/session.ts';
import { showToast } from '../../store/toasts.ts';
import { type HoursTerms, hoursTermsOf, readHours } from '../pools/hours.ts';
import { HoursFields } from '../pools/hours-fields.tsx';
import { accessWords, delayChoices } from './notification-words.ts';
import styles from './notifications-card.module.css';
import settingsStyles from './settings.module.css';

type Change = (part: Partial<NotificationSettings>) => void;

export function NotificationsCard() {
  const settings = useBoard((board) => board.panel.settings.notifications);
  const client = useClient();
  const change: Change = (part) =>
    void runAction(() => client.settings.change({ notifications: { ...settings, ...part } }), null);
  const { enabled, afterMs, tellResolved } = settings;
  return (
    <Card title="Notifications" note="one per cause, not per job">
      <ul>
        <li className={settingsStyles.block}>
          <Checkbox checked={enabled} onChange={(event) => change({ enabled: event.target.checked })}>
            Tell me when something goes on that needs somebody
          </Checkbox>
          <Here enabled={enabled} />
        </li>
        {enabled && (
          <>
            <li className={settingsStyles.setting}>
              <Field label="Tell it" help="What passes before that is not told.">
                <Select value={afterMs} onChange={(event) => change({ afterMs: Number(event.target.value) })}>
                  {delayChoices(afterMs).map(({ value, title }) => (
                    <option key={value} value={value}>
                      {title}
                    </option>
                  ))}
                </Select>
              </Field>
            </li>
            <li className={settingsStyles.block}>
              <Checkbox
                checked={tellResolved}
                onChange={(event) => change({ tellResolved: event.target.checked })}
              >
                Tell the end of what was told as well
              </Checkbox>
              <QuietHours settings={settings} onChange={change} />
            </li>
          </>
        )}
      </ul>
    </Card>
  );
}

/** What is typed is kept until it can be read; then it counts. */
function QuietHours({ settings, onChange }: { settings: NotificationSettings; onChange: Change }) {
  const [terms, setTerms] = useState<HoursTerms>(() => hoursTermsOf(settings.quietHours));
  const read = readHours(terms);
  const edit = (part: Partial<HoursTerms>): void => {
    const next = { ...terms, ...part };
    setTerms(next);
    const checked = readHours(next);
    if (checked.ok) onChange({ quietHours: checked.value.span });
  };
  return (
    <>
      <Checkbox checked={terms.byHours} onChange={(event) => edit({ byHours: event.target.checked })}>
        Keep quiet hours
        <span className={styles.detail}>What is still going on when they end is told then.</span>
      </Checkbox>
      {terms.byHours && (
        <div className={styles.nested}>
          <HoursFields hours={terms} problem={read.ok ? undefined : read.problem} onChange={edit} />
        </div>
      )}
    </>
  );
}

/** Whether they appear here, the question to the browser, and a trial. */
function Here({ enabled }: { enabled: boolean }) {
  const access = useNotificationAccess();
  const [asking, setAsking] = useState(false);
  const ask = async (): Promise<void> => {
    setAsking(true);
    await runAction(askForNotifications, null);
    setAsking(false);
  };
  if (!enabled) return null;
  return (
    <div className={styles.here}>
      <p className={settingsStyles.quiet}>{accessWords[access]}</p>
      {access === 'not-asked' && (
        <Button size="small" icon={Bell} busy={asking} onClick={() => void ask()}>
          Allow in this browser…
        </Button>
      )}
      {access === 'allowed' && (
        <Button size="small" icon={Bell} onClick={showTrial}>
          Show one to try
        </Button>
      )}
    </div>
  );
}

function showTrial(): void {
  const shown = showNotification({
    id: 'trial',
    title: 'Trackside can tell you here',
    body: 'An incident looks like this. A press leads to where it is mended.',
    path: '/queue',
  });
  if (shown) return;
  showToast({
    tone: 'failed',
    message: 'This browser does not let a page show notifications.',
    remedy: 'Open the panel in a browser of a computer, or use the desktop application.',
  });
}
