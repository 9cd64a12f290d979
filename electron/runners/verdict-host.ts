/** What this host tells about deaths: whether it was restarted, and whom its memory's guards have ended. */
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { uptime } from 'node:os';
import { helperEnvironment } from '../platform/helper-environment.ts';

export interface HostWitness {
  /** The same until the host restarts; null where it does not tell. */
  bootId(): Promise<string | null>;
  /** The file that counts memory kills in a process's control group; null where there is none. */
  memoryEventsFile(pid: number): Promise<string | null>;
  /** How many processes were ended for memory in that group so far; null when it cannot be read. */
  memoryKills(file: string): Promise<number | null>;
  /** Numbers of the processes that kernel, earlyoom or systemd-oomd ended since then. Empty where the log is closed to us. */
  killedForMemory(sinceMs: number): Promise<Set<number>>;
}

/** Runs a program. @returns its output; null when it cannot be started, fails or takes too long */
type RunProgram = (program: string, args: string[]) => Promise<string | null>;

const timeoutMs = 3000;
const outputLimitBytes = 4 * 1024 ** 2;

const runProgram: RunProgram = (program, args) =>
  new Promise((resolve) => {
    const env = helperEnvironment();
    const options = { env, timeout: timeoutMs, maxBuffer: outputLimitBytes, encoding: 'utf8' } as const;
    execFile(program, args, options, (error, output) => resolve(error ? null : output));
  });

const readText = (path: string): Promise<string | null> => readFile(path, 'utf8').catch(() => null);

/**
 * @param platform as `process.platform`
 * @param read a file's text, null when it cannot be read
 * @param upSeconds since the host's start
 */
export function createHostWitness({
  platform = process.platform,
  read = readText,
  run = runProgram,
  upSeconds = uptime,
  now = Date.now,
}: {
  platform?: NodeJS.Platform;
  read?: (path: string) => Promise<string | null>;
  run?: RunProgram;
  upSeconds?: () => number;
  now?: () => number;
} = {}): HostWitness {
  const isLinux = platform === 'linux';
  const fromJournal = (sinceMs: number): Promise<string | null> => {
    const since = `--since=@${Math.floor(sinceMs / 1000)}`;
    const guards = ['earlyoom', 'systemd-oomd'].flatMap((name) => ['+', `SYSLOG_IDENTIFIER=${name}`]);
    return run('journalctl', ['-q', '-b', '-o', 'cat', since, '_TRANSPORT=kernel', ...guards]);
  };
  const fromKernel = async (sinceMs: number): Promise<string> => {
    const bootedAt = now() - upSeconds() * 1000;
    const lines = ((await run('dmesg', [])) ?? '').split('\n');
    const isSince = (line: string): boolean => {
      const seconds = /^\[\s*(\d+\.\d+)\]/.exec(line)?.[1];
      return seconds !== undefined && bootedAt + Number(seconds) * 1000 >= sinceMs - 1000;
    };
    return lines.filter(isSince).join('\n');
  };

  return {
    async bootId() {
      if (isLinux) return (await read('/proc/sys/kernel/random/boot_id'))?.trim() || null;
      return (await run('sysctl', ['-n', 'kern.boottime']))?.trim() || null;
    },
    async memoryEventsFile(pid) {
      if (!isLinux) return null;
      const groups = (await read(`/proc/${pid}/cgroup`))?.split('\n') ?? [];
      for (const file of groups.flatMap(eventsFileOf)) if ((await read(file)) !== null) return file;
      return null;
    },
    async memoryKills(file) {
      const count = /^oom_kill (\d+)$/m.exec((await read(file)) ?? '')?.[1];
      return count === undefined ? null : Number(count);
    },
    async killedForMemory(sinceMs) {
      if (!isLinux) return new Set();
      const journal = await fromJournal(sinceMs);
      const lines = journal || (await fromKernel(sinceMs));
      // oom_kill.c: "Killed process 123 (node) …"; earlyoom: "sending SIGTERM to process 123 uid …".
      const named = lines.matchAll(/(?:Killed process|sending SIG(?:TERM|KILL) to process) (\d+)/g);
      return new Set([...named].map(([, pid]) => Number(pid)));
    },
  };
}

/** Where the kernel counts, for a line of `/proc/PID/cgroup`: the second version's first, then the first's. */
function eventsFileOf(line: string): string[] {
  const [, controllers, path = ''] = /^\d+:([^:]*):(\/.*)$/.exec(line) ?? [];
  const folder = path === '/' ? '' : path;
  if (controllers === '') {
    return ['/sys/fs/cgroup', '/sys/fs/cgroup/unified'].map((root) => `${root}${folder}/memory.events`);
  }
  const isMemory = controllers?.split(',').includes('memory');
  // Inside a container the path may be the host's: its own group lies at the root then.
  return isMemory ? [folder, ''].map((part) => `/sys/fs/cgroup/memory${part}/memory.oom_control`) : [];
}
