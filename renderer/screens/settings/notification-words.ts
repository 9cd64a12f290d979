/** What can be set about notifications, in words. */
import { formatCount, formatRoughly } from '../../../shared/format.ts';
import type { NotificationAccess } from '../../store/browser-notifications.ts';

const minuteMs = 60_000;
const offered = [0, minuteMs, 2 * minuteMs, 5 * minuteMs, 15 * minuteMs, 60 * minuteMs];

/** After how long somebody is told; a present value that is not offered is one of the choices. */
export function delayChoices(present: number): { value: number; title: string }[] {
  const values = offered.includes(present) ? offered : [...offered, present];
  return [...values].sort((a, b) => a - b).map((value) => ({ value, title: delayTitle(value) }));
}

function delayTitle(delayMs: number): string {
  if (delayMs === 0) return 'At once';
  if (delayMs === 60 * minuteMs) return 'After 1 hour';
  const whole = delayMs % minuteMs === 0 && delayMs < 60 * minuteMs;
  return `After ${whole ? formatCount(delayMs / minuteMs, 'minute') : formatRoughly(delayMs)}`;
}

/** Where they appear, and what has to be done for it. */
export const accessWords: Record<NotificationAccess, string> = {
  desktop: 'The desktop shows them, also while this window is closed.',
  unavailable: 'This browser shows none on this page.',
  'not-asked': 'This browser shows them once you allow it, while the panel is open in a tab.',
  allowed: 'This browser shows them while the panel is open in a tab.',
  refused: 'This browser was told not to. Allow notifications for this page in its settings.',
};
