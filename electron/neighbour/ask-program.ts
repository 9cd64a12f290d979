/** Asks a program of this host for a short answer. */
import { execa } from 'execa';
import { helperEnvironment } from '../platform/helper-environment.ts';

/** Resolves with what the program prints; null when it is not there, fails, or takes too long. */
export type AskProgram = (command: string, args: readonly string[]) => Promise<string | null>;

const timeoutMs = 3000;

export const askProgram: AskProgram = async (command, args) => {
  const { failed, stdout } = await execa(command, args, {
    env: helperEnvironment(),
    extendEnv: false,
    reject: false,
    timeout: timeoutMs,
    stdin: 'ignore',
    maxBuffer: 100_000,
  });
  return failed ? null : stdout;
};
