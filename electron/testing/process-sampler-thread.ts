/** The thread of `process-sampler.ts`: reads the process table over and over until it is told to stop. */
import { readdirSync, readFileSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import type { Sighting } from './process-sampler.ts';

/** Short beside the life of the shortest program that is looked for. */
const pauseMs = 2;

const stopped = new Int32Array(workerData as SharedArrayBuffer);
const known = new Set(listPids());
const sightings = new Map<string, Sighting>();

function listPids(): string[] {
  return readdirSync('/proc').filter((name) => /^\d+$/.test(name));
}

function look(pid: string): void {
  try {
    const command = readFileSync(`/proc/${pid}/cmdline`, 'latin1');
    const environment = readFileSync(`/proc/${pid}/environ`, 'latin1');
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    // After the name in parentheses: state, parent, process group, session.
    const sessionId = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[3]);
    const key = `${pid} ${sessionId} ${command}\n${environment}`;
    sightings.set(key, { pid: Number(pid), sessionId, command, environment });
  } catch {
    // It has ended, or is somebody else's.
  }
}

parentPort?.postMessage('ready');
while (Atomics.load(stopped, 0) === 0) {
  for (const pid of listPids()) if (!known.has(pid)) look(pid);
  Atomics.wait(stopped, 0, 0, pauseMs);
}
parentPort?.postMessage([...sightings.values()]);
