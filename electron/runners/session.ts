/** Ends processes together: all of a session, its leader's descendants, and who was seen among them before. */
import { realpath } from 'node:fs/promises';
import { TracksideError } from '../../shared/errors.ts';
import type { Clock } from '../platform/clock.ts';
import type { ProcessInfo } from '../platform/process-info.ts';
import { indexProcesses, isWithin, type ProcessTable } from '../platform/processes.ts';

/** How long the leader is left alone after the others were killed, so that it can record how they ended. */
const leaderGraceMs = 500;
/** How long a killed process may take to go. */
const patienceMs = 10_000;
const pauseMs = 10;

/** A session by its leader, which may have ended already. */
export interface SessionId {
  pid: number;
  /** Null when it is not known; the members' working folders are the proof then. */
  startToken: string | null;
}

export interface Session {
  /** Who lives of it, the leader included. Nobody once its number belongs to another. */
  members(): Promise<ProcessInfo[]>;
  /**
   * Kills all of it and returns when nobody is left.
   * @throws TracksideError HOST_FAILED when somebody is left after ten seconds (stuck in the kernel, or another user's)
   */
  kill(): Promise<void>;
}

/**
 * Follows a session. Each look at it remembers who belonged to it by pid and start token, so that a child which leaves
 * the session and then loses its parent is still found.
 */
export function createSession(id: SessionId, options: { processes: ProcessTable; clock: Clock }): Session {
  const { processes, clock } = options;
  let seen: ProcessInfo[] = [];
  const members = async (): Promise<ProcessInfo[]> => {
    const list = await processes.list();
    const index = indexProcesses(list);
    const living = new Map(list.map((info) => [info.pid, info]));
    const leader = living.get(id.pid);
    const tree = leader && leader.startToken !== id.startToken ? [] : index.tree(id.pid);
    const found = new Map(tree.map((info) => [info.pid, info]));
    for (const { pid, startToken } of seen) {
      const info = living.get(pid);
      if (info?.startToken !== startToken) continue;
      for (const one of [info, ...index.descendants(pid)]) found.set(one.pid, one);
    }
    found.delete(process.pid);
    seen = [...found.values()];
    return seen;
  };
  return {
    members,
    async kill() {
      const start = clock.now();
      for (;;) {
        const alive = await members();
        if (alive.length === 0) return;
        const spent = clock.now() - start;
        if (spent > patienceMs) throw unkillable(alive);
        const spareLeader = spent < leaderGraceMs;
        for (const { pid } of alive) {
          if (!(spareLeader && pid === id.pid)) processes.signal(pid, 'SIGKILL');
        }
        await clock.sleep(pauseMs);
      }
    },
  };
}

function unkillable(alive: readonly ProcessInfo[]): TracksideError {
  const names = alive.map((info) => `${info.name} (${info.pid})`).join(', ');
  return new TracksideError('HOST_FAILED', `Some processes of the runner could not be ended: ${names}.`, {
    remedy: 'They may wait for a disk or belong to another user. End them by hand, then try again.',
  });
}

/**
 * Ends what is left of a session whose leader is gone. It is believed to be ours only when one of its members works
 * inside `folder` and no new process carries the leader's number.
 */
export async function endLeftBehind(
  leaderPid: number,
  folder: string,
  options: { processes: ProcessTable; clock: Clock },
): Promise<void> {
  const { processes } = options;
  const list = await processes.list();
  if (list.some((info) => info.pid === leaderPid)) return;
  const left = indexProcesses(list).tree(leaderPid);
  const folders = await processes.workingFolders(left.map((info) => info.pid));
  const root = await realpath(folder).catch(() => folder);
  if (!left.some((info) => isWithin(folders.get(info.pid), root))) return;
  await createSession({ pid: leaderPid, startToken: null }, options).kill();
}
