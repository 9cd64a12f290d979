/** The process table of Linux, from /proc. */
import { closeSync, openSync, readFileSync, readlinkSync, readSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { endianness } from 'node:os';
import type { HostProcesses, ProcessInfo } from './process-info.ts';

interface KernelUnits {
  pageBytes: number;
  ticksPerSecond: number;
  bootId: string;
  /** Epoch milliseconds. */
  bootedAt: number;
}

/** Entries of the auxiliary vector (getauxval(3)). */
const auxPageSize = 6;
const auxClockTicks = 17;

/**
 * Files read before other work gets its turn. They are read synchronously: the kernel answers from memory in some 6 µs,
 * while a trip through the thread pool costs ten times that.
 */
const filesPerTurn = 128;

export function createLinuxProcesses(): HostProcesses {
  const units = readKernelUnits();
  const buffer = Buffer.alloc(1024);
  const read = (pid: number): ProcessInfo | null => {
    const text = readSmall(`/proc/${pid}/stat`, buffer);
    return text === null ? null : parseStat(text, units);
  };
  return {
    async list() {
      const names = await readdir('/proc');
      const everyone: ProcessInfo[] = [];
      await inTurns(names.map(Number).filter(Number.isInteger), (pid) => {
        const info = read(pid);
        if (info) everyone.push(info);
      });
      return everyone;
    },
    find: async (pid) => read(pid),
    async findAll(pids) {
      const found = new Map<number, ProcessInfo>();
      await inTurns(pids, (pid) => {
        const info = read(pid);
        if (info) found.set(pid, info);
      });
      return found;
    },
    workingFolder: async (pid) => readWorkingFolder(pid),
    async workingFolders(pids) {
      const folders = new Map<number, string>();
      await inTurns(pids, (pid) => {
        const folder = readWorkingFolder(pid);
        if (folder !== null) folders.set(pid, folder);
      });
      return folders;
    },
  };
}

async function inTurns(pids: readonly number[], visit: (pid: number) => void): Promise<void> {
  for (const [index, pid] of pids.entries()) {
    if (index % filesPerTurn === filesPerTurn - 1) await new Promise((resolve) => setImmediate(resolve));
    visit(pid);
  }
}

function readSmall(path: string, buffer: Buffer): string | null {
  let file: number | null = null;
  try {
    file = openSync(path, 'r');
    return buffer.toString('utf8', 0, readSync(file, buffer, 0, buffer.length, 0));
  } catch {
    return null;
  } finally {
    if (file !== null) closeSync(file);
  }
}

function readWorkingFolder(pid: number): string | null {
  try {
    return readlinkSync(`/proc/${pid}/cwd`).replace(/ \(deleted\)$/, '');
  } catch {
    return null;
  }
}

/**
 * Reads one line of /proc/PID/stat (proc_pid_stat(5)); null for a process that has ended and was not waited for.
 * The name stands in parentheses and may itself contain any character.
 */
export function parseStat(line: string, units: KernelUnits): ProcessInfo | null {
  const open = line.indexOf('(');
  const close = line.lastIndexOf(')');
  const pid = Number(line.slice(0, open));
  const fields = line.slice(close + 2).split(' ');
  const state = fields[0];
  const field = (number: number): number => Number(fields[number - 3]);
  if (open < 0 || close < 0 || state === undefined || 'ZXx'.includes(state)) return null;
  const ticksToMs = 1000 / units.ticksPerSecond;
  const startTicks = field(22);
  return {
    pid,
    parentPid: field(4),
    groupId: field(5),
    sessionId: field(6),
    startedAt: Math.round(units.bootedAt + startTicks * ticksToMs),
    startToken: `${units.bootId}:${startTicks}`,
    cpuMs: (field(14) + field(15)) * ticksToMs,
    endedChildrenCpuMs: (field(16) + field(17)) * ticksToMs,
    memoryBytes: field(24) * units.pageBytes,
    name: line.slice(open + 1, close),
  };
}

function readKernelUnits(): KernelUnits {
  const bootTime = /^btime (\d+)$/m.exec(readFileSync('/proc/stat', 'utf8'))?.[1];
  const auxiliary = readAuxiliaryVector();
  return {
    pageBytes: auxiliary.get(auxPageSize) ?? 4096,
    ticksPerSecond: auxiliary.get(auxClockTicks) ?? 100,
    bootId: readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim(),
    bootedAt: Number(bootTime ?? 0) * 1000,
  };
}

/** The numbers the kernel handed to this process at its start: page size and clock ticks are among them. */
function readAuxiliaryVector(): Map<number, number> {
  const bytes = readFileSync('/proc/self/auxv');
  const wordBytes = process.arch === 'arm' || process.arch === 'ia32' ? 4 : 8;
  const word = (offset: number): number => {
    if (wordBytes === 4)
      return endianness() === 'LE' ? bytes.readUInt32LE(offset) : bytes.readUInt32BE(offset);
    return Number(endianness() === 'LE' ? bytes.readBigUInt64LE(offset) : bytes.readBigUInt64BE(offset));
  };
  const entries = new Map<number, number>();
  for (let offset = 0; offset + 2 * wordBytes <= bytes.length; offset += 2 * wordBytes) {
    entries.set(word(offset), word(offset + wordBytes));
  }
  return entries;
}
