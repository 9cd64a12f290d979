/** The process table of macOS and other hosts without /proc, from `ps` and `lsof`. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { HostProcesses, ProcessInfo } from './process-info.ts';

const execute = promisify(execFile);
const maxOutputBytes = 64 * 1024 * 1024;

/** One language and one time zone, so that the same start always reads the same. */
const environment = { PATH: '/usr/bin:/bin:/usr/sbin:/sbin', LC_ALL: 'C', TZ: 'UTC' };
const columns = ['pid', 'ppid', 'pgid', 'state', 'rss', 'time', 'lstart', 'ucomm'];
const format = columns.flatMap((column) => ['-o', `${column}=`]);

export function createPsProcesses(): HostProcesses {
  const workingFolders = async (pids: readonly number[]): Promise<Map<number, string>> => {
    if (pids.length === 0) return new Map();
    const output = await run('lsof', ['-a', '-d', 'cwd', '-Fn', '-p', pids.join(',')]);
    return parseWorkingFolders(output);
  };
  const findAll = async (pids: readonly number[]): Promise<Map<number, ProcessInfo>> => {
    if (pids.length === 0) return new Map();
    const found = parsePs(await run('ps', ['-ww', ...format, '-p', pids.join(',')]));
    return new Map(found.map((info) => [info.pid, info]));
  };
  return {
    list: async () => parsePs(await run('ps', ['-A', '-ww', ...format])),
    find: async (pid) => (await findAll([pid])).get(pid) ?? null,
    findAll,
    workingFolder: async (pid) => (await workingFolders([pid])).get(pid) ?? null,
    workingFolders,
  };
}

/** Both tools exit with 1 when a process asked for is gone; what they printed about the others still counts. */
async function run(command: string, args: string[]): Promise<string> {
  try {
    const { stdout } = await execute(command, args, { env: environment, maxBuffer: maxOutputBytes });
    return stdout;
  } catch (error) {
    const failure = error as { code?: unknown; stdout?: unknown };
    if (typeof failure.code === 'number' && typeof failure.stdout === 'string') return failure.stdout;
    throw error;
  }
}

const row =
  /^\s*(\d+)\s+(\d+)\s+(\d+)\s+(\S+)\s+(\d+)\s+(\S+)\s+(\w{3}\s+\w{3}\s+\d+\s+[\d:]{8}\s+\d{4})\s+(.*)$/;

/** Reads the output of `ps` with the columns above; leaves out the dead that nobody has waited for. */
export function parsePs(output: string): ProcessInfo[] {
  const everyone: ProcessInfo[] = [];
  for (const line of output.split('\n')) {
    const [, pid, parentPid, groupId, state, rssKiB, time, start, name] = row.exec(line) ?? [];
    if (!pid || !start || state?.startsWith('Z')) continue;
    const startToken = start.replace(/\s+/g, ' ');
    everyone.push({
      pid: Number(pid),
      parentPid: Number(parentPid),
      groupId: Number(groupId),
      sessionId: Number(groupId),
      startedAt: Date.parse(`${startToken} UTC`),
      startToken,
      cpuMs: parseCpuTime(time ?? ''),
      endedChildrenCpuMs: 0,
      memoryBytes: Number(rssKiB) * 1024,
      name: (name ?? '').trim(),
    });
  }
  return everyone;
}

/** Milliseconds of `[days-][hours:]minutes:seconds[.hundredths]`. */
export function parseCpuTime(text: string): number {
  const [days, clock] = text.includes('-') ? text.split('-') : ['0', text];
  const seconds = (clock ?? '').split(':').reduce((sum, part) => sum * 60 + Number(part), 0);
  return Math.round((Number(days) * 86_400 + seconds) * 1000);
}

/** Reads `lsof -Fn`: a line `pPID`, then `fcwd`, then `nPATH`. */
function parseWorkingFolders(output: string): Map<number, string> {
  const folders = new Map<number, string>();
  let pid = 0;
  for (const line of output.split('\n')) {
    if (line.startsWith('p')) pid = Number(line.slice(1));
    else if (line.startsWith('n/')) folders.set(pid, line.slice(1));
  }
  return folders;
}
