/** Starts a step's process, reads its output and ends it when it shall not go on (ProcessInvoker.cs). */
import { type ChildProcess, spawn } from 'node:child_process';
import type { Clock } from '../../../platform/clock.ts';
import { signalNumber } from '../common/signals.ts';
import type { Trace } from '../common/trace.ts';
import { readLines } from './lines.ts';
import { kill, treeOf } from './process-table.ts';

export interface Invocation {
  program: string;
  args: string[];
  folder: string;
  environment: NodeJS.ProcessEnv;
  onLine(line: string): void;
  /** Ends the process when it aborts. */
  signal: AbortSignal;
  clock: Clock;
  trace: Trace;
}

/** How long SIGINT and then SIGTERM are given. */
const interruptMs = 7500;
const terminateMs = 2500;
/** How long what a process left running may hold its output open. */
const drainMs = 5000;

/** @returns its exit code, 128 + n when signal n ended it @throws when the program cannot be started */
export async function invoke(invocation: Invocation): Promise<number> {
  const { program, args, folder, environment, onLine, signal, clock, trace } = invocation;
  const child = spawn(program, args, { cwd: folder, env: environment, stdio: ['ignore', 'pipe', 'pipe'] });
  const closed = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const exited = new Promise<number>((resolve) =>
    child.once('exit', (code, by) => resolve(code ?? 128 + signalNumber(by))),
  );
  child.once('spawn', () =>
    trace.info('ProcessInvoker', `Process started with process id ${child.pid}, waiting for process exit.`),
  );
  const failed = new Promise<never>((_, reject) => child.once('error', reject));
  if (child.stdout) readLines(child.stdout, onLine);
  if (child.stderr) readLines(child.stderr, onLine);
  let ending: Promise<void> = Promise.resolve();
  const cancel = (): void => {
    ending = end(child, exited, clock);
  };
  signal.addEventListener('abort', cancel, { once: true });
  if (signal.aborted) cancel();
  try {
    const result = await Promise.race([exited, failed]);
    trace.info('ProcessInvoker', `Finished process ${child.pid} with exit code ${result}.`);
    await Promise.race([closed, clock.sleep(drainMs)]);
    await ending;
    return result;
  } finally {
    signal.removeEventListener('abort', cancel);
  }
}

/** SIGINT, after 7.5 s SIGTERM, after 2.5 s more SIGKILL to all below it. */
async function end(child: ChildProcess, exited: Promise<unknown>, clock: Clock): Promise<void> {
  const { pid } = child;
  if (pid === undefined) return;
  const within = (ms: number): Promise<boolean> =>
    Promise.race([exited.then(() => true), clock.sleep(ms).then(() => false)]);
  kill(pid, 'SIGINT');
  if (await within(interruptMs)) return;
  kill(pid, 'SIGTERM');
  if (await within(terminateMs)) return;
  for (const member of treeOf(pid).reverse()) kill(member, 'SIGKILL');
}
