/** A runner's process on this host: started behind a shim that outlives the engine, adopted again by the next engine. */
import { type ChildProcess, spawn as spawnChild } from 'node:child_process';
import { once } from 'node:events';
import { access, constants } from 'node:fs/promises';
import { join } from 'node:path';
import { TracksideError } from '../../shared/errors.ts';
import type { Clock } from '../platform/clock.ts';
import { createLowPriority, type LowPriority } from '../platform/priority.ts';
import type { ProcessInfo } from '../platform/process-info.ts';
import { indexProcesses, type ProcessTable } from '../platform/processes.ts';
import { prepareControlFolder, readExitCode, readPid } from './control-folder.ts';
import { runnerEnvironment } from './environment.ts';
import { createProcessFinder, type ProcessFinder } from './process-finder.ts';
import { createEndWatch } from './process-watch.ts';
import { isUpdating, waitForUpdate } from './self-update.ts';
import { createSession, endLeftBehind } from './session.ts';
import { shimScript } from './shim.ts';

export interface RunningProcess {
  /** The shim's: leader of the session and of the process group, whose number they keep when it is killed. */
  readonly pid: number;
  readonly groupId: number;
  /** '' when it ended before it could be looked at. */
  readonly startToken: string;
  /** Epoch milliseconds. */
  readonly startedAt: number;
  /** What of a low priority is in force, in words; null for the usual one, and for a process that was adopted. */
  readonly priority: string | null;
  /**
   * Resolves when the listener has ended, after what was left of its session has been ended too (its update excepted).
   * A listener whose shim was killed goes on and is watched itself. `code` is null when nobody recorded it. Never rejects; stays pending after `dispose()`.
   */
  readonly exited: Promise<{ code: number | null }>;
  /** Whether any process lives below the listener itself: its worker, whatever the forge says. */
  hasWorker(): Promise<boolean>;
  /** Everything that belongs to it, the shim included. */
  descendants(): Promise<ProcessInfo[]>;
  /** SIGINT to the group: the listener cancels its job, closes its session and ends. */
  interrupt(): void;
  /** SIGTERM to the group: the same, with at most 30 s for the job. */
  terminate(): void;
  /** SIGKILL to every process of the session; resolves when nobody is left. */
  kill(): Promise<void>;
  /**
   * Interrupts, waits up to `graceMs` for the end, kills what is left. Nothing of the session lives afterwards.
   * `forced`: the listener did not end by itself.
   * @throws TracksideError HOST_FAILED when a process cannot be killed
   */
  stop(options: { graceMs: number }): Promise<{ code: number | null; forced: boolean }>;
}

export interface RunnerProcesses {
  /**
   * Starts `bin/Runner.Listener run`; its output goes to `<controlFolder>/listener.log`. After an end with a self-update
   * it first waits for that to be finished, as run.sh does.
   * @param environment only what this runner gets besides the host's environment, e.g. a JIT configuration
   * @param lowPriority whether it and its jobs make way for other programs, as far as this host has the means
   * @throws TracksideError CONFLICT when one runs already, HOST_FAILED when it cannot be started
   */
  start(options: {
    runnerRoot: string;
    controlFolder: string;
    environment?: Readonly<Record<string, string>>;
    lowPriority?: boolean;
  }): Promise<RunningProcess>;
  /**
   * Finds the process an earlier engine started. Null when none ever was; the exit code (null when nobody recorded it)
   * when it has ended, after what was left of its session has been ended.
   * @param recorded as the earlier engine wrote it down; null when it died before it could
   */
  adopt(options: {
    runnerRoot: string;
    controlFolder: string;
    recorded: { pid: number; startToken: string } | null;
  }): Promise<RunningProcess | { exited: number | null } | null>;
  /** Stops watching. The processes go on. */
  dispose(): void;
}

/** An interrupt on the way from the shim to its listener's first instruction is lost: one so young gets it again. */
const youngMs = 2000;
const repeatMs = 200;

/**
 * @param hostEnvironment what the runner's environment is made from; default `process.env`
 */
export function createRunnerProcesses(options: {
  clock: Clock;
  processes: ProcessTable;
  spawn?: typeof spawnChild;
  hostEnvironment?: NodeJS.ProcessEnv;
  priority?: LowPriority;
}): RunnerProcesses {
  const { clock, processes, spawn = spawnChild, hostEnvironment = process.env } = options;
  const { priority = createLowPriority() } = options;
  const disposed = new AbortController();
  const host = { clock, processes };

  const { findLeader, findByPidFile, findOrphan, refuseSecond } = createProcessFinder(host);
  const ends = createEndWatch(host);
  const watchPid = ({ pid, startToken }: ProcessInfo, controlFolder: string): Promise<void> =>
    ends.untilEnd({ pid, startToken, controlFolder, signal: disposed.signal });
  const running = (
    shim: Pick<ProcessInfo, 'pid' | 'startToken' | 'startedAt'> & { priority?: string | null },
    folders: { runnerRoot: string; controlFolder: string },
    shimEnded: Promise<void>,
  ): RunningProcess => createRunning({ ...shim, ...folders, shimEnded, watchPid, findOrphan, ...host });

  return {
    async start({ runnerRoot, controlFolder, environment = {}, lowPriority = false }) {
      await refuseSecond(runnerRoot, controlFolder);
      if (isUpdating(await readExitCode(controlFolder))) await waitForUpdate(runnerRoot, clock);
      await requireListener(runnerRoot);
      await prepareControlFolder(controlFolder).catch((error) => {
        throw new TracksideError('HOST_FAILED', `The folder ${controlFolder} cannot be written.`, {
          remedy: 'Check its permissions and that the disk is not full.',
          cause: error,
        });
      });
      const shim = { command: '/bin/sh', args: ['-c', shimScript, 'trackside-runner', controlFolder] };
      const { command, args, inForce } = lowPriority
        ? await priority.lowPriorityCommand(shim.command, shim.args)
        : { ...shim, inForce: null };
      const child = spawn(command, args, {
        cwd: runnerRoot,
        env: runnerEnvironment(hostEnvironment, { root: process.getuid?.() === 0, own: environment }),
        detached: true,
        stdio: 'ignore',
      });
      const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
      const pid = await spawned(child, runnerRoot);
      child.unref();
      const info = await processes.find(pid);
      const startedAt = info?.startedAt ?? clock.now();
      const startToken = info?.startToken ?? '';
      return running({ pid, startToken, startedAt, priority: inForce }, { runnerRoot, controlFolder }, ended);
    },

    async adopt({ runnerRoot, controlFolder, recorded }) {
      const written = await readPid(controlFolder);
      const code = await readExitCode(controlFolder);
      if (code === null) {
        const leader =
          (await findByPidFile(runnerRoot, controlFolder)) ??
          (recorded && (await findLeader(recorded.pid, runnerRoot)));
        const contradicted = leader?.pid === recorded?.pid && leader?.startToken !== recorded?.startToken;
        if (leader && !contradicted) {
          return running(leader, { runnerRoot, controlFolder }, watchPid(leader, controlFolder));
        }
      }
      const leftBehind = new Set(written && written !== 'starting' ? [written.pid] : []);
      if (recorded) leftBehind.add(recorded.pid);
      if (leftBehind.size === 0) return null;
      for (const pid of code === null ? leftBehind : []) {
        const orphan = await findOrphan(pid, runnerRoot);
        if (!orphan) continue;
        const startToken = recorded?.pid === pid ? recorded.startToken : '';
        const shim = { pid, startToken, startedAt: orphan.startedAt };
        return running(shim, { runnerRoot, controlFolder }, Promise.resolve());
      }
      if (!isUpdating(code)) {
        for (const pid of leftBehind) await endLeftBehind(pid, runnerRoot, host);
      }
      return { exited: code ?? (await readExitCode(controlFolder)) };
    },

    dispose: () => disposed.abort(),
  };
}

async function requireListener(runnerRoot: string): Promise<void> {
  try {
    await access(join(runnerRoot, 'bin/Runner.Listener'), constants.X_OK);
  } catch (error) {
    throw new TracksideError('HOST_FAILED', `The runner's files in ${runnerRoot} are incomplete.`, {
      remedy: 'Remove this runner and deploy another.',
      cause: error,
    });
  }
}

async function spawned(child: ChildProcess, runnerRoot: string): Promise<number> {
  try {
    await once(child, 'spawn');
    if (child.pid !== undefined) return child.pid;
    throw new Error('no pid');
  } catch (error) {
    throw new TracksideError('HOST_FAILED', `The runner in ${runnerRoot} could not be started.`, {
      remedy: 'Check that this user may start more processes.',
      cause: error,
    });
  }
}

function createRunning(options: {
  pid: number;
  startToken: string;
  startedAt: number;
  priority?: string | null;
  runnerRoot: string;
  controlFolder: string;
  /** Resolves when the shim has ended. */
  shimEnded: Promise<void>;
  watchPid(process: ProcessInfo, controlFolder: string): Promise<void>;
  findOrphan: ProcessFinder['findOrphan'];
  processes: ProcessTable;
  clock: Clock;
}): RunningProcess {
  const { pid, startToken, startedAt, runnerRoot, controlFolder, shimEnded, processes, clock } = options;
  const session = createSession({ pid, startToken }, { processes, clock });
  const readCode = (): Promise<number | null> => readExitCode(controlFolder).catch(() => null);
  let over = false;
  let isForced = false;
  /** The listener, once its shim was killed. */
  let orphan: ProcessInfo | null = null;
  const settle = async (): Promise<{ code: number | null }> => {
    const told = await readCode();
    // A shim that ended without a word was killed; its listener may run a job.
    orphan = told === null && !isForced ? await options.findOrphan(pid, runnerRoot).catch(() => null) : null;
    if (orphan) await options.watchPid(orphan, controlFolder);
    over = true;
    const code = await readCode();
    if (!isUpdating(code)) await session.kill().catch(() => {});
    return { code };
  };
  const kill = (): Promise<void> => {
    isForced = true;
    return session.kill();
  };
  const exited = shimEnded.then(settle);
  const signal = (name: NodeJS.Signals): void => {
    if (!over) processes.signalGroup(pid, name);
  };
  return {
    pid,
    groupId: pid,
    startToken,
    startedAt,
    priority: options.priority ?? null,
    exited,
    descendants: session.members,
    async hasWorker() {
      const members = await session.members();
      const listeners = new Set(members.filter((info) => info.parentPid === pid).map((info) => info.pid));
      if (orphan) listeners.add(orphan.pid);
      // The shim was killed just now: whoever lives counts until the listener is known among them.
      if (listeners.size === 0) return members.some((info) => info.pid !== pid);
      const index = indexProcesses(members);
      return [...listeners].some((listener) => index.descendants(listener).length > 0);
    },
    interrupt: () => signal('SIGINT'),
    terminate: () => signal('SIGTERM'),
    kill,
    async stop({ graceMs }) {
      await session.members();
      signal('SIGINT');
      const stopRepeating = clock.every(repeatMs, () => {
        if (clock.now() - startedAt < youngMs) signal('SIGINT');
      });
      const patience = new AbortController();
      const tooLong = clock.sleep(graceMs, patience.signal).then(
        () => true,
        () => false,
      );
      const forced = await Promise.race([exited.then(() => false), tooLong]);
      patience.abort();
      stopRepeating();
      await kill();
      return { ...(await exited), forced };
    },
  };
}
