/** Keeps this host from going to sleep or being shut down under a job, by the means of its own system. */
import { type ChildProcess, spawn as spawnChild } from 'node:child_process';
import { createInterface } from 'node:readline';
import { findProgram } from './find-program.ts';
import { helperEnvironment } from './helper-environment.ts';

/** What this host does while jobs run, and how that is known. */
export interface Delay {
  /** `held`: put off until released. `brief`: put off for some seconds only. `none`: not at all. */
  strength: 'held' | 'brief' | 'none';
  /** One sentence for a person. */
  sentence: string;
}

export interface Inhibitor {
  /** Puts sleep and shutdown off from now on; resolves with what that achieves here. Asked again, it changes nothing. */
  hold(): Promise<Delay>;
  /** Lets the host do as it likes again. */
  release(): void;
}

/** A command that puts something off for as long as it lives; null where the program is not there. */
interface Means {
  command: string;
  args: string[];
  delay: Delay;
}

const held = 'Sleep and shutdown are put off while jobs run.';
const brief =
  'Sleep and shutdown are put off for some seconds only: this user may not hold them off for longer.';
const refused = 'Sleep and shutdown are not put off: this system refuses it.';
const absent = 'Sleep and shutdown are not put off: systemd-inhibit is not there.';
const idleOnly = 'Sleep is put off while jobs run; a shutdown is not.';
const unsupported = 'Sleep and shutdown are not put off on this kind of system.';

/**
 * Its process lives exactly as long as it is held: its input is a pipe from this process, and it ends when that closes,
 * by a release or by the engine's death, however that comes.
 */
const untilInputEnds = ['/bin/sh', '-c', 'echo held; exec cat > /dev/null'];

/**
 * @param path folders in which the system's programs are looked for; default this process's PATH
 */
export function createInhibitor(
  options: { platform?: NodeJS.Platform; path?: string | undefined; spawn?: typeof spawnChild } = {},
): Inhibitor {
  const { platform = process.platform, path = process.env.PATH, spawn = spawnChild } = options;
  let holding: { child: ChildProcess | null; delay: Promise<Delay> } | null = null;

  const begin = async (own: { child: ChildProcess | null }): Promise<Delay> => {
    const means = await findMeans(platform, path);
    for (const { command, args, delay } of means.tried) {
      if (holding !== own) return delay;
      const child = spawn(command, args, {
        detached: true,
        env: helperEnvironment(),
        stdio: ['pipe', 'pipe', 'ignore'],
      });
      own.child = child;
      if (await saysHeld(child)) return delay;
    }
    return { strength: 'none', sentence: means.otherwise };
  };

  return {
    hold() {
      if (holding) return holding.delay;
      const own: { child: ChildProcess | null; delay: Promise<Delay> } = {
        child: null,
        delay: Promise.resolve({ strength: 'none', sentence: refused }),
      };
      holding = own;
      own.delay = begin(own);
      return own.delay;
    },
    release() {
      holding?.child?.stdin?.end();
      holding = null;
    },
  };
}

async function findMeans(
  platform: NodeJS.Platform,
  path: string | undefined,
): Promise<{ tried: Means[]; otherwise: string }> {
  if (platform === 'linux') {
    const command = await findProgram('systemd-inhibit', path);
    if (!command) return { tried: [], otherwise: absent };
    const own = ['--what=sleep:shutdown', '--who=Trackside', '--why=CI jobs run on this machine'];
    const means = (mode: string, delay: Delay): Means => ({
      command,
      args: [...own, `--mode=${mode}`, ...untilInputEnds],
      delay,
    });
    return {
      // Whoever is not logged in at the machine itself may delay, but not block (org.freedesktop.login1.policy).
      tried: [
        means('block', { strength: 'held', sentence: held }),
        means('delay', { strength: 'brief', sentence: brief }),
      ],
      otherwise: refused,
    };
  }
  if (platform === 'darwin') {
    const command = await findProgram('caffeinate', path);
    const args = ['-s', '-i', ...untilInputEnds];
    const delay: Delay = { strength: 'held', sentence: idleOnly };
    return { tried: command ? [{ command, args, delay }] : [], otherwise: unsupported };
  }
  return { tried: [], otherwise: unsupported };
}

/** Whether the command runs under the lock: it says so itself, or ends because it was refused. */
function saysHeld(child: ChildProcess): Promise<boolean> {
  child.unref();
  // A child that was refused has closed its end already.
  child.stdin?.on('error', () => {});
  return new Promise((resolve) => {
    child.once('error', () => resolve(false));
    child.once('close', () => resolve(false));
    if (child.stdout) createInterface({ input: child.stdout }).once('line', () => resolve(true));
  });
}
