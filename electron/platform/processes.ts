/** The host's process table: who lives, whose child it is, since when. A process is never identified by its name. */
import { realpath } from 'node:fs/promises';
import { platform } from 'node:os';
import { sep } from 'node:path';
import { createLinuxProcesses } from './processes-linux.ts';
import { createPsProcesses } from './processes-ps.ts';

export interface ProcessInfo {
  pid: number;
  parentPid: number;
  groupId: number;
  /** Where the host does not tell sessions (macOS), the process group stands in for it. */
  sessionId: number;
  /** Epoch milliseconds. */
  startedAt: number;
  /**
   * Exact and comparable across restarts of the engine and of the machine: the same pid with the same token is the
   * same process.
   */
  startToken: string;
  /** Processor time it used itself, in milliseconds. */
  cpuMs: number;
  /** Processor time of its children that have ended and been waited for; 0 where the host does not tell (macOS). */
  endedChildrenCpuMs: number;
  /** Resident set, in bytes. */
  memoryBytes: number;
  /** For reading only. */
  name: string;
}

/** What differs by host. */
export interface HostProcesses {
  list(): Promise<ProcessInfo[]>;
  find(pid: number): Promise<ProcessInfo | null>;
  /** The real path of the working folder; null when the process is gone or not ours to look at. */
  workingFolder(pid: number): Promise<string | null>;
  /** Working folders of the given processes; those that are gone or hidden are missing. */
  workingFolders(pids: readonly number[]): Promise<Map<number, string>>;
}

export interface ProcessTable extends HostProcesses {
  /**
   * Every living process; the dead that nobody has waited for are left out. Callers at the same time share a pass, but
   * never one that began before their call.
   */
  list(): Promise<ProcessInfo[]>;
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
  /** See `processTree`. */
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

/**
 * A process, all its descendants, and every process of the session it leads with their descendants (children whose
 * parent died keep the session, children that left the session keep the parent). Works on after the root has ended.
 */
export function processTree(list: readonly ProcessInfo[], rootPid: number): ProcessInfo[] {
  return indexProcesses(list).tree(rootPid);
}
