/** For tests: a process whose lines can be waited for. */
import type { ChildProcess } from 'node:child_process';

interface Ended {
  code: number | null;
  output: string;
  errors: string;
}

export interface Running {
  pid: number;
  /** All it has printed so far, standard error included, in the order in which it arrived. */
  printed(): string;
  /** Resolves with the match when it has printed something that matches; rejects when it ends before. */
  waitFor(pattern: RegExp): Promise<RegExpExecArray>;
  /** Signals its process group. */
  signalGroup(signal: NodeJS.Signals): void;
  /** Signals it alone. */
  signal(signal: NodeJS.Signals): void;
  write(text: string): void;
  ended: Promise<Ended>;
}

/** @param child the leader of a process group, its streams piped */
export function watchProcess(child: ChildProcess): Running {
  const { pid = 0 } = child;
  const output = { out: '', err: '', both: '' };
  const waiting = new Set<() => void>();
  const collect = (kind: 'out' | 'err') => (chunk: Buffer) => {
    output[kind] += chunk.toString();
    output.both += chunk.toString();
    for (const check of waiting) check();
  };
  child.stdout?.on('data', collect('out'));
  child.stderr?.on('data', collect('err'));
  const ended = new Promise<Ended>((resolve) =>
    child.once('close', (code) => resolve({ code, output: output.out, errors: output.err })),
  );
  const kill = (target: number, signal: NodeJS.Signals): void => {
    if (pid > 0 && child.exitCode === null && child.signalCode === null) process.kill(target, signal);
  };
  return {
    pid,
    printed: () => output.both,
    ended,
    signalGroup: (signal) => kill(-pid, signal),
    signal: (signal) => kill(pid, signal),
    write: (text) => void child.stdin?.write(text),
    waitFor: (pattern) =>
      new Promise((resolve, reject) => {
        const check = (): void => {
          const match = pattern.exec(output.both);
          if (!match) return;
          waiting.delete(check);
          resolve(match);
        };
        waiting.add(check);
        void ended.then(() => reject(new Error(`It ended without ${pattern}: ${output.both}`)));
        check();
      }),
  };
}
