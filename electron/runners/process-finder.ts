/** Finds a runner's shim and proves that it is ours. */
import { realpath } from 'node:fs/promises';
import { TracksideError } from '../../shared/errors.ts';
import type { Clock } from '../platform/clock.ts';
import type { ProcessInfo } from '../platform/process-info.ts';
import type { ProcessTable } from '../platform/processes.ts';
import { clockToleranceMs, readExitCode, readPid } from './control-folder.ts';

/** How long a shim that was just spawned may take to write its pid. */
const startupMs = 1000;
/** How long a shim that has recorded the exit code may take to go. */
const farewellMs = 2000;

export interface ProcessFinder {
  /** The living leader of a session at `pid` that works in `runnerRoot`. */
  findLeader(pid: number, runnerRoot: string): Promise<ProcessInfo | null>;
  /** The shim that the pid file names, proved by its working folder and by not being younger than the file. */
  findByPidFile(runnerRoot: string, controlFolder: string): Promise<ProcessInfo | null>;
  /**
   * The living listener of a session whose shim is gone: its oldest member that works in `runnerRoot` and has no parent
   * in the session. Null while the shim's number is in use, which is then another's.
   */
  findOrphan(shimPid: number, runnerRoot: string): Promise<ProcessInfo | null>;
  /** @throws TracksideError CONFLICT when the runner's shim or listener lives and does not go within two seconds */
  refuseSecond(runnerRoot: string, controlFolder: string): Promise<void>;
}

export function createProcessFinder(options: { processes: ProcessTable; clock: Clock }): ProcessFinder {
  const { processes, clock } = options;

  const findLeader: ProcessFinder['findLeader'] = async (pid, runnerRoot) => {
    const [info, folder, root] = await Promise.all([
      processes.find(pid),
      processes.workingFolder(pid),
      realpath(runnerRoot).catch(() => runnerRoot),
    ]);
    return info && info.sessionId === pid && folder === root ? info : null;
  };

  const findByPidFile: ProcessFinder['findByPidFile'] = async (runnerRoot, controlFolder) => {
    const deadline = clock.now() + startupMs;
    let written = await readPid(controlFolder);
    while (written === 'starting' && clock.now() < deadline) {
      await clock.sleep(50);
      written = await readPid(controlFolder);
    }
    if (!written || written === 'starting') return null;
    const info = await findLeader(written.pid, runnerRoot);
    return info && info.startedAt <= written.writtenAt + clockToleranceMs ? info : null;
  };

  const findOrphan: ProcessFinder['findOrphan'] = async (shimPid, runnerRoot) => {
    const list = await processes.list();
    if (list.some(({ pid }) => pid === shimPid)) return null;
    const members = list.filter(({ sessionId }) => sessionId === shimPid);
    const pids = members.map(({ pid }) => pid);
    const [folders, root] = await Promise.all([
      processes.workingFolders(pids),
      realpath(runnerRoot).catch(() => runnerRoot),
    ]);
    const [oldest = null] = members
      .filter(({ pid, parentPid }) => folders.get(pid) === root && !pids.includes(parentPid))
      .sort((a, b) => a.startedAt - b.startedAt || a.pid - b.pid);
    return oldest;
  };

  const findLiving = async (runnerRoot: string, controlFolder: string): Promise<ProcessInfo | null> => {
    const shim = await findByPidFile(runnerRoot, controlFolder);
    if (shim) return shim;
    const written = await readPid(controlFolder);
    return written && written !== 'starting' ? findOrphan(written.pid, runnerRoot) : null;
  };

  return {
    findLeader,
    findByPidFile,
    findOrphan,
    async refuseSecond(runnerRoot, controlFolder) {
      if ((await readPid(controlFolder)) === null) return;
      const deadline = clock.now() + farewellMs;
      for (;;) {
        const other = await findLiving(runnerRoot, controlFolder);
        if (!other) return;
        const leaving = (await readExitCode(controlFolder)) !== null && clock.now() <= deadline;
        if (!leaving) {
          throw new TracksideError(
            'CONFLICT',
            `The runner in ${runnerRoot} runs already (process ${other.pid}).`,
            { remedy: 'Stop it before starting it again.' },
          );
        }
        await clock.sleep(20);
      }
    },
  };
}
