/** What can be set for the whole engine: the choices that are offered, in words. */
import { formatBytes, formatCount, formatRoughly } from '../../../shared/format.ts';
import type { Settings } from '../../../shared/model.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;
const megabyte = 1024 ** 2;

export interface KeepingChoice {
  /** Null = never by itself. */
  value: number | null;
  title: string;
}

/** Those that are a figure each. */
export type KeepingSetting = Exclude<keyof Settings, 'notifications'>;

const offered: Record<KeepingSetting, readonly (number | null)[]> = {
  removeGhostsAfterMs: [null, hourMs, dayMs, 7 * dayMs, 14 * dayMs],
  historyMaxAgeMs: [7 * dayMs, 30 * dayMs, 90 * dayMs, 365 * dayMs],
  historyMaxBytes: [16 * megabyte, 64 * megabyte, 256 * megabyte, 1024 * megabyte],
  drainBoundMs: [0, minuteMs, 10 * minuteMs, 30 * minuteMs, hourMs, 6 * hourMs],
};

function titleOf(setting: KeepingSetting, value: number | null): string {
  if (value === null) return 'Only when you say so';
  if (setting === 'historyMaxBytes') return formatBytes(value);
  if (setting === 'drainBoundMs' && value === 0) return 'Not at all';
  return setting === 'removeGhostsAfterMs' ? `After ${spanWords(value)}` : spanWords(value);
}

/** "90 days", "1 hour", "10 minutes"; what is none of these in units: "1 h 5 min". */
function spanWords(spanMs: number): string {
  if (spanMs % dayMs === 0) return formatCount(spanMs / dayMs, 'day');
  if (spanMs % hourMs === 0) return formatCount(spanMs / hourMs, 'hour');
  if (spanMs % minuteMs === 0 && spanMs < hourMs) return formatCount(spanMs / minuteMs, 'minute');
  return formatRoughly(spanMs);
}

/** The choices for a setting in their order; a present value that is not offered is one of them. */
export function keepingChoices(setting: KeepingSetting, present: number | null): KeepingChoice[] {
  const values = offered[setting].includes(present) ? offered[setting] : [...offered[setting], present];
  return [...values]
    .sort((one, other) => (one ?? -1) - (other ?? -1))
    .map((value) => ({ value, title: titleOf(setting, value) }));
}
