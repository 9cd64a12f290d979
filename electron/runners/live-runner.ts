/** One runner with its process and whatever is being done to it. Its operations come one after another. */
import { TracksideError } from '../../shared/errors.ts';
import {
  controlFolderOf,
  type DeployContext,
  deleteFolder,
  deployRunner,
  problemOf,
  type StartListener,
} from './deploy.ts';
import { type DeregisterContext, deregister, withdraw } from './deregister.ts';
import type { RunnerEntry } from './entry.ts';
import { liveStates } from './lifecycle.ts';
import type { RunnerProcesses, RunningProcess } from './process.ts';
import { freshSteps } from './record.ts';
import { endInterruptedConfiguration } from './register.ts';
import { createRestarts } from './restarts.ts';
import type { ShiftHistory } from './shifts.ts';
import { type ListenerEnd, type Supervision, superviseListener } from './supervise.ts';
import type { Verdicts } from './verdicts.ts';

export interface LiveContext extends DeployContext, DeregisterContext {
  processes: RunnerProcesses;
  shifts: ShiftHistory;
  verdicts: Verdicts;
  /** 0 ≤ n < 1; spreads restarts. */
  random: () => number;
  /** Whether a failed deploy is tried again without a person: in pools that manage themselves. */
  retriesDeploys(poolId: string): boolean;
  /** Whether the jobs of this pool make way for other programs. */
  isLowPriority(poolId: string): boolean;
  /** Called when the runner is gone for good. */
  onGone(runnerId: string): void;
}

/** How long a stopped listener may take to cancel its job and close its session (RunnerService.js: 30 s). */
const stopGraceMs = 30_000;

/** How long a job that the forge has given away may take until the listener tells of it. */
const lateJobMs = 250;

export type StopManner = 'drain' | 'now';

export interface LiveRunner {
  readonly entry: RunnerEntry;
  supervision(): Supervision | null;
  /** Begins (or resumes) the deploy; its outcome is on the board. */
  deploy(): void;
  cancelDeploy(): Promise<void>;
  /** Takes back what there is of it and deploys it afresh; a job that runs is waited for. */
  redeploy(cause: string): void;
  start(cause?: string): void;
  stop(how: StopManner): void;
  keep(): void;
  restart(cause?: string): void;
  remove(how: StopManner): void;
  /** Puts its idle deadline off to at least this moment, epoch milliseconds. */
  keepUntil(time: number): void;
  /**
   * Takes an idle runner away for good. Both sides are asked at this moment: its own listener, and the forge, which
   * refuses to delete a registration that runs a job.
   * @returns false when it is not idle after all, or the forge could not be asked: it stays
   */
  retire(cause: string): Promise<boolean>;
  /** Stops the listener although the runner is wanted; its registration stays. `resume` brings it back. */
  halt(how: StopManner, cause: string): Promise<void>;
  /** Takes a halt back: one that still waits for a job, or one that is done. */
  resume(cause: string): void;
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
  /** Grows with every demand that a stop which waits gives way to, whether it has begun to wait or not. */
  let demands = 0;
  let detached = false;
  let work: Promise<unknown> = Promise.resolve();

  /** Runs `operation` after those before it; what it throws becomes the runner's failure. */
  const enqueue = <T>(operation: () => Promise<T>): Promise<T | undefined> => {
    const done = work.then(operation).catch(async (error: unknown) => {
      if (!detached) await entry.fail(problemOf(error)).catch(() => {});
      return undefined;
    });
    work = done;
    return done;
  };

  const restarts = createRestarts({
    entry,
    clock,
    random: context.random,
    start: (cause) => void enqueue(() => beginStart(cause)),
    redeploy: (cause) => redeploy(cause),
  });

  const watch = (process: RunningProcess): Supervision => {
    const { shifts, verdicts } = context;
    const started = superviseListener({ entry, process, controlFolder, shifts, verdicts, clock });
    supervision = started;
    started.listening.then(
      () => {
        if (detached) return;
        restarts.listens();
        const { updating, retryAt } = entry.runner();
        if (updating || retryAt !== null) entry.show({ updating: false, retryAt: null });
      },
      () => {},
    );
    void started.ended.then(async (end) => {
      if (supervision === started) supervision = null;
      if (!detached) await afterEnd(end);
    });
    return started;
  };

  const startListener: StartListener = async (environment = {}) => {
    const root = entry.record().clone?.root;
    if (!root)
      throw new TracksideError('CONFLICT', `${entry.runner().name} has no files.`, { remedy: 'Retry it.' });
    await context.installer.attach(folder);
    const lowPriority = context.isLowPriority(entry.runner().poolId);
    const process = await context.processes.start({
      runnerRoot: root,
      controlFolder,
      environment,
      lowPriority,
    });
    await entry.note(
      { process: { pid: process.pid, startToken: process.startToken } },
      { pid: process.pid, startedAt: process.startedAt },
    );
    return watch(process);
  };

  const beginStart = async (cause: string): Promise<void> => {
    const { wanted, held } = entry.record();
    if (detached || wanted !== 'running' || held) return;
    await entry.move('starting', cause, { retryAt: null });
    await startListener();
  };

  const afterEnd = async (end: ListenerEnd): Promise<void> => {
    const { state } = entry.runner();
    await entry.note({ process: null }, { pid: null, startedAt: null, stopsAt: null });
    if (end.deregistered) await entry.note({ registration: 'none' }, { forgeRunnerId: null });
    // Whoever asked for the end, or deploys, goes on from here.
    const { wanted, held, ephemeral } = entry.record();
    const asked = deployAbort !== null || wanted !== 'running' || held || state === 'stopping';
    if (asked || !liveStates.includes(state)) return;
    if (ephemeral && context.shifts.latest(entry.id)) {
      void enqueue(() => leave('Its one job is done; its directory goes with it.'));
      return;
    }
    await restarts.after(end.problem, end.code);
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
    restarts.dispose();
    await entry.forget();
    context.onGone(entry.id);
  };

  /** Goes for good: processes, registration, folder, record. */
  const leave = async (cause: string): Promise<void> => {
    await entry.move('removing', cause, { draining: false, stopsAt: null, retryAt: null });
    await undo();
    await forget();
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
      if (cancelled) await forget();
      else if (context.retriesDeploys(entry.runner().poolId)) {
        await restarts.afterFailedDeploy(problemOf(error));
      } else await entry.fail(problemOf(error));
    } finally {
      if (deployAbort === abort) deployAbort = null;
    }
  };

  /** Waits until it has been idle for a moment: where jobs are queued, the next one comes right after the last. */
  const untilAtRest = async (listener: Supervision, signal: AbortSignal): Promise<void> => {
    do {
      await listener.untilIdle(signal);
      await clock.sleep(lateJobMs, signal);
    } while (!(await listener.isIdle()));
  };

  /**
   * Waits for the job's end. One that leaves for good is withdrawn from the forge first, which refuses while it has given
   * it a job that its listener does not know of yet; where the forge cannot be asked, or it is to stay, that moment
   * remains.
   */
  const untilFree = async (listener: Supervision, leaves: boolean, signal: AbortSignal): Promise<void> => {
    await untilAtRest(listener, signal);
    if (!leaves) return;
    while ((await withdraw(entry, context)) === 'busy') {
      await untilAtRest(listener, signal);
    }
    await listener.untilIdle(signal);
  };

  /** Waits for the job's end where asked to, then stops the listener. Nothing happens when it was taken back. */
  const stopListener = async (
    how: StopManner,
    state: 'stopping' | 'removing',
    cause: string,
    demand: number,
    leaves = state === 'removing',
  ): Promise<boolean> => {
    if (how === 'drain' && demand !== demands) return false;
    if (how === 'drain' && supervision) {
      const abort = new AbortController();
      drainAbort = abort;
      const kept = await untilFree(supervision, leaves, abort.signal).then(
        () => false,
        () => true,
      );
      drainAbort = null;
      if (kept) return false;
    }
    await entry.move(state, cause, { draining: false, stopsAt: null, retryAt: null });
    await endProcesses();
    return true;
  };

  const runStop = async (
    how: StopManner,
    cause: string,
    demand: number,
    leaves = false,
  ): Promise<boolean> => {
    if (!liveStates.includes(entry.runner().state)) return false;
    const stopping = how === 'drain' ? 'Finished; stops.' : 'Stops now.';
    const stopped = await stopListener(how, 'stopping', stopping, demand, leaves);
    if (stopped && entry.runner().state === 'stopping') await entry.move('stopped', cause);
    return stopped;
  };

  const redeploy = (cause: string): void => {
    ask('running', false);
    const demand = demands;
    const abort = new AbortController();
    // While a listener is waited for there is no deploy yet that could be cancelled.
    if (!supervision) deployAbort = abort;
    void enqueue(async () => {
      // A drain that was taken back leaves it listening as it was.
      if (supervision && !(await runStop('drain', cause, demand, true))) return;
      deployAbort = abort;
      await undo();
      await entry.move('deploying', cause, { steps: freshSteps(), retryAt: null });
      await runDeploy(abort);
    });
  };

  /** Ends the waiting of a stop. @returns the number of this demand */
  const giveWay = (reason: string): number => {
    demands += 1;
    drainAbort?.abort(new Error(reason));
    return demands;
  };

  const ask = (wanted: 'running' | 'stopped' | 'removed', draining: boolean): void => {
    restarts.cancel();
    void entry.note({ wanted, held: false }, { draining, retryAt: null });
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
    redeploy,
    start(cause = 'Asked to start.') {
      ask('running', false);
      void enqueue(() => beginStart(cause));
    },
    stop(how) {
      // A stop that waits for a job gives way to one that does not.
      const demand = giveWay('asked again');
      ask('stopped', true);
      void enqueue(() => runStop(how, 'Stopped as asked.', demand));
    },
    keep() {
      ask('running', false);
      giveWay('The runner is kept.');
    },
    restart(cause = 'Starts again as asked.') {
      ask('running', true);
      const demand = demands;
      void enqueue(async () => {
        if (await runStop('drain', cause, demand)) await beginStart(cause);
      });
    },
    remove(how) {
      const demand = giveWay('asked again');
      ask('removed', how === 'drain');
      void enqueue(async () => {
        if (!(await stopListener(how, 'removing', 'Deregisters and deletes its folder.', demand))) return;
        await undo();
        await forget();
      });
    },
    keepUntil(time) {
      void entry.note({}, { keptUntil: time });
    },
    async retire(cause) {
      const gone = await enqueue(async () => {
        if (!supervision || entry.record().wanted !== 'running' || !(await supervision.isIdle()))
          return false;
        // Written down first: should the engine die between, the next one finishes what was begun.
        await entry.note({ wanted: 'removed' });
        if ((await withdraw(entry, context)) !== 'gone') {
          await entry.note({ wanted: 'running' });
          return false;
        }
        // It cannot be given a job any more; one it got in the last moment is waited for all the same.
        await supervision?.untilIdle(new AbortController().signal);
        await leave(cause);
        return true;
      });
      return gone ?? false;
    },
    async halt(how, cause) {
      const demand = giveWay('asked again');
      restarts.cancel();
      await entry.note({ held: true }, { draining: supervision !== null, retryAt: null });
      await enqueue(() => runStop(how, cause, demand));
    },
    resume(cause) {
      if (!entry.record().held) return;
      void entry.note({ held: false }, { draining: false });
      giveWay('The runner is kept.');
      void enqueue(async () => {
        if (entry.runner().state === 'stopped') await beginStart(cause);
      });
    },
    adopt(process) {
      entry.show({ pid: process.pid, startedAt: process.startedAt });
      watch(process);
    },
    rollBack: async (cause) => {
      await enqueue(async () => {
        await undo();
        await entry.fail({ code: 'CONFLICT', message: cause, remedy: 'Retry it, or remove it.' });
      });
    },
    async settled() {
      await work;
    },
    detach() {
      detached = true;
      restarts.dispose();
      deployAbort?.abort(new Error('The engine stops.'));
      drainAbort?.abort(new Error('The engine stops.'));
      // A stop that is under way still waits for its listener's end.
      void work.then(() => supervision?.detach());
    },
  };
}
