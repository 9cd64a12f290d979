/** How much of the time in which a runner was meant to run it did run: by day, and against the aim. */
import { formatDuration } from '../../../shared/format.ts';
import type { Health } from '../../../shared/model.ts';
import type { Tone } from '../../components/pill.tsx';

/** What is aimed for. */
export const aim = 0.995;
const shownDays = 30;
/** A day below this was bad, not only below the aim. */
const bad = 0.95;

export interface DayBar {
  /** A local date, 2026-11-24. */
  day: string;
  /** 0–1; null for a day on which it was not meant to run. */
  share: number | null;
  tone: Tone;
  /** "24 Nov: 99.8 %, down for 2 min". */
  words: string;
}

type Days = Health['availability'];

/** One bar per day for the last 30 days, the latest last. */
export function dayBars(days: Days, nowMs: number): DayBar[] {
  const known = new Map(days.map((row) => [row.day, row]));
  const today = new Date(nowMs);
  return Array.from({ length: shownDays }, (_, index) => {
    const at = new Date(today.getFullYear(), today.getMonth(), today.getDate() - (shownDays - 1 - index));
    const row = known.get(localDate(at)) ?? { upMs: 0, downMs: 0 };
    const title = at.toLocaleDateString('en-GB', { day: 'numeric', month: 'short' });
    const share = shareOf(row);
    const down = row.downMs > 0 ? `, down for ${formatDuration(row.downMs)}` : '';
    const words = share === null ? `${title}: not meant to run` : `${title}: ${percent(share)}${down}`;
    return { day: localDate(at), share, tone: toneOf(share), words };
  });
}

function localDate(at: Date): string {
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
}

function shareOf({ upMs, downMs }: { upMs: number; downMs: number }): number | null {
  return upMs + downMs === 0 ? null : upMs / (upMs + downMs);
}

function toneOf(share: number | null): Tone {
  if (share === null) return 'off';
  if (share >= aim) return 'ok';
  return share >= bad ? 'wait' : 'fail';
}

/** Never rounded up to a whole that it was not: `99.97 %`, `100 %`, `97.2 %`, `99.0 %`. */
export function percent(share: number): string {
  if (share === 1) return '100 %';
  const digits = share > aim ? 2 : 1;
  const scale = 10 ** digits;
  return `${(Math.floor(share * 100 * scale) / scale).toFixed(digits)} %`;
}

export interface AvailabilitySum {
  share: number;
  met: boolean;
  /** How it compares with the aim, and how long it was down. */
  sentence: string;
}

/** All days together; null while there is nothing to tell. */
export function availabilitySum(days: Days): AvailabilitySum | null {
  const upMs = days.reduce((sum, day) => sum + day.upMs, 0);
  const downMs = days.reduce((sum, day) => sum + day.downMs, 0);
  const share = shareOf({ upMs, downMs });
  if (share === null) return null;
  const meant = formatDuration(upMs + downMs);
  const down = downMs === 0 ? 'never down' : `down for ${formatDuration(downMs)}`;
  const met = share >= aim;
  const compared = met ? 'As good as the 99.5 % aimed for, or better' : 'Less than the 99.5 % aimed for';
  return { share, met, sentence: `${compared}: ${down} in ${meant} in which it was meant to run.` };
}
