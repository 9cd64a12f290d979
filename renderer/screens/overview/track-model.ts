/** What the track shows, computed: which jobs lie where on each runner's lane, and what is to come. */

import { formatDuration } from '../../../shared/format.ts';
import type { Shift } from '../../../shared/model.ts';

const minuteMs = 60_000;

/** How much of the past the track can show. */
export const zooms = [
  { value: '5', title: '5 min', spanMs: 5 * minuteMs, gridMs: minuteMs },
  { value: '15', title: '15 min', spanMs: 15 * minuteMs, gridMs: 3 * minuteMs },
  { value: '60', title: '1 h', spanMs: 60 * minuteMs, gridMs: 10 * minuteMs },
  { value: '360', title: '6 h', spanMs: 360 * minuteMs, gridMs: 60 * minuteMs },
] as const;
export type Zoom = (typeof zooms)[number];

/**
 * The zoom to begin with: the closest one that shows all there is, and never more than an hour.
 * @param firstMs when the first runner or job began; null when there is none
 */
export function zoomFor(firstMs: number | null, nowMs: number): Zoom {
  const [closest, middle, hour] = zooms;
  const pastMs = firstMs === null ? 0 : nowMs - firstMs;
  return [closest, middle].find(({ spanMs }) => pastMs < spanMs) ?? hour;
}

/** `lost`: it ended because its runner did; the job itself did not fail. */
export type BarKind = 'running' | 'succeeded' | 'issues' | 'failed' | 'lost' | 'cancelled';

/** One job, or several too short to be told apart at this zoom. */
export interface Bar {
  /** Stable while the bar grows. */
  key: string;
  kind: BarKind;
  /** Pixels from the left edge of the lane. */
  x: number;
  width: number;
  /** Oldest first; never empty. */
  shifts: Shift[];
}

const kinds: Record<Exclude<Shift['result'], null>, BarKind> = {
  Succeeded: 'succeeded',
  SucceededWithIssues: 'issues',
  Failed: 'failed',
  Canceled: 'cancelled',
  Skipped: 'cancelled',
  Abandoned: 'lost',
  Lost: 'lost',
};

export function barKindOf(shift: Pick<Shift, 'result' | 'endedAt' | 'verdict'>): BarKind {
  if (shift.verdict !== null) return shift.verdict.cause === 'cancelled-here' ? 'cancelled' : 'lost';
  if (shift.result !== null) return kinds[shift.result];
  return shift.endedAt === null ? 'running' : 'cancelled';
}

/** Runners in the order of their names, numbers counted as numbers: arm-2 before arm-10. */
export function byName<T extends { name: string }>(rows: readonly T[]): T[] {
  return [...rows].sort((a, b) => collator.compare(a.name, b.name));
}
const collator = new Intl.Collator('en', { numeric: true });

/** Bars narrower than this are joined with a neighbour that they would touch. */
const narrowPx = 4;
const gapPx = 1.5;
/** A bar of joined jobs grows no wider than this, so that it tells where the failed ones lie. */
const joinedPx = 28;

/**
 * Lays one runner's jobs out on a lane.
 *
 * @param shifts oldest first
 * @param width pixels from the left edge to now
 */
export function layBars(
  shifts: readonly Shift[],
  window: { fromMs: number; nowMs: number },
  width: number,
): Bar[] {
  const { fromMs, nowMs } = window;
  const pxPerMs = width / Math.max(1, nowMs - fromMs);
  const bars: Bar[] = [];
  for (const shift of shifts) {
    const endMs = Math.min(nowMs, shift.endedAt ?? nowMs);
    if (endMs < fromMs || shift.startedAt > nowMs) continue;
    const x = Math.max(0, (shift.startedAt - fromMs) * pxPerMs);
    const right = Math.max(x + 2, (endMs - fromMs) * pxPerMs - gapPx);
    const bar: Bar = { key: shift.id, kind: barKindOf(shift), x, width: right - x, shifts: [shift] };
    const last = bars.at(-1);
    if (last && touching(last, bar)) bars[bars.length - 1] = join(last, bar);
    else bars.push(bar);
  }
  return bars;
}

function touching(last: Bar, next: Bar): boolean {
  const joinable = last.width < narrowPx || last.shifts.length > 1;
  const near = next.x - (last.x + last.width) < narrowPx && next.x + next.width - last.x <= joinedPx;
  return joinable && next.width < narrowPx && near;
}

/** The worse of two outcomes colours what they share. */
function join(a: Bar, b: Bar): Bar {
  const worst = (['failed', 'lost'] as const).find((bad) => a.kind === bad || b.kind === bad);
  const kind = worst ?? (b.kind === 'running' ? 'running' : a.kind);
  const right = Math.max(a.x + a.width, b.x + b.width);
  return { key: a.key, kind, x: a.x, width: right - a.x, shifts: [...a.shifts, ...b.shifts] };
}

/** Shortens words to about `width` pixels; an empty string when not even a few letters fit. */
export function fitWords(words: string, width: number, pxPerLetter = 6.7): string {
  const room = Math.floor(width / pxPerLetter);
  if (words.length <= room) return words;
  return room < 4 ? '' : `${words.slice(0, room - 1).trimEnd()}…`;
}

/** A bar in words: "succeeded after 12 min", "runs for 48 s". */
export function describeBar({ shifts, kind }: Bar, now: number): string {
  const [first] = shifts;
  const last = shifts.at(-1);
  if (first === undefined || last === undefined) return '';
  if (shifts.length > 1) return severalOutcomes(shifts);
  if (kind === 'running') return `runs for ${formatDuration(now - first.startedAt)}`;
  return `${outcomes[kind]} after ${formatDuration((last.endedAt ?? now) - first.startedAt)}`;
}

function severalOutcomes(shifts: readonly Shift[]): string {
  const count = (kind: BarKind): number => shifts.filter((shift) => barKindOf(shift) === kind).length;
  const failed = count('failed');
  const lost = count('lost');
  const parts = [failed > 0 ? `${failed} failed` : '', lost > 0 ? `${lost} lost with the runner` : ''];
  return parts.filter(Boolean).join(', ') || 'none failed';
}

export const outcomes: Record<Bar['kind'], string> = {
  running: 'runs',
  succeeded: 'succeeded',
  issues: 'succeeded with issues',
  failed: 'failed',
  lost: 'lost with its runner',
  cancelled: 'cancelled',
};

/** How far back a job's earlier durations count. */
const earlierRuns = 5;

/**
 * How long a job is likely to take: the median of its last successful runs, milliseconds; null before there were two.
 * @param ended of any runner, in any order
 */
export function expectedDurationMs(
  ended: Iterable<Shift>,
  job: { jobName: string; repositoryId: string },
): number | null {
  const durations: { endedAt: number; spanMs: number }[] = [];
  for (const shift of ended) {
    if (shift.result !== 'Succeeded' || shift.endedAt === null) continue;
    if (shift.jobName !== job.jobName || shift.repositoryId !== job.repositoryId) continue;
    durations.push({ endedAt: shift.endedAt, spanMs: shift.endedAt - shift.startedAt });
  }
  if (durations.length < 2) return null;
  const recent = durations
    .sort((a, b) => b.endedAt - a.endedAt)
    .slice(0, earlierRuns)
    .map(({ spanMs }) => spanMs)
    .sort((a, b) => a - b);
  return recent[Math.floor((recent.length - 1) / 2)] ?? null;
}
