/** What each policy makes of the same example: three jobs of two minutes that queue together. */
import type { Scaling } from '../../../shared/model.ts';
import { aggressiveIdleFactor } from './pool-words.ts';

export interface LaneSpan {
  kind: 'busy' | 'idle';
  /** Minutes from the picture's beginning. */
  from: number;
  to: number;
}

/** When the example's jobs are queued, and how many. */
export const queuedAtMinute = 1;
export const queuedJobs = 3;
const jobMinutes = 2;
const idleMinutes = 5;
const keptWarmMinutes = 10;
const lazyWaitMinutes = 0.5;
const spareShare = 0.25;

/** A lane per runner, each with what it does when. The idle time is five minutes. */
export function policyLanes(policy: Scaling['policy']): LaneSpan[][] {
  if (policy === 'lazy') return [lane(queuedAtMinute + lazyWaitMinutes, queuedJobs, idleMinutes)];
  const jobs = Array.from({ length: queuedJobs }, (_, index) => index);
  if (policy === 'balanced') {
    return jobs.map((index) => lane(queuedAtMinute, 1, index === 0 ? keptWarmMinutes : idleMinutes));
  }
  const stay = idleMinutes * aggressiveIdleFactor;
  const spares = Array.from({ length: Math.ceil(queuedJobs * spareShare) }, () =>
    lane(queuedAtMinute, 0, stay),
  );
  return [...jobs.map(() => lane(queuedAtMinute, 1, stay)), ...spares];
}

function lane(from: number, jobs: number, idle: number): LaneSpan[] {
  const work = Array.from({ length: jobs }, (_, index): LaneSpan => {
    const start = from + index * jobMinutes;
    return { kind: 'busy', from: start, to: start + jobMinutes };
  });
  const end = from + jobs * jobMinutes;
  return [...work, { kind: 'idle', from: end, to: end + idle }];
}

/** The last minute of the longest lane of any policy, so that all pictures share a scale. */
export const pictureMinutes = Math.max(
  ...(['lazy', 'balanced', 'aggressive'] as const).flatMap((policy) =>
    policyLanes(policy).flatMap((spans) => spans.map(({ to }) => to)),
  ),
);
