/** Tells a person of incidents: after a while, outside the quiet hours, nothing twice, and at one door only. */
import type { Notification, NotificationSettings } from '../../shared/model.ts';
import { spanAt } from '../neighbour/hours.ts';
import type { Clock } from '../platform/clock.ts';
import { sameWithinMs } from './incident-log.ts';
import type { IncidentRecord } from './incident-store.ts';

export interface Teller {
  /** Looks whether there is something to tell: the incidents or the settings have changed. */
  stir(): void;
  /** Notifications, to the first of those that read; to the next one when it leaves. */
  watch(signal?: AbortSignal): AsyncGenerator<Notification>;
  /** Ends all readers. */
  dispose(): void;
}

/** An end that could not be told for so long is no news any more. */
const pastMs = 12 * 3_600_000;

/** What can be told of an incident, and from when on; null when there is nothing. */
interface Telling {
  what: 'opened' | 'resolved';
  record: IncidentRecord;
  /** Epoch milliseconds. */
  at: number;
}

/** When something that is due at a time is told: not within the quiet hours. Null: never. */
export function outsideQuietHours(
  at: number,
  { quietHours }: Pick<NotificationSettings, 'quietHours'>,
): number {
  if (!quietHours) return at;
  let told = at;
  // Spans of neighbouring days may touch; a week of them has no end.
  for (let day = 0; day < 8; day += 1) {
    const span = spanAt(quietHours, told);
    if (!span) return told;
    told = span.to;
  }
  return told;
}

/** What is to be told of an incident with these settings; null when nothing is. */
export function tellingOf(record: IncidentRecord, settings: NotificationSettings): Telling | null {
  const { incident, endNotifiedAt } = record;
  const { enabled, afterMs, tellResolved } = settings;
  if (!enabled || incident.dismissed) return null;
  if (incident.resolvedAt === null) {
    if (incident.notifiedAt !== null) return null;
    return { what: 'opened', record, at: outsideQuietHours(incident.since + afterMs, settings) };
  }
  if (!tellResolved || incident.notifiedAt === null || endNotifiedAt !== null) return null;
  // Until then it may come back as the same, and its end would not be true.
  return {
    what: 'resolved',
    record,
    at: outsideQuietHours(incident.resolvedAt + sameWithinMs + 1, settings),
  };
}

function pathOf({ incident }: IncidentRecord): string {
  const { waitId, runnerId, poolId, kind } = incident;
  if (waitId !== null && incident.resolvedAt === null) return `/queue?wait=${encodeURIComponent(waitId)}`;
  if (waitId !== null) return '/queue';
  if (runnerId !== null) return `/runners/${encodeURIComponent(runnerId)}`;
  if (poolId !== null) return `/pools/${encodeURIComponent(poolId)}`;
  return kind === 'forge' ? '/settings' : '/';
}

/** Backticks mean nothing where notifications are shown. */
const plainly = (text: string): string => text.replace(/`([^`]*)`/g, '“$1”');

/** In the words of a notification. */
export function notificationOf({ what, record }: Pick<Telling, 'what' | 'record'>): Notification {
  const { id, title, sentence, resolution } = record.incident;
  const isOver = what === 'resolved';
  return {
    id,
    kind: what,
    title: plainly(isOver ? `Over: ${title}` : title),
    body: plainly(isOver ? (resolution ?? 'It has passed.') : sentence),
    path: pathOf(record),
  };
}

export function createTeller(options: {
  incidents(): readonly IncidentRecord[];
  settings(): NotificationSettings;
  clock: Clock;
  /** Is on disk when it returns true. */
  markTold(incidentId: string, what: Telling['what']): boolean;
}): Teller {
  const { incidents, settings, clock, markTold } = options;
  const readers: { wake(): void }[] = [];
  let isDisposed = false;
  let cancelDue = (): void => {};

  /** What is due now, the oldest first; and when more is. */
  const pending = (): { due: Telling[]; nextAt: number | null } => {
    const now = clock.now();
    const chosen = settings();
    const tellings = incidents()
      .flatMap((record) => tellingOf(record, chosen) ?? [])
      .filter(({ what, at }) => what === 'opened' || now - at < pastMs)
      .toSorted((one, other) => one.at - other.at);
    // What was due before the quiet hours, and found nobody, is not told in them either.
    const quietUntil = outsideQuietHours(now, chosen);
    const due = quietUntil > now ? [] : tellings.filter(({ at }) => at <= now);
    const [next] = tellings.filter(({ at }) => at > now);
    const times = [...(quietUntil > now ? [quietUntil] : []), ...(next ? [next.at] : [])];
    return { due, nextAt: times.length > 0 ? Math.min(...times) : null };
  };

  /** Wakes the first reader now if something is due, and again when more is. */
  function stir(): void {
    cancelDue();
    cancelDue = () => {};
    const [first] = readers;
    if (!first || isDisposed) return;
    const { due, nextAt } = pending();
    if (due.length > 0) first.wake();
    // A clock may be put back or forward, and timers take no more than 24 days.
    if (nextAt !== null)
      cancelDue = clock.after(Math.min(Math.max(1, nextAt - clock.now()), 3_600_000), stir);
  }

  /** Marks the next as told and gives it. What cannot be written down is not told, but tried with the next change. */
  const next = (): Notification | null => {
    for (const telling of pending().due) {
      if (markTold(telling.record.incident.id, telling.what)) return notificationOf(telling);
    }
    return null;
  };

  return {
    stir,
    async *watch(signal) {
      let wake = (): void => {};
      const reader = { wake: () => wake() };
      readers.push(reader);
      const onAbort = (): void => wake();
      signal?.addEventListener('abort', onAbort);
      try {
        stir();
        while (!signal?.aborted && !isDisposed) {
          const notification = readers[0] === reader ? next() : null;
          if (notification) yield notification;
          else {
            await new Promise<void>((resolve) => {
              wake = resolve;
            });
          }
        }
      } finally {
        signal?.removeEventListener('abort', onAbort);
        readers.splice(readers.indexOf(reader), 1);
        readers[0]?.wake();
        stir();
      }
    },
    dispose() {
      isDisposed = true;
      cancelDue();
      for (const { wake } of readers) wake();
    },
  };
}
