/** Watches the queue and the runners of each connected repository: often while something goes on, seldom otherwise. */
import { TracksideError } from '../../shared/errors.ts';
import type { Problem, Repository } from '../../shared/model.ts';
import type { BoardPublisher } from '../board.ts';
import type { Clock } from '../platform/clock.ts';
import type { Connections } from './connections.ts';
import type { ForgeJob, ForgeRunner } from './forge.ts';
import { foreignRunnerRows, jobRows, waitRunners } from './forge-rows.ts';
import { initialPace, learn, nextDelayMs } from './pace.ts';
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

/** What one look saw. */
interface Seen {
  listedJobs: ForgeJob[];
  listedRunners: ForgeRunner[];
  /** Requests that it was charged for. */
  charge: number;
}

function createWatch(repository: Repository, options: WatchesOptions): Watch {
  const { board, connections, clock } = options;
  const { id, connectionId, fullName } = repository;
  const abort = new AbortController();
  const jobs = createTableSync(board, 'jobs');
  const foreignRunners = createTableSync(board, 'foreignRunners');
  let pace = initialPace;
  let current: Promise<void> | null = null;
  let cancelNext = (): void => {};
  let lookedAt = Number.NEGATIVE_INFINITY;

  const show = (change: Partial<Repository>): void => {
    const row = board.current().repositories[id];
    if (row) board.set('repositories', id, { ...row, ...change });
  };

  const publish = ({ listedJobs, listedRunners }: Seen): void => {
    options.onRunners(id, listedRunners);
    options.onJobs?.(id, listedJobs);
    jobs.replace(jobRows(repository, listedJobs, waitRunners(board, id, listedRunners)));
    foreignRunners.replace(foreignRunnerRows(id, listedRunners, options.isOurs));
    show({ checkedAt: clock.now(), problem: null });
  };

  const readForge = async (): Promise<Seen> => {
    const forge = connections.forge(connectionId);
    const before = forge.budget()?.remaining ?? 0;
    const [listedJobs, listedRunners] = await Promise.all([
      forge.activeJobs(fullName, abort.signal),
      forge.runners(fullName, abort.signal),
    ]);
    return { listedJobs, listedRunners, charge: Math.max(0, before - (forge.budget()?.remaining ?? 0)) };
  };

  const planNext = (): void => {
    cancelNext();
    const budget = usableBudget(connections, connectionId);
    const delayMs = nextDelayMs(pace, { now: clock.now(), budget, isLookedAt: board.watchers() > 0 });
    cancelNext = clock.after(Math.max(0, lookedAt + delayMs - clock.now()), () => void look(false));
  };

  /** Ends a look. What others wait for is published last, when the next look is planned already. */
  const settle = (outcome: Seen | Error): void => {
    current = null;
    if (abort.signal.aborted) return;
    lookedAt = clock.now();
    pace = learn(
      pace,
      outcome instanceof Error ? outcome : { jobs: outcome.listedJobs, charge: outcome.charge },
    );
    planNext();
    connections.note(connectionId, outcome instanceof Error ? outcome : null);
    try {
      if (outcome instanceof Error) throw outcome;
      publish(outcome);
    } catch (error) {
      show({ problem: problemOf(error, fullName) });
    }
  };

  const begin = (): Promise<void> => {
    cancelNext();
    current = readForge().then(settle, settle);
    return current;
  };
  const look: Watch['look'] = async (fresh) => {
    if (!current) return begin();
    if (!fresh) return current;
    await current;
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
  return {
    code: 'HOST_FAILED',
    message: `${fullName} could not be looked at: ${error instanceof Error ? error.message : error}`,
    remedy: 'Look at the log of Trackside.',
  };
}
