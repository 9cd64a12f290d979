/** One runner with its process and whatever is being done to it. Its operations come one after another. */
import { TracksideError } from '../../shared/errors.ts';
import { controlFolderOf, type DeployContext, deleteFolder, deployRunner, problemOf } from './deploy.ts';
import { type DeregisterContext, deregister } from './deregister.ts';
import type { RunnerEntry } from './entry.ts';
import { liveStates } from './lifecycle.ts';
import type { RunnerProcesses, RunningProcess } from './process.ts';
import { freshSteps } from './record.ts';
import { endInterruptedConfiguration } from './register.ts';
import type { ShiftHistory } from './shifts.ts';
import { type ListenerEnd, type Supervision, superviseListener } from './supervise.ts';

export interface LiveContext extends DeployContext, DeregisterContext {
  processes: RunnerProcesses;
  shifts: ShiftHistory;
  /** Called when the runner is gone for good. */
  onGone(runnerId: string): void;
}

/** How long a stopped listener may take to cancel its job and close its session (RunnerService.js: 30 s). */
const stopGraceMs = 30_000;
/** Wait before a listener that asked to be restarted is started again, as run.sh does. */
const restartDelayMs = 5000;
/** Restarts in a row without having listened in between, before a person is asked. */
const maxRestarts = 5;
/** actions/runner's exit codes that ask for another start: retryable error, self-update, self-update after one job. */
const restartCodes: readonly (number | null)[] = [2, 3, 4];

export type StopManner = 'drain' | 'now';

export interface LiveRunner {
  readonly entry: RunnerEntry;
  supervision(): Supervision | null;
  /** Begins (or resumes) the deploy; its outcome is on the board. */
  deploy(): void;
  cancelDeploy(): Promise<void>;
  retry(): void;
  start(): void;
  stop(how: StopManner): void;
  keep(): void;
  restart(): void;
  remove(how: StopManner): void;
  /** Takes over a listener that lives already. */
  adopt(process: RunningProcess): void;
  /** Takes back an interrupted deploy and tells it as a failure that can be retried. */
  rollBack(cause: string): Promise<void>;
  /** Resolves when nothing is being done to it. */
  settled(): Promise<void>;
  /** Stops watching. The listener goes on. */
  detach(): void;
}

export function createLiveRunner(entry: RunnerEntry, context: LiveContext): LiveRunner {
  const { clock } = context;
  const folder = context.folderOf(entry.id);
  const controlFolder = controlFolderOf(folder);
  let supervision: Supervision | null = null;
  let deployAbort: AbortController | null = null;
  let drainAbort: AbortController | null = null;
  let restarts = 0;
  let detached = false;
  let work: Promise<void> = Promise.resolve();

  /** Runs `operation` after those before it; what it throws becomes the runner's failure. */
  const enqueue = (operation: () => Promise<void>): Promise<void> => {
    work = work.then(operation).catch(async (error: unknown) => {
      if (!detached) await entry.fail(problemOf(error)).catch(() => {});
    });
    return work;
  };

  const watch = (process: RunningProcess): Supervision => {
    const started = superviseListener({ entry, process, controlFolder, shifts: context.shifts, clock });
    supervision = started;
    started.listening.then(
      () => {
        restarts = 0;
      },
      () => {},
    );
    void started.ended.then(async (end) => {
      if (supervision === started) supervision = null;
      if (!detached) await afterEnd(end);
    });
    return started;
  };

  const startListener = async (): Promise<Supervision> => {
    const root = entry.record().clone?.root;
    if (!root)
      throw new TracksideError('CONFLICT', `${entry.runner().name} has no files.`, { remedy: 'Retry it.' });
    await context.installer.attach(folder);
    const process = await context.processes.start({ runnerRoot: root, controlFolder, environment: {} });
    await entry.note(
      { process: { pid: process.pid, startToken: process.startToken } },
      { pid: process.pid, startedAt: process.startedAt },
    );
    return watch(process);
  };

  const beginStart = async (cause: string): Promise<void> => {
    await entry.move('starting', cause);
    await startListener();
  };

  const afterEnd = async (end: ListenerEnd): Promise<void> => {
    const { state } = entry.runner();
    await entry.note({ process: null }, { pid: null, startedAt: null });
    if (end.deregistered) await entry.note({ registration: 'none' }, { forgeRunnerId: null });
    // Whoever asked for the end, or deploys, goes on from here.
    if (
      deployAbort ||
      entry.record().wanted !== 'running' ||
      !liveStates.includes(state) ||
      state === 'stopping'
    )
      return;
    if (restartCodes.includes(end.code) && restarts < maxRestarts) {
      restarts += 1;
      await entry.move('starting', `Starts again: ${end.problem.message}`, { job: null });
      await clock.sleep(restartDelayMs);
      if (!detached && entry.record().wanted === 'running') void enqueue(() => beginStart('Starts again.'));
      return;
    }
    await entry.fail(end.problem);
  };

  /** Ends whatever lives of this runner: its listener, or a configuration that an engine left behind. */
  const endProcesses = async (): Promise<void> => {
    await endInterruptedConfiguration(controlFolder);
    if (supervision) {
      const { process, ended } = supervision;
      await process.stop({ graceMs: stopGraceMs });
      await ended;
      return;
    }
    const root = entry.record().clone?.root;
    if (!root) return;
    const found = await context.processes.adopt({
      runnerRoot: root,
      controlFolder,
      recorded: entry.record().process,
    });
    if (found && 'stop' in found) await found.stop({ graceMs: stopGraceMs });
  };

  const undo = async (): Promise<void> => {
    await endProcesses();
    await deregister(entry, context);
    await deleteFolder(entry, context);
    await entry.note(
      { clone: null, treeFolder: null, process: null, registration: 'none' },
      { forgeRunnerId: null },
    );
  };

  const forget = async (): Promise<void> => {
    await entry.forget();
    context.onGone(entry.id);
  };

  const runDeploy = async (abort: AbortController): Promise<void> => {
    try {
      await deployRunner(entry, context, startListener, abort.signal);
    } catch (error) {
      if (detached) return;
      // What the forge told may be what was wrong: the next try asks again.
      context.tokens.forget(entry.runner().repositoryId);
      context.packages.forget(entry.runner().repositoryId);
      const cancelled = abort.signal.aborted;
      if (cancelled) await entry.move('removing', 'Cancelled: takes back what was done.');
      await undo();
      await (cancelled ? forget() : entry.fail(problemOf(error)));
    } finally {
      if (deployAbort === abort) deployAbort = null;
    }
  };

  /** Waits for the job's end where asked to, then stops the listener. Nothing happens when it was taken back. */
  const stopListener = async (
    how: StopManner,
    state: 'stopping' | 'removing',
    cause: string,
  ): Promise<boolean> => {
    if (how === 'drain' && supervision) {
      const abort = new AbortController();
      drainAbort = abort;
      const kept = await supervision.untilIdle(abort.signal).then(
        () => false,
        () => true,
      );
      drainAbort = null;
      if (kept) return false;
    }
    await entry.move(state, cause, { draining: false });
    await endProcesses();
    return true;
  };

  const runStop = async (how: StopManner): Promise<boolean> => {
    const stopped = await stopListener(how, 'stopping', how === 'drain' ? 'Finished; stops.' : 'Stops now.');
    if (stopped && entry.runner().state === 'stopping') await entry.move('stopped', 'Stopped as asked.');
    return stopped;
  };

  const runRemove = async (how: StopManner): Promise<void> => {
    if (!(await stopListener(how, 'removing', 'Deregisters and deletes its folder.'))) return;
    await undo();
    await forget();
  };

  const ask = (wanted: 'running' | 'stopped' | 'removed', draining: boolean): void => {
    void entry.note({ wanted }, { draining });
  };

  return {
    entry,
    supervision: () => supervision,
    deploy() {
      const abort = new AbortController();
      deployAbort = abort;
      void enqueue(() => runDeploy(abort));
    },
    async cancelDeploy() {
      if (!deployAbort) throw new TracksideError('CONFLICT', `${entry.runner().name} is not being deployed.`);
      deployAbort.abort(new Error('The deploy was cancelled.'));
      await work;
    },
    retry() {
      const abort = new AbortController();
      deployAbort = abort;
      ask('running', false);
      void enqueue(async () => {
        await undo();
        await entry.move('deploying', 'Tried again.', { steps: freshSteps() });
        await runDeploy(abort);
      });
    },
    start() {
      ask('running', false);
      restarts = 0;
      void enqueue(() => beginStart('Asked to start.'));
    },
    stop(how) {
      // A stop that waits for a job gives way to one that does not.
      drainAbort?.abort(new Error('asked again'));
      ask('stopped', true);
      void enqueue(async () => void (await runStop(how)));
    },
    keep() {
      ask('running', false);
      drainAbort?.abort(new Error('The runner is kept.'));
    },
    restart() {
      ask('running', true);
      void enqueue(async () => {
        if (await runStop('drain')) await beginStart('Starts again as asked.');
      });
    },
    remove(how) {
      drainAbort?.abort(new Error('asked again'));
      ask('removed', how === 'drain');
      void enqueue(() => runRemove(how));
    },
    adopt(process) {
      entry.show({ pid: process.pid, startedAt: process.startedAt });
      watch(process);
    },
    rollBack: (cause) =>
      enqueue(async () => {
        await undo();
        await entry.fail({ code: 'CONFLICT', message: cause, remedy: 'Retry it, or remove it.' });
      }),
    settled: () => work,
    detach() {
      detached = true;
      deployAbort?.abort(new Error('The engine stops.'));
      drainAbort?.abort(new Error('The engine stops.'));
      supervision?.detach();
    },
  };
}
