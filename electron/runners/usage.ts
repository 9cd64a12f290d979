/** What each runner's processes use, and what the machine as a whole does. */
import { statfs } from 'node:fs/promises';
import { availableParallelism, cpus, freemem, totalmem } from 'node:os';
import type { Load, Usage } from '../../shared/model.ts';
import type { Clock } from '../platform/clock.ts';
import type { ProcessInfo } from '../platform/process-info.ts';
import { indexProcesses, type ProcessTable } from '../platform/processes.ts';

/** Values kept per runner: a minute's worth at one every 2 s. */
const historyLength = 30;
/** Samples closer together than this repeat the last figure: clock ticks of 10 ms would make it jump. */
const shortestSpanMs = 200;

interface Earlier {
  /** Of which process: a restarted runner begins anew. */
  token: string;
  at: number;
  cpuMs: number;
  cpuCores: number;
  history: number[];
}

export interface UsageSampler {
  /**
   * Measures the process trees of these runners in one pass over the process table. The first sample of a process has no
   * span to measure over and says 0 cores. Runners that are not named are forgotten.
   * @param runners `pid`: the session's leader
   */
  sample(runners: readonly { runnerId: string; sessionId: number; pid: number }[]): Promise<Usage[]>;
}

export function createUsageSampler(options: { processes: ProcessTable; clock: Clock }): UsageSampler {
  const { processes, clock } = options;
  let earlier = new Map<string, Earlier>();
  return {
    async sample(runners) {
      const list = await processes.list();
      const at = clock.now();
      const index = indexProcesses(list);
      const present = new Map<string, Earlier>();
      const usages = runners.map(({ runnerId, pid, sessionId }): Usage => {
        const tree = index.tree(pid);
        const leader = tree.find((info) => info.pid === sessionId);
        const now = measure(tree, leader?.startToken ?? '', at, earlier.get(runnerId));
        present.set(runnerId, now);
        return {
          runnerId,
          at,
          cpuCores: now.cpuCores,
          memoryBytes: tree.reduce((sum, info) => sum + info.memoryBytes, 0),
          processes: tree.length,
          cpuHistory: now.history,
        };
      });
      earlier = present;
      return usages;
    },
  };
}

/**
 * Processor time of a child that ended passes to the parent that waited for it, so the tree's sum goes on growing. What
 * an orphan used goes with it, and that sample may read too low, never below 0.
 */
function measure(
  tree: readonly ProcessInfo[],
  token: string,
  at: number,
  before: Earlier | undefined,
): Earlier {
  const cpuMs = tree.reduce((sum, info) => sum + info.cpuMs + info.endedChildrenCpuMs, 0);
  const same = before && before.token === token ? before : null;
  if (same && at - same.at < shortestSpanMs) return same;
  const span = same ? at - same.at : 0;
  const cores = same ? Math.max(0, cpuMs - same.cpuMs) / span : 0;
  const cpuCores = Math.min(cores, availableParallelism());
  const history = [...(same?.history ?? []), cpuCores].slice(-historyLength);
  return { token, at, cpuMs, cpuCores, history };
}

/**
 * Returns a function that measures the machine; cores in use count since its last call, or since the machine's start at
 * the first.
 * @param options `folder`: on the disk whose space is told
 */
export function createHostLoad(options: { clock: Clock; folder: string }): () => Promise<Load> {
  const { clock, folder } = options;
  let before = { busyMs: 0, totalMs: 0 };
  let cpuCores = 0;
  return async () => {
    const now = cpuTimes();
    const totalMs = now.totalMs - before.totalMs;
    if (totalMs > shortestSpanMs) {
      cpuCores = (Math.max(0, now.busyMs - before.busyMs) / totalMs) * now.cores;
      before = now;
    }
    const disk = await statfs(folder);
    return {
      at: clock.now(),
      cpuCores,
      // libuv reads MemAvailable on Linux: what programs can have, caches that would be given up included.
      memoryUsedBytes: Math.max(0, totalmem() - freemem()),
      diskTotalBytes: disk.blocks * disk.bsize,
      diskFreeBytes: disk.bavail * disk.bsize,
    };
  };
}

/** Processor time of the whole machine since its start, in milliseconds over all cores. */
export function cpuTimes(): { cores: number; busyMs: number; totalMs: number } {
  const cores = cpus();
  let busyMs = 0;
  let totalMs = 0;
  for (const { times } of cores) {
    const busy = times.user + times.nice + times.sys + times.irq;
    busyMs += busy;
    totalMs += busy + times.idle;
  }
  return { cores: cores.length, busyMs, totalMs };
}
