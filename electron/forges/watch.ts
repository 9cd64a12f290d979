/** Watches the queue and the runners of each connected repository: often while something goes on, seldom otherwise. */
import { TracksideError } from '../../shared/errors.ts';
import type { Job, Problem, Repository, Runner } from '../../shared/model.ts';
import type { BoardPublisher } from '../board.ts';
import type { Clock } from '../platform/clock.ts';
import { explainWaits, type WaitRunner } from '../workflows/waiting.ts';
import type { Connections } from './connections.ts';
import type { ForgeJob, ForgeRunner } from './forge.ts';
import { nextDelayMs, type PaceState } from './pace.ts';
import { createTableSync } from './table-sync.ts';

export interface WatchesOptions {
  board: BoardPublisher;
  connections: Pick<Connections, 'forge' | 'note'>;
  clock: Clock;
  /** Whether this engine created the runner. */
  isOurs(repositoryId: string, name: string): boolean;
  onRunners(repositoryId: string, runners: ForgeRunner[]): void;
  onJobs?(repositoryId: string, jobs: ForgeJob[]): void;
}

export interface Watches {
  add(repository: Repository): void;
  remove(repositoryId: string): void;
  /** Looks now; resolves when it has been looked at, whatever came of it. */
  refresh(repositoryId: string): Promise<void>;
  dispose(): void;
}

interface Watch {
  /** Joins the look that is going on, else begins one. `fresh`: an own one that begins after this call. */
  look(fresh: boolean): Promise<void>;
  /** Somebody began to look at the panel. */
  wake(): void;
  stop(): void;
}

/** Creates the watches; none yet. */
export function createWatches(options: WatchesOptions): Watches {
  const watches = new Map<string, Watch>();
  const stopListening = options.board.onWatchers((count) => {
    if (count > 0) for (const watch of watches.values()) watch.wake();
  });
  return {
    add(repository) {
      watches.get(repository.id)?.stop();
      watches.set(repository.id, createWatch(repository, options));
    },
    remove(id) {
      watches.get(id)?.stop();
      watches.delete(id);
    },
    refresh: async (id) => watches.get(id)?.look(true),
    dispose() {
      stopListening();
      for (const watch of watches.values()) watch.stop();
      watches.clear();
    },
  };
}

function createWatch(repository: Repository, options: WatchesOptions): Watch {
  const { board, connections, clock } = options;
  const { id, connectionId, fullName } = repository;
  const abort = new AbortController();
  const jobs = createTableSync(board, 'jobs');
  const foreignRunners = createTableSync(board, 'foreignRunners');
  const pace: PaceState = { quietLooks: 0, failures: 0, chargePerLook: 0 };
  let current: Promise<void> | null = null;
  let cancelNext = (): void => {};
  let lookedAt = Number.NEGATIVE_INFINITY;

  const show = (change: Partial<Repository>): void => {
    const row = board.current().repositories[id];
    if (row) board.set('repositories', id, { ...row, ...change });
  };

  const publish = (listedJobs: ForgeJob[], listedRunners: ForgeRunner[]): void => {
    options.onRunners(id, listedRunners);
    options.onJobs?.(id, listedJobs);
    jobs.replace(jobRows(repository, listedJobs, waitRunners(board, id, listedRunners)));
    foreignRunners.replace(
      listedRunners
        .filter(({ name }) => !options.isOurs(id, name))
        .map(({ id: runnerId, name, labels, status, busy }) => ({
          id: `${id}/${runnerId}`,
          repositoryId: id,
          name,
          labels,
          status,
          busy,
        })),
    );
    show({ checkedAt: clock.now(), problem: null });
  };

  const lookOnce = async (): Promise<void> => {
    try {
      const forge = connections.forge(connectionId);
      const before = forge.budget();
      const [listedJobs, listedRunners] = await Promise.all([
        forge.activeJobs(fullName, abort.signal),
        forge.runners(fullName, abort.signal),
      ]);
      if (abort.signal.aborted) return;
      connections.note(connectionId, null);
      publish(listedJobs, listedRunners);
      const charge = Math.max(0, (before?.remaining ?? 0) - (forge.budget()?.remaining ?? 0));
      pace.chargePerLook = pace.chargePerLook * 0.7 + charge * 0.3;
      pace.quietLooks = listedJobs.length > 0 ? 0 : pace.quietLooks + 1;
      pace.requestsPerLook = 4 + new Set(listedJobs.map(({ runId }) => runId)).size;
      pace.failures = 0;
      pace.failure = null;
    } catch (error) {
      if (abort.signal.aborted) return;
      connections.note(connectionId, error);
      pace.failures += 1;
      pace.failure = error;
      show({ problem: problemOf(error, fullName) });
    }
  };

  const planNext = (): void => {
    cancelNext();
    if (abort.signal.aborted) return;
    const budget = usableBudget(connections, connectionId);
    const delayMs = nextDelayMs(pace, { now: clock.now(), budget, isLookedAt: board.watchers() > 0 });
    cancelNext = clock.after(Math.max(0, lookedAt + delayMs - clock.now()), () => void look(false));
  };

  const begin = (): Promise<void> => {
    cancelNext();
    const work = lookOnce().finally(() => {
      current = null;
      lookedAt = clock.now();
      planNext();
    });
    current = work;
    return work;
  };
  const look: Watch['look'] = async (fresh) => {
    if (!current) return begin();
    if (!fresh) return current;
    const before = current;
    await before;
    // Whoever waited as well may have begun the look that comes after.
    return current ?? begin();
  };

  planNext();
  return {
    look,
    wake() {
      if (!current) planNext();
    },
    stop() {
      abort.abort(new Error(`${fullName} is not watched any more.`));
      cancelNext();
      jobs.replace([]);
      foreignRunners.replace([]);
    },
  };
}

function usableBudget(connections: Pick<Connections, 'forge'>, connectionId: string) {
  try {
    return connections.forge(connectionId).budget();
  } catch {
    return null;
  }
}

function problemOf(error: unknown, fullName: string): Problem {
  if (error instanceof TracksideError) {
    return { code: error.code, message: error.message, remedy: error.data.remedy };
  }
  const reason = error instanceof Error ? error.message : String(error);
  return {
    code: 'HOST_FAILED',
    message: `${fullName} could not be looked at: ${reason}`,
    remedy: 'Look at the log of Trackside.',
  };
}

const coming: readonly Runner['state'][] = ['deploying', 'starting', 'reconnecting'];

/**
 * The runners that a job could wait for: the forge's list, corrected by what this machine knows better (a runner that
 * runs a job is busy, whatever the forge says), and our own that are still to come.
 */
function waitRunners(board: BoardPublisher, repositoryId: string, listed: ForgeRunner[]): WaitRunner[] {
  const own = Object.values(board.current().runners).filter((row) => row.repositoryId === repositoryId);
  const known = listed.map(({ name, labels, status, busy }): WaitRunner => {
    const ours = own.find((row) => row.name === name);
    const isComing = status === 'offline' && ours !== undefined && coming.includes(ours.state);
    return { name, labels, status: isComing ? 'starting' : status, busy: busy || ours?.state === 'busy' };
  });
  const unlisted = own.filter(
    ({ name, state }) => coming.includes(state) && !listed.some((row) => row.name === name),
  );
  return [
    ...known,
    ...unlisted.map(({ name, labels }) => ({ name, labels, status: 'starting', busy: false }) as const),
  ];
}

function jobRows(repository: Repository, listed: ForgeJob[], runners: WaitRunner[]): Job[] {
  const queued = listed.filter(({ status }) => status === 'queued');
  const waits = explainWaits(queued, runners);
  return listed.map((job) => ({
    id: `${repository.id}/${job.id}`,
    repositoryId: repository.id,
    runId: job.runId,
    name: job.name,
    workflow: job.workflow,
    branch: job.branch,
    labels: job.labels,
    status: job.status,
    queuedAt: job.queuedAt,
    startedAt: job.startedAt,
    runnerName: job.runnerName,
    url: job.url,
    wait: waits.get(job) ?? null,
  }));
}
