/** What a change to a pool will do to what is there, told before it is done. */
import { formatCount, formatRoughly } from '../../../shared/format.ts';
import type { Pool, Runner } from '../../../shared/model.ts';
import { describeSize } from '../deploy/size.ts';
import { type Occupancy, occupancyOf, presentRunners, takenPlaces } from './occupancy.ts';
import type { PoolShape } from './pool-draft.ts';
import { neighbourPhrases, policySentence, quietWords } from './pool-words.ts';

/** One sentence per effect; empty when nothing changes. */
export function consequences(
  pool: Pick<Pool, keyof PoolShape>,
  next: PoolShape,
  runners: readonly Pick<Runner, 'state'>[],
): string[] {
  const occupancy = occupancyOf(pool, runners);
  return [
    ...ofLife(pool, next, occupancy),
    ...ofMaximum(pool, next, occupancy),
    ...ofScaling(pool, next),
    ...ofSize(pool, next, occupancy),
    ...ofNeighbour(pool, next),
    ...(pool.rerunLost === next.rerunLost
      ? []
      : [next.rerunLost ? 'Lost jobs are run again, once.' : 'Lost jobs are told, and not run again.']),
  ];
}

function ofLife(pool: PoolShape, next: PoolShape, { idle, busy }: Occupancy): string[] {
  const [before, after] = [pool.lifecycle, next.lifecycle];
  if (before.mode !== after.mode) {
    const here = idle + busy;
    if (after.mode === 'manual') {
      return ['No runner comes or leaves by itself any more: those that are there stay until you stop them.'];
    }
    if (after.mode === 'ephemeral') {
      const stay = `${formatCount(here, 'runner that is there goes', 'runners that are there go')} on until idle for a while.`;
      return ['Each job gets a fresh runner from now on.', ...(here === 0 ? [] : [stay])];
    }
    const idleTime = formatRoughly(after.idleTimeoutMs);
    const counting = `${formatCount(idle, 'idle runner begins', 'idle runners begin')} to count down and ${idle === 1 ? 'leaves' : 'leave'} after ${idleTime}.`;
    return ['Runners come when jobs wait from now on.', ...(idle === 0 ? [] : [counting])];
  }
  if (before.mode !== 'auto' || after.mode !== 'auto' || before.idleTimeoutMs === after.idleTimeoutMs)
    return [];
  return [
    `A runner leaves after ${formatRoughly(after.idleTimeoutMs)} idle instead of ${formatRoughly(before.idleTimeoutMs)}.`,
  ];
}

function ofMaximum(pool: PoolShape, next: PoolShape, occupancy: Occupancy): string[] {
  const [before, after] = [pool.scaling.maxRunners, next.scaling.maxRunners];
  if (before === after || next.lifecycle.mode === 'manual') return [];
  const over = takenPlaces(occupancy) - after;
  if (after > before || over <= 0) return [`Up to ${formatCount(after, 'runner')} at once.`];
  const leaveNow = Math.min(over, occupancy.idle);
  const later = over - leaveNow;
  const because = `because the maximum falls to ${after}`;
  return [
    ...(leaveNow === 0
      ? []
      : [`${formatCount(leaveNow, 'idle runner leaves', 'idle runners leave')}, ${because}.`]),
    ...(later === 0 ? [] : [afterTheirJobs(later, leaveNow > 0, because)]),
  ];
}

function afterTheirJobs(count: number, more: boolean, because: string): string {
  const who = more
    ? `${count} more ${count === 1 ? 'leaves' : 'leave'}`
    : formatCount(count, 'runner leaves', 'runners leave');
  return `${who} after ${count === 1 ? 'its job' : 'their jobs'}${more ? '' : `, ${because}`}.`;
}

function ofScaling(pool: PoolShape, next: PoolShape): string[] {
  if (next.lifecycle.mode === 'manual') return [];
  const idleMs = next.lifecycle.mode === 'auto' ? next.lifecycle.idleTimeoutMs : null;
  const { policy, minRunners } = next.scaling;
  const quiet = quietWords(next.scaling);
  return [
    ...(policy === pool.scaling.policy ? [] : [policySentence(policy, idleMs)]),
    ...(minRunners === pool.scaling.minRunners ? [] : [`${quiet.charAt(0).toUpperCase()}${quiet.slice(1)}.`]),
  ];
}

function ofSize(pool: PoolShape, next: PoolShape, occupancy: Occupancy): string[] {
  const { cores, memoryBytes } = next.size;
  if (pool.size.cores === cores && pool.size.memoryBytes === memoryBytes) return [];
  const here = presentRunners(occupancy);
  const stay =
    here === 0 ? '' : `, ${here === 1 ? 'the one that is there' : `the ${here} that are there`} too`;
  return [`Each runner is planned with ${describeSize(next.size)}${stay}.`];
}

function ofNeighbour(pool: PoolShape, next: PoolShape): string[] {
  const [before, after] = [neighbourPhrases(pool.neighbour), neighbourPhrases(next.neighbour)];
  const added = after.filter((phrase) => !before.includes(phrase));
  const dropped = before.filter((phrase) => !after.includes(phrase));
  if (added.length === 0 && dropped.length === 0) return [];
  if (after.length === 0) return ['Jobs run at any time.'];
  if (added.length === 0) return [`It no longer ${dropped.join('; no longer ')}.`];
  return [`It ${added.join('; ')}.`];
}
