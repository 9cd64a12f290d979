/**
 * A host name that can be taken away: the engine and its runners see a hosts file of their own, in a file system view of
 * their own, and no name server. Linux, root.
 */
import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { unmount } from '../../electron/platform/mounts.ts';

const run = promisify(execFile);

export interface Names {
  /** Stands for this machine as long as it is known. */
  readonly hostname: string;
  /** For `fork`: runs the program in the view. */
  readonly runner: { execPath: string; execArgv: string[] };
  /** From now on the look-up fails, for real. */
  forget(): Promise<void>;
  restore(): Promise<void>;
  dispose(): Promise<void>;
}

const hostname = 'forge.localhost';
/** Binds the two files over the system's, then becomes the program. Mounts below `$1` are shared with everybody. */
const enter = `
mount --make-private /
mount --bind "$1/hosts" /etc/hosts && mount --bind "$1/resolv.conf" /etc/resolv.conf || exit 1
shift
exec "$@"
`;

/** @param folder of the run: what the engine mounts below it is seen from outside too */
export async function createNames(folder: string): Promise<Names> {
  const hosts = join(folder, 'hosts');
  const known = `127.0.0.1 localhost ${hostname}\n`;
  await writeFile(hosts, known);
  // Nobody answers there, and says so at once.
  await writeFile(join(folder, 'resolv.conf'), 'nameserver 127.0.0.1\noptions timeout:1 attempts:1\n');
  await run('mount', ['--bind', folder, folder]);
  await run('mount', ['--make-shared', folder]);
  return {
    hostname,
    runner: {
      execPath: 'unshare',
      execArgv: [
        '--mount',
        '--propagation',
        'unchanged',
        'sh',
        '-c',
        enter,
        'enter',
        folder,
        process.execPath,
      ],
    },
    forget: () => writeFile(hosts, '127.0.0.1 localhost\n'),
    restore: () => writeFile(hosts, known),
    dispose: () => unmount(folder),
  };
}
