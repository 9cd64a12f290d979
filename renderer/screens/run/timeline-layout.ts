/** Where everything of a run's timeline lies, in pixels: bars on a time axis, and right of now what is to come. */
import type { RunJob } from '../../../shared/model.ts';
import type { JobLane } from './job-order.ts';

export interface Span {
  x: number;
  width: number;
}

export type BarKind = 'running' | 'succeeded' | 'failed' | 'cancelled';

export interface LanePicture {
  lane: JobLane;
  y: number;
  height: number;
  /** From when it could have begun until it began, or until now. */
  wait: Span | null;
  bar: (Span & { kind: BarKind }) | null;
  steps: (Span & { kind: BarKind; number: number })[];
  /** The place right of now where it will come. */
  outline: Span | null;
  /** It ran in an earlier attempt of the run, before this axis begins. */
  earlier: boolean;
}

export interface Timeline {
  lanes: LanePicture[];
  height: number;
  /** Of the line of now; null when everything has ended. */
  nowX: number | null;
  ticks: { x: number; spanMs: number }[];
  /** From a lane to one that needs it, as the path of a line. */
  links: { key: string; from: string; to: string; path: string }[];
}

export interface TimelineRoom {
  width: number;
  laneHeight: number;
  groupHeight: number;
}

const slotPx = 76;
/** What is to come takes at most this share of the width. */
const futureShare = 0.42;
/** Time before the first job began takes at most this share of the axis. */
const queueShare = 0.3;
const stubPx = 6;
const gapPx = 3;
const leastBarPx = 3;
const tickRoomPx = 76;
const mostLinks = 160;

/**
 * Lays the lanes out.
 * @param startedAt when this attempt of the run began, epoch milliseconds; null while it has not
 */
export function layOutTimeline(
  lanes: readonly JobLane[],
  times: { startedAt: number | null; nowMs: number },
  room: TimelineRoom,
): Timeline {
  const jobs = lanes.flatMap((lane) => jobsOf(lane));
  const columns = futureColumns(jobs);
  const last = Math.max(-1, ...columns.values());
  const active = jobs.some(({ status }) => status !== 'completed');
  const futureWidth = Math.min((last + 1) * slotPx, room.width * futureShare);
  const axis = axisOf(jobs, times, active, room.width - futureWidth);
  const slot = { width: last < 0 ? 0 : futureWidth / (last + 1), columns };
  let y = 0;
  const pictures = lanes.map((lane): LanePicture => {
    const height = lane.kind === 'group' && lane.open ? room.groupHeight : room.laneHeight;
    const picture = { ...pictureOf(lane, axis, slot), lane, y, height };
    y += height;
    return picture;
  });
  return {
    lanes: pictures,
    height: y,
    nowX: active ? axis.width : null,
    ticks: ticksOf(axis),
    links: linksBetween(pictures),
  };
}

function jobsOf(lane: JobLane): readonly RunJob[] {
  if (lane.kind === 'job') return [lane.job];
  return lane.open ? [] : lane.jobs;
}

interface Axis {
  fromMs: number;
  toMs: number;
  width: number;
  /** Jobs that ended before were of an earlier attempt. */
  attemptMs: number;
}

function axisOf(
  jobs: readonly RunJob[],
  { startedAt, nowMs }: { startedAt: number | null; nowMs: number },
  active: boolean,
  width: number,
): Axis {
  const attemptMs = startedAt ?? -Infinity;
  const own = jobs.filter((job) => !isEarlier(job, attemptMs));
  const begun = own.flatMap((job) => job.startedAt ?? []);
  const queued = own.flatMap((job) => job.queuedAt ?? []);
  const ends = own.flatMap((job) => job.endedAt ?? []);
  const toMs = active ? nowMs : Math.max(...ends, ...begun, startedAt ?? 0);
  const firstMs = begun.length > 0 ? Math.min(...begun) : toMs;
  const queuedMs = queued.length > 0 ? Math.min(...queued, firstMs) : firstMs;
  // A long wait before the first job would leave the jobs no room.
  const longestWaitMs = begun.length > 0 ? (toMs - firstMs) * (queueShare / (1 - queueShare)) : Infinity;
  const fromMs = Math.max(queuedMs, firstMs - longestWaitMs);
  return { fromMs: Math.min(fromMs, toMs - 1000), toMs, width, attemptMs };
}

function isEarlier(job: RunJob, attemptMs: number): boolean {
  return job.status === 'completed' && job.endedAt !== null && job.endedAt < attemptMs;
}

function xAt({ fromMs, toMs, width }: Axis, atMs: number): number {
  return Math.min(width, Math.max(0, ((atMs - fromMs) / (toMs - fromMs)) * width));
}

function spanBetween(axis: Axis, fromMs: number, toMs: number): Span {
  const x = Math.min(xAt(axis, fromMs), axis.width - leastBarPx);
  return { x, width: Math.max(leastBarPx, xAt(axis, toMs) - x) };
}

function pictureOf(
  lane: JobLane,
  axis: Axis,
  slot: { width: number; columns: ReadonlyMap<string, number> },
): Pick<LanePicture, 'wait' | 'bar' | 'steps' | 'outline' | 'earlier'> {
  const jobs = jobsOf(lane);
  const ran = jobs.filter((job) => job.startedAt !== null && job.conclusion !== 'skipped');
  const columns = jobs.flatMap((job) => slot.columns.get(job.key) ?? []);
  const column = columns.length === 0 ? null : Math.min(...columns);
  const outline =
    column === null
      ? null
      : { x: axis.width + column * slot.width + gapPx, width: Math.max(8, slot.width - 2 * gapPx) };
  if (ran.length > 0 && ran.every((job) => isEarlier(job, axis.attemptMs))) {
    const bar = { x: 0, width: stubPx, kind: kindOfAll(ran) };
    return { wait: null, bar, steps: [], outline, earlier: true };
  }
  const [only] = lane.kind === 'job' ? ran : [];
  return {
    wait: waitOf(jobs, axis),
    bar: barOf(ran, axis),
    steps: only === undefined ? [] : stepsOf(only, axis),
    outline,
    earlier: false,
  };
}

function barOf(ran: readonly RunJob[], axis: Axis): LanePicture['bar'] {
  if (ran.length === 0) return null;
  const fromMs = Math.min(...ran.map(({ startedAt }) => startedAt ?? axis.toMs));
  const toMs = Math.max(...ran.map((job) => endOf(job, axis)));
  return { ...spanBetween(axis, fromMs, toMs), kind: kindOfAll(ran) };
}

const endOf = (job: RunJob, axis: Axis): number =>
  job.status === 'completed' ? (job.endedAt ?? job.startedAt ?? axis.toMs) : axis.toMs;

/** Blocked jobs wait for others and skipped ones for nothing; all others wait from when they were queued. */
function waitOf(jobs: readonly RunJob[], axis: Axis): Span | null {
  const queued = jobs.filter(
    (job) => job.queuedAt !== null && job.status !== 'blocked' && job.conclusion !== 'skipped',
  );
  if (queued.length === 0) return null;
  const fromX = xAt(axis, Math.min(...queued.map(({ queuedAt }) => queuedAt ?? axis.toMs)));
  const toX = xAt(axis, Math.min(...queued.map((job) => job.startedAt ?? job.endedAt ?? axis.toMs)));
  return toX - fromX < gapPx ? null : { x: fromX, width: toX - fromX };
}

function stepsOf(job: RunJob, axis: Axis): LanePicture['steps'] {
  return job.steps.flatMap(({ number, status, conclusion, startedAt, endedAt }) => {
    if (startedAt === null || conclusion === 'skipped') return [];
    const toMs = status === 'completed' ? (endedAt ?? startedAt) : endOf(job, axis);
    const x = xAt(axis, startedAt);
    const width = xAt(axis, toMs) - x;
    return width < 1 && conclusion !== 'failure'
      ? []
      : [{ x, width: Math.max(2, width), kind: barKind({ status, conclusion }), number }];
  });
}

function barKind({ status, conclusion }: { status: string; conclusion: RunJob['conclusion'] }): BarKind {
  if (status !== 'completed') return 'running';
  if (conclusion === 'success' || conclusion === 'neutral') return 'succeeded';
  return conclusion === 'failure' || conclusion === 'timed_out' ? 'failed' : 'cancelled';
}

/** The worst counts, and that something still runs counts more than that something ended well. */
function kindOfAll(jobs: readonly RunJob[]): BarKind {
  const kinds = jobs.map(barKind);
  const worst = (['failed', 'running', 'cancelled'] as const).find((kind) => kinds.includes(kind));
  return worst ?? 'succeeded';
}

/**
 * In which column right of now each job stands that has not begun: 0 when nothing that has not begun comes before it.
 */
export function futureColumns(jobs: readonly RunJob[]): Map<string, number> {
  const byKey = new Map(jobs.map((job) => [job.key, job]));
  const columns = new Map<string, number>();
  const visiting = new Set<string>();
  const isToCome = (job: RunJob): boolean => job.status !== 'completed' && job.status !== 'in_progress';
  const visit = (job: RunJob): number => {
    const known = columns.get(job.key);
    if (known !== undefined) return known;
    if (!isToCome(job) || visiting.has(job.key)) return -1;
    visiting.add(job.key);
    const before = job.needs.flatMap((key) => byKey.get(key) ?? []).map(visit);
    visiting.delete(job.key);
    const column = Math.max(-1, ...before) + 1;
    columns.set(job.key, column);
    return column;
  };
  for (const job of jobs) visit(job);
  return columns;
}

const secondMs = 1000;
const minuteMs = 60 * secondMs;
const hourMs = 60 * minuteMs;
const tickSteps = [
  ...[1, 2, 5, 10, 15, 30].map((count) => count * secondMs),
  ...[1, 2, 5, 10, 15, 30].map((count) => count * minuteMs),
  ...[1, 2, 3, 6, 12, 24, 48, 120, 240].map((count) => count * hourMs),
];

/** Round times since the axis began, with room for their words. */
function ticksOf(axis: Axis): Timeline['ticks'] {
  const spanMs = axis.toMs - axis.fromMs;
  const most = Math.max(1, Math.floor(axis.width / tickRoomPx));
  const step = tickSteps.find((candidate) => spanMs / candidate <= most) ?? spanMs;
  return Array.from({ length: Math.floor(spanMs / step) + 1 }, (_, index) => ({
    x: ((index * step) / spanMs) * axis.width,
    spanMs: index * step,
  }));
}

/** A line drops from the end of what is needed to the lane of what needs it, and turns to its beginning. */
function linksBetween(pictures: readonly LanePicture[]): Timeline['links'] {
  const laneOfJob = new Map(
    pictures.flatMap((picture) => jobsOf(picture.lane).map((job) => [job.key, picture] as const)),
  );
  const links = new Map<string, Timeline['links'][number]>();
  for (const to of pictures) {
    for (const from of jobsOf(to.lane).flatMap(({ needs }) =>
      needs.flatMap((key) => laneOfJob.get(key) ?? []),
    )) {
      const key = `${from.lane.key} → ${to.lane.key}`;
      const path = from === to ? null : linkPath(from, to);
      if (path !== null) links.set(key, { key, from: from.lane.key, to: to.lane.key, path });
    }
  }
  return links.size > mostLinks ? [] : [...links.values()];
}

function linkPath(from: LanePicture, to: LanePicture): string | null {
  const end = from.outline ?? from.bar ?? from.wait;
  const start = to.wait ?? to.bar ?? to.outline;
  if (end === null || start === null || to.earlier || to.y <= from.y) return null;
  const turnX = Math.max(end.x + 2, Math.min(end.x + end.width, start.x) - 4);
  const startX = Math.max(turnX + 3, start.x);
  const fromY = from.y + from.height / 2;
  const toY = to.y + to.height / 2;
  return `M${round(turnX)} ${round(fromY)}V${round(toY - 5)}q0 5 5 5H${round(Math.max(startX, turnX + 5))}`;
}

const round = (value: number): number => Math.round(value * 10) / 10;
