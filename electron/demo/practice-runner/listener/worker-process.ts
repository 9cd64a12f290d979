/** The worker: a child process in the listener's process group, told of its job through a pipe. */
import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import type { Writable } from 'node:stream';
import { writeOutput } from '../common/output.ts';
import { signalNumber } from '../common/signals.ts';
import { channelDescriptor, type WorkerMessage } from '../common/worker-messages.ts';

export interface WorkerProcess {
  readonly pid: number;
  /** Resolves when it has ended and its output was read; `code` is 128 + n when signal n ended it, as in .NET. */
  ended: Promise<{ code: number; output: string }>;
  send(message: WorkerMessage): void;
  kill(): void;
}

const outputLimit = 64 * 1024;

/** @throws when it cannot be started */
export async function startWorker(root: string, environment: NodeJS.ProcessEnv): Promise<WorkerProcess> {
  const bin = join(root, 'bin');
  const child = spawn(join(bin, 'Runner.Worker'), ['spawnclient', String(channelDescriptor)], {
    cwd: bin,
    env: environment,
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
  });
  await new Promise<void>((resolve, reject) => child.once('spawn', resolve).once('error', reject));
  const channel = child.stdio[channelDescriptor] as Writable;
  // A worker that has ended reads no more; its exit code tells.
  channel.on('error', () => {});
  const prints = /^(1|true)$/i.test(environment.ACTIONS_RUNNER_PRINT_LOG_TO_STDOUT ?? '');
  return {
    pid: child.pid ?? 0,
    ended: watch(child, prints),
    send: (message) => void channel.write(`${JSON.stringify(message)}\n`),
    kill: () => void child.kill('SIGKILL'),
  };
}

function watch(child: ChildProcess, prints: boolean): WorkerProcess['ended'] {
  let output = '';
  const collect = (chunk: Buffer): void => {
    if (prints) writeOutput(chunk.toString());
    output = (output + chunk.toString()).slice(-outputLimit);
  };
  child.stdout?.on('data', collect);
  child.stderr?.on('data', collect);
  return new Promise((resolve) =>
    child.once('exit', (code, signal) => resolve({ code: code ?? 128 + signalNumber(signal), output })),
  );
}
