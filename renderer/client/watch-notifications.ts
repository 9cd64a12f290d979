/** Takes what a person is to be told, for as long as somebody here can tell it. */
import type { Notification } from '../../shared/model.ts';
import type { TracksideClient } from './client.ts';

/** Pause before asking again after the stream ended or failed. */
const pauseMs = 2000;

/**
 * Calls `onNotification` with each as it comes. The engine tells each to one door only, so nobody may follow who cannot
 * show them.
 * @param after calls back once after `delayMs` milliseconds
 * @returns a function that ends it
 */
export function watchNotifications(
  client: Pick<TracksideClient, 'notifications'>,
  onNotification: (notification: Notification) => void,
  after: (delayMs: number, callback: () => void) => void = (delayMs, callback) =>
    void setTimeout(callback, delayMs),
): () => void {
  const ending = new AbortController();
  const { signal } = ending;

  async function follow(): Promise<void> {
    while (!signal.aborted) {
      try {
        for await (const notification of await client.notifications.watch(undefined, { signal })) {
          if (signal.aborted) return;
          onNotification(notification);
        }
      } catch {
        // The stream is asked for again; that the connection is lost is told by the banner.
      }
      if (!signal.aborted) await new Promise<void>((resolve) => after(pauseMs, resolve));
    }
  }
  void follow();
  return () => ending.abort();
}
