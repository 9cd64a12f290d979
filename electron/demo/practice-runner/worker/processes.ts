/** Ends the processes of a step or a job. */
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { platform } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';

/** The vendor's waits (ProcessInvoker.cs): after SIGINT, after SIGTERM. */
const interruptGraceMs = 7500;
const terminateGraceMs = 2500;
const pollMs = 50;

function parents(): Map<number, number> {
  if (platform() !== 'linux') {
    const rows = execFileSync('ps', ['-axo', 'pid=,ppid='], { encoding: 'utf8' }).trim().split('\n');
    return new Map(rows.map((row) => row.trim().split(/\s+/).map(Number) as [number, number]));
  }
  const found = new Map<number, number>();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const stat = readIfThere(`/proc/${name}/stat`);
    const afterName = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (stat && afterName[0] !== 'Z') found.set(Number(name), Number(afterName[1]));
  }
  return found;
}

function readIfThere(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

/** A process and all its descendants, parents first. */
function treeOf(pid: number): number[] {
  const table = parents();
  const tree = table.has(pid) ? [pid] : [];
  for (const member of tree) {
    for (const [child, parent] of table) if (parent === member) tree.push(child);
  }
  return tree;
}

function signalAll(pids: readonly number[], signal: NodeJS.Signals): void {
  for (const pid of pids) {
    try {
      process.kill(pid, signal);
    } catch {
      // It ended by itself.
    }
  }
}

async function gone(pid: number, withinMs: number): Promise<boolean> {
  for (const end = Date.now() + withinMs; Date.now() < end; await sleep(pollMs)) {
    if (treeOf(pid).length === 0) return true;
  }
  return false;
}

/** SIGINT, then SIGTERM to the process, then SIGKILL to its whole tree. */
export async function endTree(pid: number): Promise<void> {
  if (pid < 2) return;
  const tree = treeOf(pid);
  signalAll([pid], 'SIGINT');
  if (!(await gone(pid, interruptGraceMs))) {
    signalAll([pid], 'SIGTERM');
    if (!(await gone(pid, terminateGraceMs))) signalAll(treeOf(pid), 'SIGKILL');
  }
  signalAll(tree.slice(1), 'SIGKILL');
}

/** The processes that carry the job's tracking id in their environment, this one excepted. Linux only. */
export function findTracked(trackingId: string): { pid: number; name: string }[] {
  if (platform() !== 'linux') return [];
  return readdirSync('/proc').flatMap((name) => {
    const pid = Number(name);
    if (!Number.isInteger(pid) || pid === process.pid) return [];
    const carries = readIfThere(`/proc/${name}/environ`).split('\0').includes(`RUNNER_TRACKING_ID=${trackingId}`);
    return carries ? [{ pid, name: readIfThere(`/proc/${name}/comm`).trim() }] : [];
  });
}

/** Kills them. */
export function killAll(pids: readonly number[]): void {
  signalAll(pids, 'SIGKILL');
}
