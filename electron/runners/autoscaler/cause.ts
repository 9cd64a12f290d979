/** What a decision says to people. */
import { formatCount } from '../../../shared/format.ts';
import { lazyPatienceMs } from './lazy.ts';
import type { PoolNow } from './policy.ts';

export interface Outcome {
  pool: PoolNow;
  start: number;
  /** Something keeps it from starting more. */
  isHeld: boolean;
  retire: number;
  /** More are there than the pool may have. */
  isOverFull: boolean;
  stopsAt: ReadonlyMap<string, number | null>;
}

/** "1 runner leaves", "2 runners leave" */
function phrase(count: number, noun: string, singular: string, plural: string): string {
  return `${formatCount(count, noun)} ${count === 1 ? singular : plural}`;
}

const runners = (count: number, singular: string, plural: string): string =>
  phrase(count, 'runner', singular, plural);

/** Why the pool has as many runners as it has, in one sentence. */
export function causeOf(outcome: Outcome): string {
  const { pool, retire, isOverFull } = outcome;
  if (pool.input.pause) return `No new jobs are taken; ${whatEnds(outcome)}.`;
  if (isOverFull) {
    const most = formatCount(pool.input.maxRunners, 'runner');
    return `The pool may have ${most} and has more; ${retire === 1 ? 'one leaves' : `${retire} leave`}.`;
  }
  return pool.waiting > 0 ? whileWaiting(outcome) : whileQuiet(outcome);
}

function whatEnds({ pool: { busy }, retire }: Outcome): string {
  const parts = [
    ...(busy > 0 ? [runners(busy, 'finishes its job', 'finish their jobs')] : []),
    ...(retire > 0 ? [runners(retire, 'leaves', 'leave')] : []),
  ];
  return parts.length > 0 ? parts.join(', ') : 'no runner is here';
}

function whileWaiting({ pool, start, isHeld }: Outcome): string {
  const { waiting, coming, idle, input } = pool;
  const jobs = phrase(waiting, 'job', 'waits', 'wait');
  if (start > 0) return `${jobs}; ${runners(start, 'starts', 'start')}.`;
  if (coming > 0) return `${jobs}; ${runners(coming, 'is', 'are')} on the way.`;
  if (idle.length > 0)
    return `${jobs}; ${idle.length === 1 ? 'an idle runner is' : 'idle runners are'} about to take ${waiting === 1 ? 'it' : 'them'}.`;
  if (isHeld) return `${jobs}; no more runners can start.`;
  return `${jobs}; ${input.policy === 'lazy' ? `a runner starts after ${lazyPatienceMs / 1000} s of waiting` : 'all runners are busy'}.`;
}

function whileQuiet({ pool, start, isHeld, retire, stopsAt }: Outcome): string {
  const { coming, busy } = pool;
  const going = [...stopsAt.values()].filter((deadline) => deadline !== null).length - retire;
  const staying = stopsAt.size - retire - going;
  const others = busy + coming + staying > 0;
  const parts = [
    ...(start > 0 ? [phrase(start, 'spare runner', 'starts', 'start')] : []),
    ...(isHeld ? ['no more spare runners can start'] : []),
    ...(coming > 0 ? [`${runners(coming, 'is', 'are')} on the way`] : []),
    ...(staying > 0 ? [`${phrase(staying, 'spare runner', 'stays', 'stay')}`] : []),
    ...(retire > 0 ? [runners(retire, 'leaves', 'leave')] : []),
    ...(going === 1 && !others && retire === 0 ? ['the last runner leaves at its deadline'] : []),
    ...(going > 1 || (going === 1 && (others || retire > 0))
      ? [`${runners(going, 'leaves at its deadline', 'leave at their deadlines')}`]
      : []),
  ];
  const quiet = busy > 0 ? `Nothing waits, ${phrase(busy, 'job', 'runs', 'run')}` : 'Nothing waits';
  return parts.length > 0 ? `${quiet}; ${parts.join(', ')}.` : `${quiet}.`;
}
