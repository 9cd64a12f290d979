/** Notifications as this browser shows them, and whether a person allowed it. */
import { useSyncExternalStore } from 'react';
import { bridgeKey } from '../../shared/bridge.ts';
import type { Notification as Told } from '../../shared/model.ts';
import { navigate } from '../router.ts';

/**
 * `desktop`: the desktop's shell shows them. `unavailable`: this browser cannot, or not on this page. Browsers show
 * notifications only on pages of this machine or with TLS (Notifications API, "secure context").
 */
export type NotificationAccess = 'desktop' | 'unavailable' | 'not-asked' | 'allowed' | 'refused';

const accesses = { default: 'not-asked', granted: 'allowed', denied: 'refused' } as const;
const callbacks = new Set<() => void>();

function access(): NotificationAccess {
  if (bridgeKey in window) return 'desktop';
  return 'Notification' in window ? accesses[Notification.permission] : 'unavailable';
}

function subscribe(callback: () => void): () => void {
  callbacks.add(callback);
  const listening = new AbortController();
  const listen = (status: PermissionStatus): void =>
    status.addEventListener('change', callback, { signal: listening.signal });
  // Where a browser does not tell of changes made in its own settings, they show when the page is opened again.
  navigator.permissions?.query({ name: 'notifications' }).then(listen, () => {});
  return () => {
    callbacks.delete(callback);
    listening.abort();
  };
}

export function useNotificationAccess(): NotificationAccess {
  return useSyncExternalStore(subscribe, access);
}

/** Has the browser ask the person; only on a press. */
export async function askForNotifications(): Promise<void> {
  await Notification.requestPermission();
  for (const callback of [...callbacks]) callback();
}

/**
 * Shows one; a later one of the same id takes its place. A press leads to its screen.
 * @returns whether this browser could: some show them only from a service worker
 */
export function showNotification({ id, title, body, path }: Omit<Told, 'kind'>): boolean {
  try {
    const shown = new Notification(title, { body, tag: id });
    shown.onclick = () => {
      window.focus();
      navigate(path);
      shown.close();
    };
    return true;
  } catch {
    return false;
  }
}
