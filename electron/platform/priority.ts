/** Starts a command so that it, and all that it starts, makes way for the other programs of this host. */
import { execa } from 'execa';
import { findProgram } from './find-program.ts';
import { helperEnvironment } from './helper-environment.ts';

/** Added to the niceness of this process (nice(1)); 19 is the most there is. */
const niceness = 10;
const probeTimeoutMs = 3000;

export interface WrappedCommand {
  command: string;
  args: string[];
  /** What holds for it, in words: "processor priority 10 lower, disk only when idle"; null where this host has no means. */
  inForce: string | null;
}

export interface LowPriority {
  /** Wraps a command. The wrapper becomes the command: the process id is the command's own. */
  lowPriorityCommand(command: string, args: readonly string[]): Promise<WrappedCommand>;
}

interface Means {
  prefix: string[];
  inForce: string | null;
}

/**
 * Uses nice and ionice on Linux, taskpolicy on macOS, as far as they are there; they are looked for once.
 * @param path folders in which programs are looked for; default this process's PATH
 */
export function createLowPriority(
  options: { platform?: NodeJS.Platform; path?: string | undefined } = {},
): LowPriority {
  const { platform = process.platform, path = process.env.PATH } = options;
  let means: Promise<Means> | null = null;
  return {
    async lowPriorityCommand(command, args) {
      means ??= findMeans(platform, path);
      const { prefix, inForce } = await means;
      const [first = command, ...rest] = [...prefix, command, ...args];
      return { command: first, args: rest, inForce };
    },
  };
}

async function findMeans(platform: NodeJS.Platform, path: string | undefined): Promise<Means> {
  if (platform === 'darwin') {
    // Background policy: efficiency cores first, disk and network throttled (taskpolicy(8)).
    const policy = await workingPrefix('taskpolicy', ['-b'], path);
    if (policy) return { prefix: policy, inForce: 'background priority for processor, disk and network' };
  }
  const nice = await workingPrefix('nice', ['-n', String(niceness)], path);
  const ionice = platform === 'linux' ? await workingPrefix('ionice', ['-c', '3'], path) : null;
  const words = [
    nice ? `processor priority ${niceness} lower` : '',
    ionice ? 'disk only when nobody else needs it' : '',
  ].filter(Boolean);
  return {
    prefix: [...(nice ?? []), ...(ionice ?? [])],
    inForce: words.length > 0 ? words.join(', ') : null,
  };
}

/** A program that is there may still be forbidden (a sandbox): a runner must not fail to start because of it. */
async function workingPrefix(
  name: string,
  args: readonly string[],
  path: string | undefined,
): Promise<string[] | null> {
  const program = await findProgram(name, path);
  if (!program) return null;
  const { failed } = await execa(program, [...args, '/bin/sh', '-c', ':'], {
    env: helperEnvironment(),
    extendEnv: false,
    reject: false,
    timeout: probeTimeoutMs,
    stdio: 'ignore',
  });
  return failed ? null : [program, ...args];
}
