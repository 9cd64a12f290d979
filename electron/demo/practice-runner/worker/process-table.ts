/** Who runs on this machine: for ending a step with all its children, and what a job left behind. */
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

export interface TableEntry {
  pid: number;
  parentPid: number;
  name: string;
}

const psOptions = { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 } as const;

export function listProcesses(): TableEntry[] {
  return process.platform === 'linux' ? listFromProc() : listFromPs();
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

function listFromProc(): TableEntry[] {
  const pids = readdirSync('/proc').map(Number).filter(Number.isInteger);
  return pids.flatMap((pid) => {
    const stat = read(`/proc/${pid}/stat`);
    const close = stat.lastIndexOf(')');
    const [state = 'Z', parent] = stat.slice(close + 2).split(' ');
    if (close < 0 || state === 'Z') return [];
    return [{ pid, parentPid: Number(parent), name: stat.slice(stat.indexOf('(') + 1, close) }];
  });
}

function listFromPs(): TableEntry[] {
  const rows = execFileSync('ps', ['-axo', 'pid=,ppid=,comm='], psOptions).trim().split('\n');
  return rows.map((row) => {
    const [pid, parentPid, ...name] = row.trim().split(/\s+/);
    return { pid: Number(pid), parentPid: Number(parentPid), name: name.join(' ') };
  });
}

/** All below a process, and itself, children after their parents. */
export function treeOf(pid: number): number[] {
  const children = Map.groupBy(listProcesses(), ({ parentPid }) => parentPid);
  const tree = [pid];
  for (const member of tree) tree.push(...(children.get(member) ?? []).map((child) => child.pid));
  return tree;
}

/** Whether a process has this variable in its environment; false where that cannot be seen. */
export function hasVariable(pid: number, name: string, value: string): boolean {
  if (process.platform === 'linux')
    return read(`/proc/${pid}/environ`).split('\0').includes(`${name}=${value}`);
  try {
    return execFileSync('ps', ['eww', '-p', String(pid), '-o', 'command='], psOptions)
      .split(' ')
      .includes(`${name}=${value}`);
  } catch {
    return false;
  }
}

/** Kills a process; one that is gone already is no error. */
export function kill(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {}
}
