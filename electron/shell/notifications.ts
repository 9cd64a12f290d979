/** Incidents as notifications of the desktop; a press opens the panel where it leads. */
import type { NotificationConstructorOptions } from 'electron';
import type { Notification } from '../../shared/model.ts';
import type { Incidents } from '../incidents/incidents.ts';

/** What is used of one of Electron's notifications. */
export interface ShownNotification {
  on(event: 'click' | 'close', listener: () => void): unknown;
  show(): void;
  close(): void;
}

export interface DesktopNotificationsOptions {
  /** Whether this desktop shows notifications at all. */
  isSupported(): boolean;
  create(options: NotificationConstructorOptions): ShownNotification;
  incidents: Pick<Incidents, 'watch'>;
  /** Opens the panel at a place. @param path `/queue?wait=…` */
  open(path: string): void;
  onFault(error: unknown): void;
}

/**
 * Shows what the engine tells, for as long as it lives. A desktop that cannot show it does not listen: each is told to
 * one door only.
 */
export function setupNotifications(options: DesktopNotificationsOptions): void {
  const { isSupported, create, incidents, open, onFault } = options;
  if (!isSupported()) return;
  /** Also keeps them: one that is collected does not tell of a press any more. */
  const shown = new Map<string, ShownNotification>();
  const show = ({ id, title, body, path }: Notification): void => {
    shown.get(id)?.close();
    const notification = create({ title, body });
    shown.set(id, notification);
    const forget = (): void => {
      if (shown.get(id) === notification) shown.delete(id);
    };
    notification.on('click', () => {
      forget();
      open(path);
    });
    notification.on('close', forget);
    notification.show();
  };
  const follow = async (): Promise<void> => {
    for await (const notification of incidents.watch()) show(notification);
  };
  follow().catch(onFault);
}
