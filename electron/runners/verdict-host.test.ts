import { expect, test } from 'vitest';
import { createHostWitness } from './verdict-host.ts';

const at = Date.UTC(2026, 10, 24, 12);
const reading = (files: Record<string, string>) => async (path: string) => files[path] ?? null;

test('this host tells when it was started, the same each time', async () => {
  const witness = createHostWitness();
  const boot = await witness.bootId();
  expect(boot).toMatch(/\d/);
  expect(await witness.bootId()).toBe(boot);
});

test('kills are counted in the control group, of either version', async () => {
  const second = createHostWitness({
    platform: 'linux',
    read: reading({
      '/proc/77/cgroup': '0::/user.slice/runners.scope\n',
      '/sys/fs/cgroup/user.slice/runners.scope/memory.events': 'low 0\noom 4\noom_kill 3\noom_group_kill 0\n',
    }),
  });
  const file = await second.memoryEventsFile(77);
  expect(file).toBe('/sys/fs/cgroup/user.slice/runners.scope/memory.events');
  expect(await second.memoryKills(file ?? '')).toBe(3);
  const first = createHostWitness({
    platform: 'linux',
    read: reading({
      '/proc/77/cgroup': '5:devices:/\n4:memory:/host/only\n0::/\n',
      '/sys/fs/cgroup/memory/memory.oom_control': 'oom_kill_disable 0\nunder_oom 0\noom_kill 2\n',
    }),
  });
  expect(await first.memoryEventsFile(77)).toBe('/sys/fs/cgroup/memory/memory.oom_control');
  expect(await first.memoryKills('/sys/fs/cgroup/memory/memory.oom_control')).toBe(2);
  expect(await first.memoryEventsFile(78)).toBeNull();
  expect(await createHostWitness({ platform: 'darwin' }).memoryEventsFile(77)).toBeNull();
});

test('the kernel and earlyoom name whom they ended', async () => {
  const journal = [
    'Out of memory: Killed process 4711 (node) total-vm:1kB, anon-rss:1kB',
    'Memory cgroup out of memory: Killed process 4712 (cc1plus) total-vm:1kB',
    'sending SIGTERM to process 4713 uid 1000 "Runner.Worker": badness 900, VmRSS 3000 MiB',
    'usb 1-1: new device number 4714',
  ];
  const asked: string[][] = [];
  const witness = createHostWitness({
    platform: 'linux',
    run: async (program, args) => {
      asked.push([program, ...args]);
      return journal.join('\n');
    },
  });
  expect([...(await witness.killedForMemory(at))]).toEqual([4711, 4712, 4713]);
  expect(asked).toEqual([
    expect.arrayContaining(['journalctl', `--since=@${at / 1000}`, '_TRANSPORT=kernel']),
  ]);
});

test('without a journal the kernel’s own buffer is read, from then on', async () => {
  const witness = createHostWitness({
    platform: 'linux',
    now: () => at,
    upSeconds: () => 1000,
    run: async (program) =>
      program === 'dmesg'
        ? '[  100.000001] Killed process 1 (old)\n[  990.500000] Killed process 2 (new)\n'
        : null,
  });
  expect([...(await witness.killedForMemory(at - 20_000))]).toEqual([2]);
  const closed = createHostWitness({ platform: 'linux', run: async () => null });
  expect((await closed.killedForMemory(at)).size).toBe(0);
});
