import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import type { ProcessInfo } from './process-info.ts';
import { createProcessTable, indexProcesses } from './processes.ts';
import { parseStat } from './processes-linux.ts';
import { createPsProcesses, parseCpuTime, parsePs } from './processes-ps.ts';

const started: ChildProcess[] = [];
afterEach(async () => {
  for (const child of started.splice(0)) {
    const ended = child.exitCode === null && child.signalCode === null ? once(child, 'exit') : null;
    try {
      process.kill(-(child.pid ?? 0), 'SIGKILL');
    } catch {}
    await ended;
  }
});

/** Runs a shell in a session of its own; resolves once it has printed its first line. */
async function startShell(script: string, cwd = tmpdir()): Promise<{ pid: number; line: string }> {
  const child = spawn('/bin/sh', ['-c', script], {
    cwd,
    detached: true,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  started.push(child);
  const [data] = await once(child.stdout, 'data');
  return { pid: child.pid ?? 0, line: String(data).trim() };
}

const hosts = { native: createProcessTable(), ps: createProcessTable(createPsProcesses()) };

describe.each(Object.entries(hosts))('the process table (%s)', (_name, table) => {
  test('tells who this process is', async () => {
    const everyone = await table.list();
    const self = everyone.find((info) => info.pid === process.pid);
    expect(self?.parentPid).toBe(process.ppid);
    expect(Math.abs((self?.startedAt ?? 0) - (Date.now() - process.uptime() * 1000))).toBeLessThan(3000);
    expect(self?.memoryBytes).toBeGreaterThan(10 * 2 ** 20);
    expect(self?.memoryBytes).toBeLessThan(3 * process.memoryUsage().rss);
    // procps tells whole seconds, so a young process may have used none.
    expect(self?.cpuMs).toBeLessThanOrEqual(
      process.cpuUsage().user / 1000 + process.cpuUsage().system / 1000,
    );
    expect((await table.find(process.pid))?.startToken).toBe(self?.startToken);
    const found = await table.findAll([process.pid, 2 ** 22 + 1, process.ppid]);
    expect([...found.keys()].sort()).toEqual([process.pid, process.ppid].sort());
    expect(found.get(process.pid)?.startToken).toBe(self?.startToken);
    expect(await table.workingFolder(process.pid)).toBe(await realpath(process.cwd()));
  });

  test('leaves out the gone and the dead that nobody has waited for', async () => {
    // The shell is replaced by one that never waits for the child it inherits.
    const { pid, line } = await startShell('true & echo $!; exec sleep 60');
    await expect.poll(() => table.find(Number(line))).toBeNull();
    expect((await table.list()).map((info) => info.pid)).not.toContain(Number(line));
    expect(await table.find(pid)).not.toBeNull();
    expect(await table.workingFolder(2 ** 22 + 1)).toBeNull();
  });

  test('finds who works in a folder', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'processes-'));
    const { pid } = await startShell('mkdir sub && cd sub && echo here; exec sleep 60', folder);
    expect((await table.workingIn(folder)).map((info) => info.pid)).toEqual([pid]);
    expect(await table.workingIn(`${folder}/su`)).toEqual([]);
    await rm(folder, { recursive: true });
  });
});

test('a tree holds descendants that left the session and orphans that kept it', async () => {
  const table = hosts.native;
  // One orphan that kept the session, one child that left it, one grandchild of that.
  const { pid } = await startShell(
    "sh -c 'sleep 61 >/dev/null & exit'; setsid sh -c 'sleep 62 & wait' >/dev/null & echo up; wait",
  );
  const names = async (): Promise<string[]> => {
    const tree = indexProcesses(await table.list()).tree(pid);
    return tree.map((info) => info.name).sort();
  };
  await expect.poll(names).toEqual(['sh', 'sh', 'sleep', 'sleep']);
  const everyone = await table.list();
  const orphan = everyone.filter(
    (info) => info.sessionId === pid && info.parentPid !== pid && info.pid !== pid,
  );
  expect(orphan.map((info) => info.name)).toEqual(['sleep']);
  const leaver = indexProcesses(everyone)
    .descendants(pid)
    .find((info) => info.sessionId !== pid);
  expect(leaver?.parentPid).toBe(pid);
  for (const info of indexProcesses(everyone).tree(pid)) table.signal(info.pid, 'SIGKILL');
  await expect.poll(names).toEqual([]);
});

test('signals reach a group, and the absence of one is no error', async () => {
  const table = hosts.native;
  const { pid } = await startShell('echo up; exec sleep 60');
  expect(table.signalGroup(pid, 'SIGKILL')).toBe(true);
  await expect.poll(() => table.find(pid)).toBeNull();
  await expect.poll(() => table.signalGroup(pid, 'SIGKILL')).toBe(false);
  expect(table.signal(pid, 'SIGKILL')).toBe(false);
  for (const id of [0, 1, -1, Number.NaN]) expect(() => table.signalGroup(id, 'SIGINT')).toThrow('Refusing');
});

test('callers at the same time share a pass that began after their call', async () => {
  let passes = 0;
  const table = createProcessTable({
    list: async () => {
      passes += 1;
      const pass = passes;
      await new Promise((resolve) => setImmediate(resolve));
      return [{ pid: pass } as ProcessInfo];
    },
    find: async () => null,
    findAll: async () => new Map(),
    workingFolder: async () => null,
    workingFolders: async () => new Map(),
  });
  const answers = await Promise.all([table.list(), table.list(), table.list()]);
  expect(answers.map((list) => list[0]?.pid)).toEqual([1, 2, 2]);
  expect((await table.list())[0]?.pid).toBe(3);
});

test('reads a stat line with an awkward name', () => {
  const units = { pageBytes: 16384, ticksPerSecond: 100, bootId: 'b', bootedAt: 1_000_000 };
  const line = '42 (a) S (b) c) S 7 8 9 0 -1 0 0 0 0 0 11 22 33 44 20 0 1 0 500 1 3 18 0';
  expect(parseStat(line, units)).toEqual({
    pid: 42,
    parentPid: 7,
    groupId: 8,
    sessionId: 9,
    startedAt: 1_005_000,
    startToken: 'b:500',
    cpuMs: 330,
    endedChildrenCpuMs: 770,
    memoryBytes: 3 * 16384,
    name: 'a) S (b) c',
  });
  expect(parseStat(line.replace(') S 7', ') Z 7'), units)).toBeNull();
});

test('reads what ps of macOS prints', () => {
  const output = [
    '    1     0     1 Ss    12345   1:02.50 Fri Nov 20 08:00:01 2026 launchd',
    '  501     1   501 S+     2048 123:00.10 Sat Nov  7 23:59:59 2026 Google Chrome He',
    '  502   501   501 Z         0   0:00.00 Sat Nov  7 23:59:59 2026 (sh)',
  ].join('\n');
  expect(parsePs(output)).toMatchObject([
    {
      pid: 1,
      cpuMs: 62_500,
      startToken: 'Fri Nov 20 08:00:01 2026',
      startedAt: Date.UTC(2026, 10, 20, 8, 0, 1),
    },
    {
      pid: 501,
      parentPid: 1,
      groupId: 501,
      memoryBytes: 2048 * 1024,
      cpuMs: 7_380_100,
      name: 'Google Chrome He',
    },
  ]);
  expect(parseCpuTime('2-01:00:00')).toBe(176_400_000);
});
