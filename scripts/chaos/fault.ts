/** What a fault of a chaos run is, and small helpers that many of them need. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { FaultRequest } from '../../electron/demo/faults.ts';
import { createProcessTable } from '../../electron/platform/processes.ts';
import type { Runner, Verdict } from '../../shared/model.ts';
import type { ChaosLab, LabOptions } from './lab.ts';

export interface Fault {
  name: string;
  /** What happens, in one sentence. */
  title: string;
  /** Verdicts that are true for jobs that this fault may cost; none = it must cost no job. */
  verdicts: readonly Verdict['cause'][];
  /** Why it cannot be tried on this machine; null where it can. */
  impossible?(): Promise<string | null>;
  prepare?: LabOptions['prepare'];
  /** Whether the forge is to be met under a name that can be taken away. */
  ownNames?: boolean;
  /** Lets it happen while the jobs run, and heals it. @throws when the engine's answer to it is wrong at once */
  inject(lab: ChaosLab, random: () => number): Promise<void>;
}

export const wait = (durationMs: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, durationMs));

/** Has the forge misbehave for a time. */
export async function during(lab: ChaosLab, fault: FaultRequest, durationMs: number): Promise<void> {
  const id = lab.github.faults.set(fault);
  try {
    await wait(durationMs);
  } finally {
    lab.github.faults.clear(id);
  }
}

/** A runner that runs a job now. */
export async function busyRunner(lab: ChaosLab): Promise<Runner> {
  const isBusy = ({ state, pid }: Runner): boolean => state === 'busy' && pid !== null;
  const board = await lab.engine.when(
    ({ runners }) => Object.values(runners).some(isBusy),
    60_000,
    'a busy runner',
  );
  const found = Object.values(board.runners).find(isBusy);
  if (!found) throw new Error('No runner is busy.');
  return found;
}

/** The process of a runner that runs this program; null when there is none now. */
export async function processOf(runner: Runner, program: 'Listener' | 'Worker'): Promise<number | null> {
  const table = createProcessTable();
  const list = await table.list();
  const own = list.filter(({ sessionId }) => sessionId === runner.pid);
  for (const { pid } of own) {
    const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
    if (command.includes(`Runner.${program}`) && pid !== runner.pid) return pid;
  }
  return null;
}

/** kill -9 of a program of a busy runner. @returns which runner it was */
export async function killProgram(lab: ChaosLab, program: 'Listener' | 'Worker'): Promise<Runner> {
  for (;;) {
    const runner = await busyRunner(lab);
    const pid = await processOf(runner, program);
    if (pid === null) {
      await wait(20);
      continue;
    }
    process.kill(pid, 'SIGKILL');
    return runner;
  }
}

export const recordOf = (lab: ChaosLab, runnerId: string): string =>
  join(lab.dataFolder, 'state', 'runners', `${runnerId}.json`);
