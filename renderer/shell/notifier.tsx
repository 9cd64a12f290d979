/** Shows incidents as notifications of the browser, where the panel is served to one and a person allowed it. */
import { useEffect } from 'react';
import { watchNotifications } from '../client/watch-notifications.ts';
import { showNotification, useNotificationAccess } from '../store/browser-notifications.ts';
import { useClient, useConnection } from '../store/session.ts';

/** Follows only while it can show them: each is told to one door. */
export function Notifier() {
  const client = useClient();
  const allowed = useNotificationAccess() === 'allowed';
  const live = useConnection().state === 'live';
  useEffect(() => {
    if (!allowed || !live) return;
    return watchNotifications(client, showNotification);
  }, [client, allowed, live]);
  return null;
}
