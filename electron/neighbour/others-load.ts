/** What share of this machine's cores other programs than runners use, smoothed over half a minute. */
import type { Clock } from '../platform/clock.ts';
import type { ProcessInfo } from '../platform/process-info.ts';
import { indexProcesses, type ProcessTable } from '../platform/processes.ts';

/** Measurements of so long are averaged. */
const windowMs = 30_000;
/** What was measured before a gap like this says nothing about now. */
const gapMs = 3 * windowMs;

interface Sample {
  at: number;
  /** Sums since the first sample, in milliseconds over all cores. */
  othersMs: number;
  totalMs: number;
}

interface Before {
  at: number;
  busyMs: number;
  totalMs: number;
  /** Processor time by process, and by runner's tree. */
  byProcess: Map<string, number>;
  byTree: Map<string, number>;
}

export interface OthersLoad {
  /** Measures now. Null until there are two measurements to compare. */
  sample(): Promise<number | null>;
}

/**
 * On Linux it is what the whole machine uses less what the runners' trees and this engine use: short-lived programs are
 * in. Elsewhere a tree does not keep what its ended processes used, and a runner's job would count as somebody else's;
 * there the living processes of others are summed up, which reads too low rather than too high.
 * @param runnerPids leaders of the runners' sessions
 * @param cpuTimes of the whole machine since its start
 */
export function createOthersLoad(options: {
  processes: Pick<ProcessTable, 'list'>;
  clock: Clock;
  runnerPids(): number[];
  cpuTimes(): { busyMs: number; totalMs: number };
  platform?: NodeJS.Platform;
  ownPid?: number;
}): OthersLoad {
  const {
    processes,
    clock,
    runnerPids,
    cpuTimes,
    platform = process.platform,
    ownPid = process.pid,
  } = options;
  let before: Before | null = null;
  let samples: Sample[] = [];

  return {
    async sample() {
      const list = await processes.list();
      const now = look(list, runnerPids(), ownPid, { at: clock.now(), ...cpuTimes() });
      const last = before;
      before = now.seen;
      if (!last || now.seen.at - last.at > gapMs) {
        samples = [{ at: now.seen.at, othersMs: 0, totalMs: 0 }];
        return null;
      }
      const busyMs = now.seen.busyMs - last.busyMs;
      const used =
        platform === 'linux'
          ? busyMs - grown(now.ours, last) - grownTrees(now.seen.byTree, last, now.young)
          : grown(now.others, last);
      const earlier = samples.at(-1) ?? { at: last.at, othersMs: 0, totalMs: 0 };
      samples.push({
        at: now.seen.at,
        othersMs: earlier.othersMs + Math.max(0, used),
        totalMs: earlier.totalMs + Math.max(0, now.seen.totalMs - last.totalMs),
      });
      samples = withinWindow(samples, now.seen.at);
      return share(samples);
    },
  };
}

function look(
  list: readonly ProcessInfo[],
  runnerPids: readonly number[],
  ownPid: number,
  machine: { at: number; busyMs: number; totalMs: number },
) {
  const index = indexProcesses(list);
  const ofRunners = new Set<ProcessInfo>();
  const byTree = new Map<string, number>();
  /** Trees that began since, as far as their leader tells. */
  const young = new Map<string, number>();
  for (const pid of runnerPids) {
    const tree = index.tree(pid);
    for (const info of tree) ofRunners.add(info);
    const leader = tree.find((info) => info.pid === pid);
    const key = leader ? identity(leader) : String(pid);
    byTree.set(
      key,
      tree.reduce((sum, info) => sum + info.cpuMs + info.endedChildrenCpuMs, 0),
    );
    if (leader) young.set(key, leader.startedAt);
  }
  return {
    seen: { ...machine, byTree, byProcess: new Map(list.map((info) => [identity(info), info.cpuMs])) },
    young,
    ours: list.filter((info) => info.pid === ownPid),
    others: list.filter((info) => info.pid !== ownPid && !ofRunners.has(info)),
  };
}

function identity({ pid, startToken }: ProcessInfo): string {
  return `${pid} ${startToken}`;
}

/** What these processes used since, those that began since from their beginning. */
function grown(processes: readonly ProcessInfo[], { byProcess, at }: Before): number {
  return processes.reduce((sum, info) => {
    const earlier = byProcess.get(identity(info)) ?? (info.startedAt >= at ? 0 : info.cpuMs);
    return sum + Math.max(0, info.cpuMs - earlier);
  }, 0);
}

function grownTrees(
  trees: ReadonlyMap<string, number>,
  { byTree, at }: Before,
  startedAt: ReadonlyMap<string, number>,
): number {
  let sum = 0;
  for (const [key, cpuMs] of trees) {
    const earlier = byTree.get(key) ?? ((startedAt.get(key) ?? 0) >= at ? 0 : cpuMs);
    sum += Math.max(0, cpuMs - earlier);
  }
  return sum;
}

/** The samples of the window and the one that it begins with. */
function withinWindow(samples: Sample[], now: number): Sample[] {
  const begins = samples.findLastIndex(({ at }) => now - at >= windowMs);
  return samples.slice(Math.max(0, begins));
}

function share(samples: readonly Sample[]): number | null {
  const [first, last] = [samples.at(0), samples.at(-1)];
  if (!first || !last || last.totalMs <= first.totalMs) return null;
  return Math.min(1, (last.othersMs - first.othersMs) / (last.totalMs - first.totalMs));
}
