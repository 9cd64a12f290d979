/** Events as a list shows them: newest first, without repetition, under their days. */
import type { HistoryEvent } from '../../../shared/model.ts';

export type EventRow =
  | { kind: 'day'; key: string; title: string }
  | { kind: 'event'; key: string; event: HistoryEvent };

/**
 * Both together, the newest first. What the board shows is what counts for its time: an event that repeated itself has
 * taken the place of the earlier one there.
 * @param fresh those of the board that fit
 * @param freshFromMs since when the board shows all there is; null when it shows none
 */
export function mergeEvents(
  fresh: readonly HistoryEvent[],
  loaded: readonly HistoryEvent[],
  freshFromMs: number | null,
): HistoryEvent[] {
  const ids = new Set(fresh.map(({ id }) => id));
  const older = loaded.filter(({ id, at }) => !ids.has(id) && (freshFromMs === null || at <= freshFromMs));
  return [...fresh, ...older].sort((a, b) => b.at - a.at || (a.id < b.id ? 1 : -1));
}

/** Rows under a heading per local day. */
export function eventRows(events: readonly HistoryEvent[], nowMs: number): EventRow[] {
  const rows: EventRow[] = [];
  let day = '';
  for (const event of events) {
    const its = dayKey(event.at);
    if (its !== day) rows.push({ kind: 'day', key: `day-${its}`, title: dayTitle(event.at, nowMs) });
    day = its;
    rows.push({ kind: 'event', key: event.id, event });
  }
  return rows;
}

function dayKey(atMs: number): string {
  const at = new Date(atMs);
  return `${at.getFullYear()}-${at.getMonth() + 1}-${at.getDate()}`;
}

/** "Today", "Yesterday", "Friday, 20 November", with its year where that is another one. */
export function dayTitle(atMs: number, nowMs: number): string {
  const now = new Date(nowMs);
  const yesterday = new Date(now.getFullYear(), now.getMonth(), now.getDate() - 1).getTime();
  if (dayKey(atMs) === dayKey(nowMs)) return 'Today';
  if (dayKey(atMs) === dayKey(yesterday)) return 'Yesterday';
  const year = new Date(atMs).getFullYear() === now.getFullYear() ? undefined : 'numeric';
  return new Date(atMs).toLocaleDateString('en-GB', { weekday: 'long', day: 'numeric', month: 'long', year });
}
