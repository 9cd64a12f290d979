/** The queue as a picture: how it grew until now, and how it empties by the estimates. */
import type { Job } from '../../../shared/model.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

/** Each side shows at least so much, and at most so much. */
const leastMs = 5 * minuteMs;
const mostMs = 7 * dayMs;

export interface Tick {
  x: number;
  words: string;
}

export interface StripScale {
  width: number;
  nowX: number;
  /** Pixels from the left edge of a time so far from now; what lies outside is at the edge. */
  x(fromNowMs: number): number;
  /** Without the one of now. */
  ticks: Tick[];
}

/** Near now a minute is wide, far away an hour is narrow: jobs that wait for days stand beside those of seconds. */
const bent = (spanMs: number): number => Math.asinh(spanMs / minuteMs);

/**
 * @param pastMs how long the first job waits
 * @param aheadMs how far away the last known start is
 * @param width pixels
 */
export function stripScale(pastMs: number, aheadMs: number, width: number): StripScale {
  const past = bent(Math.min(mostMs, Math.max(leastMs, pastMs)));
  const ahead = bent(Math.min(mostMs, Math.max(leastMs, aheadMs)));
  const share = Math.min(0.6, Math.max(0.4, past / (past + ahead)));
  const nowX = Math.round(width * share);
  const x = (fromNowMs: number): number => {
    const side = fromNowMs < 0 ? nowX / past : (width - nowX) / ahead;
    return Math.min(width, Math.max(0, nowX + bent(fromNowMs) * side));
  };
  return { width, nowX, x, ticks: ticksOf(x, width, nowX, Math.sinh(past), Math.sinh(ahead)) };
}

const marks: readonly [spanMs: number, words: string][] = [
  [minuteMs, '1 min'],
  [5 * minuteMs, '5 min'],
  [15 * minuteMs, '15 min'],
  [hourMs, '1 h'],
  [3 * hourMs, '3 h'],
  [12 * hourMs, '12 h'],
  [dayMs, '1 d'],
  [3 * dayMs, '3 d'],
  [7 * dayMs, '7 d'],
];
/** Words closer than this would touch. */
const apartPx = 52;

function ticksOf(
  x: StripScale['x'],
  width: number,
  nowX: number,
  pastMinutes: number,
  aheadMinutes: number,
): Tick[] {
  const side = (sign: 1 | -1, minutes: number): Tick[] => {
    const ticks: Tick[] = [];
    for (const [spanMs, words] of marks) {
      const at = x(sign * spanMs);
      const before = ticks.at(-1)?.x ?? nowX;
      const inside = spanMs <= minutes * minuteMs && at >= 14 && at <= width - 14;
      if (inside && Math.abs(at - before) >= apartPx)
        ticks.push({ x: at, words: `${sign < 0 ? '−' : '+'}${words}` });
    }
    return ticks;
  };
  return [...side(-1, pastMinutes).reverse(), ...side(1, aheadMinutes)];
}

/** From this pixel on so many jobs wait. */
export interface Step {
  x: number;
  count: number;
}

/** Jobs that start at about the same pixel. */
export interface Start {
  x: number;
  atMs: number;
  names: string[];
}

export interface Stairs {
  total: number;
  /** How the queue grew until now. */
  grown: Step[];
  /** How it empties; the last step is what nobody knows a start of. */
  ahead: Step[];
  starts: Start[];
  /** When the next one starts; null when no start is known. */
  nextAt: number | null;
}

const joinedPx = 14;

/**
 * @param jobs the longest wait first
 * @param scale made for the same moment
 */
export function stairsOf(jobs: readonly Job[], nowMs: number, scale: StripScale): Stairs {
  const grown: Step[] = [];
  jobs.forEach(({ queuedAt }, index) => {
    push(grown, { x: Math.min(scale.nowX, scale.x(queuedAt - nowMs)), count: index + 1 });
  });
  const known = jobs
    .flatMap(({ estimate, name }) =>
      estimate === null ? [] : { atMs: Math.max(nowMs, estimate.startsAt), name },
    )
    .sort((a, b) => a.atMs - b.atMs);
  const ahead: Step[] = [{ x: scale.nowX, count: jobs.length }];
  const starts: Start[] = [];
  known.forEach(({ atMs, name }, index) => {
    const x = scale.x(atMs - nowMs);
    push(ahead, { x, count: jobs.length - index - 1 });
    const last = starts.at(-1);
    if (last && x - last.x < joinedPx) last.names.push(name);
    else starts.push({ x, atMs, names: [name] });
  });
  return { total: jobs.length, grown, ahead, starts, nextAt: known[0]?.atMs ?? null };
}

/** Steps of one pixel are one. */
function push(steps: Step[], step: Step): void {
  const last = steps.at(-1);
  if (last && Math.round(last.x) === Math.round(step.x)) last.count = step.count;
  else steps.push(step);
}

/**
 * The area under the steps, as an SVG path.
 * @param endX where the last step ends
 */
export function stairsPath(steps: readonly Step[], endX: number, total: number, height: number): string {
  const [first] = steps;
  if (first === undefined || total === 0) return '';
  const y = (count: number): number => round(height * (1 - count / total));
  const corners = steps.map(({ count }, index) => `V${y(count)}H${round(steps[index + 1]?.x ?? endX)}`);
  return `M${round(first.x)} ${height}${corners.join('')}V${height}Z`;
}

const round = (value: number): number => Math.round(value * 10) / 10;
