/** What is known about a process, and what each kind of host has to tell. */
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
  /** Those of the given processes that live, by pid, in one look. */
  findAll(pids: readonly number[]): Promise<Map<number, ProcessInfo>>;
  /** The real path of the working folder; null when the process is gone or not ours to look at. */
  workingFolder(pid: number): Promise<string | null>;
  /** Working folders of the given processes; those that are gone or hidden are missing. */
  workingFolders(pids: readonly number[]): Promise<Map<number, string>>;
}
