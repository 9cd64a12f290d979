/** The host's process table: who lives, whose child it is, since when. A process is never identified by its name. */
import { realpath } from 'node:fs/promises';
import { platform } from 'node:os';
import { sep } from 'node:path';
import type { HostProcesses, ProcessInfo } from './process-info.ts';
import { createLinuxProcesses } from './processes-linux.ts';
import { createPsProcesses } from './processes-ps.ts';

export interface ProcessTable extends HostProcesses {
  /**
   * Every living process; the dead that nobody has waited for are left out. Callers at the same time share a pass, but
   * never one that began before their call.
   */
  list(): Promise<ProcessInfo[]>;
  /** Whether a process has this number, were it another's or one that has ended and was not waited for. Costs nothing. */
  exists(pid: number): boolean;
  /** Every living process whose working folder is `folder` or below it. */
  workingIn(folder: string): Promise<ProcessInfo[]>;
  /** Signals a process group. False when nobody was there to receive it. */
  signalGroup(groupId: number, signal: NodeJS.Signals): boolean;
  /** Signals one process. False when it is gone. */
  signal(pid: number, signal: NodeJS.Signals): boolean;
}

/**
 * Opens the process table of this host.
 * @param host replaces the host's own way of reading (tests)
 */
export function createProcessTable(host: HostProcesses = hostProcesses()): ProcessTable {
  const list = shareNext(() => host.list());
  return {
    ...host,
    list,
    exists,
    async workingIn(folder) {
      const [everyone, root] = await Promise.all([list(), realpath(folder).catch(() => folder)]);
      const folders = await host.workingFolders(everyone.map((info) => info.pid));
      return everyone.filter((info) => isWithin(folders.get(info.pid), root));
    },
    signalGroup: (groupId, signal) => send(-groupId, groupId, signal),
    signal: (pid, signal) => send(pid, pid, signal),
  };
}

function hostProcesses(): HostProcesses {
  return platform() === 'linux' ? createLinuxProcesses() : createPsProcesses();
}

/** Whether a path is `folder` or lies below it; both real paths. */
export function isWithin(path: string | null | undefined, folder: string): boolean {
  return !!path && (path === folder || path.startsWith(folder.endsWith(sep) ? folder : `${folder}${sep}`));
}

function exists(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // A process of another user is there all the same.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Sends a signal; 0 and 1 are refused because `kill` reads their negatives as "mine" and "everybody". */
function send(target: number, id: number, signal: NodeJS.Signals): boolean {
  if (!Number.isInteger(id) || id < 2 || id === process.pid) {
    throw new Error(`Refusing to send ${signal} to ${target}`);
  }
  try {
    return process.kill(target, signal);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    // macOS answers EPERM for a group of which only the unwaited dead are left.
    if (code === 'ESRCH' || code === 'EPERM') return false;
    throw error;
  }
}

/** Lets callers that arrive while `work` runs share the next run of it, so that none gets an answer older than its question. */
function shareNext<T>(work: () => Promise<T>): () => Promise<T> {
  let running: Promise<T> | null = null;
  let next: Promise<T> | null = null;
  const begin = (): Promise<T> => {
    const run = work().finally(() => {
      if (running === run) running = null;
    });
    running = run;
    return run;
  };
  return () => {
    if (!running) return begin();
    next ??= running
      .catch(() => {})
      .then(() => {
        next = null;
        return begin();
      });
    return next;
  };
}

/** Looks trees up in one listing. */
export interface ProcessIndex {
  /**
   * A process, all its descendants, and every process of the session it leads with their descendants: children whose
   * parent died keep the session, children that left the session keep the parent. Works on after the root has ended.
   */
  tree(rootPid: number): ProcessInfo[];
  /** All descendants of a process, itself not included. */
  descendants(pid: number): ProcessInfo[];
}

const indexes = new WeakMap<readonly ProcessInfo[], ProcessIndex>();

/** Indexes a listing for many trees; a listing that callers share is indexed once. */
export function indexProcesses(list: readonly ProcessInfo[]): ProcessIndex {
  const known = indexes.get(list) ?? buildIndex(list);
  indexes.set(list, known);
  return known;
}

function buildIndex(list: readonly ProcessInfo[]): ProcessIndex {
  const byPid = new Map(list.map((info) => [info.pid, info]));
  const byParent = Map.groupBy(list, (info) => info.parentPid);
  const bySession = Map.groupBy(list, (info) => info.sessionId);
  const spread = (start: readonly ProcessInfo[]): ProcessInfo[] => {
    const found = new Set(start);
    for (const info of found) {
      for (const child of byParent.get(info.pid) ?? []) found.add(child);
    }
    return [...found];
  };
  return {
    tree(rootPid) {
      if (rootPid < 2) return [];
      const root = byPid.get(rootPid);
      return spread([...(root ? [root] : []), ...(bySession.get(rootPid) ?? [])]);
    },
    descendants: (pid) => (pid < 2 ? [] : spread(byParent.get(pid) ?? []).filter((info) => info.pid !== pid)),
  };
}
