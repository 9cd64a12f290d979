import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { cpus, freemem, tmpdir, totalmem } from 'node:os';
import { afterEach, expect, test } from 'vitest';
import { createManualClock, systemClock } from '../platform/clock.ts';
import type { ProcessInfo } from '../platform/process-info.ts';
import { createProcessTable, type ProcessTable } from '../platform/processes.ts';
import { createHostLoad, createUsageSampler } from './usage.ts';

const started: ChildProcess[] = [];
afterEach(() => {
  for (const child of started.splice(0)) {
    try {
      process.kill(-(child.pid ?? 0), 'SIGKILL');
    } catch {}
  }
});

test('measures a real tree: a core at work below the leader, memory, processes', async () => {
  const processes = createProcessTable();
  const work =
    'const b = Buffer.alloc(80 * 2 ** 20, 1); console.log("up"); const end = Date.now() + 60000; while (Date.now() < end) b[0] = 2;';
  const child = spawn('/bin/sh', ['-c', `sleep 60 & "${process.execPath}" -e '${work}'; true`], {
    detached: true,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  started.push(child);
  await once(child.stdout, 'data');
  const pid = child.pid ?? 0;
  const runner = { runnerId: 'r', pid, sessionId: pid };
  const sampler = createUsageSampler({ processes, clock: systemClock });
  const [first] = await sampler.sample([runner]);
  expect(first).toMatchObject({ cpuCores: 0, processes: 3, cpuHistory: [0] });
  expect(first?.memoryBytes).toBeGreaterThan(80 * 2 ** 20);
  // The machine is shared, so it may not get the whole core it asks for.
  await expect
    .poll(async () => (await sampler.sample([runner]))[0]?.cpuCores ?? 0, { interval: 250, timeout: 10_000 })
    .toBeGreaterThan(0.2);
  const [last] = await sampler.sample([runner]);
  expect(last?.cpuCores).toBeLessThan(1.2);
  expect(last?.cpuHistory.length).toBeGreaterThan(1);
});

/** A table of which a test decides what it says. */
function tableOf(list: () => ProcessInfo[]): ProcessTable {
  return createProcessTable({
    list: async () => list(),
    find: async () => null,
    findAll: async () => new Map(),
    workingFolder: async () => null,
    workingFolders: async () => new Map(),
  });
}

const info = (pid: number, more: Partial<ProcessInfo>): ProcessInfo => ({
  pid,
  parentPid: 1,
  groupId: 10,
  sessionId: 10,
  startedAt: 0,
  startToken: 't',
  cpuMs: 0,
  endedChildrenCpuMs: 0,
  memoryBytes: 1,
  name: 'x',
  ...more,
});

test('children that end hand their time on, a restart begins anew, and history has thirty values', async () => {
  const clock = createManualClock();
  let list: ProcessInfo[] = [info(10, { cpuMs: 100 }), info(11, { parentPid: 10, cpuMs: 5000 })];
  const sampler = createUsageSampler({ processes: tableOf(() => list), clock });
  const runner = { runnerId: 'r', pid: 10, sessionId: 10 };
  const sample = async (advanceMs: number) => {
    await clock.advance(advanceMs);
    return (await sampler.sample([runner]))[0];
  };
  expect((await sample(0))?.cpuCores).toBe(0);
  // The child used another second, ended, and was waited for.
  list = [info(10, { cpuMs: 100, endedChildrenCpuMs: 6000 })];
  expect((await sample(2000))?.cpuCores).toBe(0.5);
  expect((await sample(10))?.cpuHistory).toEqual([0, 0.5]);
  list = [info(10, { cpuMs: 50, startToken: 'restarted' })];
  expect((await sample(2000))?.cpuHistory).toEqual([0]);
  for (let index = 0; index < 40; index += 1) await sample(2000);
  expect((await sample(2000))?.cpuHistory).toHaveLength(30);
  list = [];
  expect(await sample(2000)).toMatchObject({ processes: 0, memoryBytes: 0, cpuCores: 0 });
});

test('two hundred runners cost one pass', async () => {
  const everyone = Array.from({ length: 200 }, (_, index) => {
    const pid = 1000 + index * 10;
    return [0, 1, 2, 3].map((child) =>
      info(pid + child, { parentPid: child === 0 ? 1 : pid, sessionId: pid, memoryBytes: 10 }),
    );
  }).flat();
  let passes = 0;
  const processes = tableOf(() => {
    passes += 1;
    return everyone;
  });
  const sampler = createUsageSampler({ processes, clock: createManualClock() });
  const runners = Array.from({ length: 200 }, (_, index) => {
    const pid = 1000 + index * 10;
    return { runnerId: `r${index}`, pid, sessionId: pid };
  });
  const usages = await sampler.sample(runners);
  expect(passes).toBe(1);
  expect(usages).toHaveLength(200);
  expect(new Set(usages.map((usage) => `${usage.processes} ${usage.memoryBytes}`))).toEqual(
    new Set(['4 40']),
  );
});

test('tells the load of this machine', async () => {
  const load = createHostLoad({ clock: systemClock, folder: tmpdir() });
  const { cpuCores, memoryUsedBytes, diskFreeBytes, diskTotalBytes } = await load();
  expect(cpuCores).toBeGreaterThan(0);
  expect(cpuCores).toBeLessThanOrEqual(cpus().length);
  expect(Math.abs(memoryUsedBytes - (totalmem() - freemem()))).toBeLessThan(512 * 2 ** 20);
  const available = /^MemAvailable:\s+(\d+) kB$/m.exec(
    await readFile('/proc/meminfo', 'utf8').catch(() => ''),
  )?.[1];
  if (available) {
    expect(Math.abs(totalmem() - memoryUsedBytes - Number(available) * 1024)).toBeLessThan(512 * 2 ** 20);
  }
  expect(diskFreeBytes).toBeGreaterThan(0);
  expect(diskFreeBytes).toBeLessThanOrEqual(diskTotalBytes);
});
