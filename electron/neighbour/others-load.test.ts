import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, test, vi } from 'vitest';
import { createManualClock, systemClock } from '../platform/clock.ts';
import type { ProcessInfo } from '../platform/process-info.ts';
import { createProcessTable } from '../platform/processes.ts';
import { cpuTimes } from '../runners/usage.ts';
import { createOthersLoad } from './others-load.ts';

const cores = 4;

/** A machine whose processes use what a test says; every step lasts ten seconds. */
function machine(platform: NodeJS.Platform) {
  const clock = createManualClock();
  const list = new Map<number, ProcessInfo>();
  let busyMs = 0;
  let totalMs = 0;
  const load = createOthersLoad({
    processes: { list: async () => [...list.values()].map((info) => ({ ...info })) },
    clock,
    runnerPids: () => [200],
    cpuTimes: () => ({ busyMs, totalMs }),
    platform,
    ownPid: 100,
  });
  const process = (pid: number, parentPid: number): ProcessInfo => {
    const known = list.get(pid);
    if (known) return known;
    const info: ProcessInfo = {
      ...{ pid, parentPid, groupId: pid, sessionId: pid, name: String(pid) },
      ...{ startedAt: clock.now(), startToken: String(clock.now()) },
      ...{ cpuMs: 0, endedChildrenCpuMs: 0, memoryBytes: 0 },
    };
    list.set(pid, info);
    return info;
  };
  return {
    list,
    process,
    /** @param used cores in use by process; `short`: by programs that came and went */
    async step(used: Record<number, number>, short = 0): Promise<number | null> {
      await clock.advance(10_000);
      for (const [pid, share] of Object.entries(used)) {
        process(Number(pid), 1).cpuMs += share * 10_000;
        busyMs += share * 10_000;
      }
      busyMs += short * 10_000;
      totalMs += cores * 10_000;
      return load.sample();
    },
    async sleep(durationMs: number): Promise<void> {
      await clock.advance(durationMs);
      totalMs += cores * durationMs;
    },
  };
}

const other = 300;
const runner = 200;
const engine = 100;

test.each(['linux', 'darwin'] as const)('%s: runners and the engine do not count', async (platform) => {
  const { step, process } = machine(platform);
  process(201, runner);
  expect(await step({ [engine]: 0, [runner]: 0, [other]: 0 })).toBeNull();
  expect(await step({ [engine]: 1, [runner]: 1, 201: 1, [other]: 0 })).toBe(0);
  expect(await step({ [engine]: 0, [runner]: 0, 201: 2, [other]: 2 })).toBe(0.25);
});

test('it is an average of the last half minute', async () => {
  const { step } = machine('linux');
  await step({ [other]: 0 });
  const loads: (number | null)[] = [];
  for (const used of [4, 4, 4, 0, 0, 0]) loads.push(await step({ [other]: used }));
  expect(loads.map((load) => load?.toFixed(2))).toEqual(['1.00', '1.00', '1.00', '0.67', '0.33', '0.00']);
});

test('on Linux programs that come and go between two looks count', async () => {
  const { step } = machine('linux');
  await step({ [other]: 0 });
  expect(await step({ [other]: 0 }, 2)).toBe(0.5);
});

test('elsewhere they do not: they could be a job’s', async () => {
  const { step } = machine('darwin');
  await step({ [other]: 0 });
  expect(await step({ [other]: 0 }, 2)).toBe(0);
  expect(await step({ [other]: 0, 301: 3 })).toBe(0.375);
});

test('what a job used remains the runner’s when its processes have ended', async () => {
  const { step, process, list } = machine('linux');
  process(201, runner);
  await step({ [runner]: 0, 201: 2 });
  list.delete(201);
  process(runner, 1).endedChildrenCpuMs = 30_000;
  // It used one more core's ten seconds before it ended.
  expect(await step({ [runner]: 0 }, 1)).toBe(0);
});

test('after a gap it begins anew', async () => {
  const { step, sleep } = machine('linux');
  await step({ [other]: 0 });
  expect(await step({ [other]: 4 })).toBe(1);
  await sleep(3_600_000);
  expect(await step({ [other]: 4 })).toBeNull();
  expect(await step({ [other]: 1 })).toBe(0.25);
});

test('a real program that works hard counts unless it is a runner', async () => {
  const child = spawn(process.execPath, ['-e', 'for (;;);'], { detached: true, stdio: 'ignore' });
  await once(child, 'spawn');
  const pid = child.pid ?? 0;
  const processes = createProcessTable();
  const create = (runnerPids: number[]) =>
    createOthersLoad({ processes, clock: systemClock, runnerPids: () => runnerPids, cpuTimes });
  const [asOther, asRunner] = [create([]), create([pid])];
  await asOther.sample();
  await asRunner.sample();
  const before = (await processes.find(pid))?.cpuMs ?? 0;
  await vi.waitFor(
    async () => expect(((await processes.find(pid))?.cpuMs ?? 0) - before).toBeGreaterThan(700),
    { timeout: 15_000 },
  );
  const counted = await asOther.sample();
  const left = await asRunner.sample();
  child.kill('SIGKILL');
  expect(counted).toBeGreaterThan(left ?? 1);
  expect(counted).toBeLessThanOrEqual(1);
});
