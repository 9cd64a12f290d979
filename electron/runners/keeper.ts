/**
 * Keeps what pools promise: looks at jobs, runners and the host whenever something happened or is due, decides with the
 * autoscaler's pure functions, and has it done.
 */
import { isDeepStrictEqual } from 'node:util';
import type { Change } from '../../shared/board.ts';
import type { Hold, Pool, PoolState } from '../../shared/model.ts';
import type { BoardPublisher } from '../board.ts';
import type { ForgeJob } from '../forges/forge.ts';
import type { Clock } from '../platform/clock.ts';
import { assignDemand } from './autoscaler/demand.ts';
import { keepManualPool, resumeHeld } from './held-runners.ts';
import type { LiveRunner } from './live-runner.ts';
import { managesItself } from './pool-request.ts';
import { type PoolContext, scalePool } from './pool-scaling.ts';
import type { Pools } from './pools.ts';
import { createQueueView, type QueuedJob } from './queue-view.ts';
import type { Runners } from './runners.ts';

export interface KeeperOptions {
  board: BoardPublisher;
  pools: Pools;
  runners: Pick<Runners, 'all' | 'add' | 'remove' | 'isAdding'>;
  clock: Clock;
  /** Labels the forge gives without being asked. */
  defaultLabels: readonly string[];
  /** How many more runners of this size the machine admits beside those of `pools` that are there. */
  admit(pool: Pool): Promise<{ count: number; hold: Hold | null }>;
  /** Whether a pool takes no new jobs now, and when that may change by time alone. */
  pauseOf(pool: Pool): { hold: Hold | null; nextChangeAt: number | null };
  /** Set while the engine is about to end: nothing is started or retired then. */
  quitting(): Hold | null;
  /** Looks at the forge now. */
  refresh(repositoryId: string): Promise<void>;
  /** Looks at the forge soon: something of ours has changed. */
  hurry(repositoryId: string): void;
  onFault(error: unknown): void;
}

export interface Keeper {
  /** Takes in the forge's answer: the queued and running jobs of one repository. */
  jobsSeen(repositoryId: string, jobs: readonly ForgeJob[]): void;
  /** Decides anew as soon as nothing else is to be done. */
  poke(): void;
  /** Begins to keep; before, it only takes in what it is told. */
  begin(): void;
  dispose(): void;
}

/** Time that may pass until something is looked at again although nothing seems to be due. */
const longestMs = 30_000;

export function createKeeper(options: KeeperOptions): Keeper {
  const { board, pools, runners, clock, onFault } = options;
  const queue = createQueueView();
  const contexts = new Map<string, PoolContext>();
  let begun = false;
  let disposed = false;
  let running = false;
  let again = false;
  let cancelNext = (): void => {};

  const contextOf = (pool: Pool): PoolContext => {
    const known = contexts.get(pool.id);
    if (known) return known;
    const fresh: PoolContext = {
      lastJobEndedAt: null,
      retiring: new Map(),
      drained: new Set(),
      trouble: null,
      blockedUntil: 0,
    };
    contexts.set(pool.id, fresh);
    return fresh;
  };

  const demandNow = (): Map<string, QueuedJob[]> =>
    assignDemand(
      queue.queued(),
      pools.all().map((pool) => ({
        id: pool.id,
        name: pool.name,
        repositoryId: pool.repositoryId,
        labels: [...options.defaultLabels, ...pool.labels],
        maxRunners: pool.scaling.maxRunners,
        taking: options.pauseOf(pool).hold === null,
      })),
    );

  const show = (state: PoolState): void => {
    if (!isDeepStrictEqual(board.current().poolStates[state.id], state)) {
      board.set('poolStates', state.id, state);
    }
  };

  const decidePool = async (pool: Pool, jobs: QueuedJob[]): Promise<number | null> => {
    const own = runnersOf(runners.all(), pool.id);
    const quitting = options.quitting();
    if (quitting) {
      show({
        id: pool.id,
        demand: jobs.length,
        wanted: 0,
        cause: quitting.sentence,
        hold: quitting,
        nextAt: null,
      });
      return null;
    }
    const { hold: pause, nextChangeAt } = options.pauseOf(pool);
    if (!managesItself(pool)) {
      show(keepManualPool(pool, own, jobs.length, pause, nextChangeAt));
      return nextChangeAt;
    }
    if (!pause) resumeHeld(own, 'Takes jobs again.');
    const state = await scalePool({
      pool,
      runners: own,
      queuedAt: jobs.map(({ queuedAt }) => queuedAt),
      pause,
      nextChangeAt,
      context: contextOf(pool),
      clock,
      admit: () => options.admit(pool),
      add: (count, cause) => runners.add(pool.id, count, cause),
      remove: (runnerId) => runners.remove(runnerId, 'drain'),
      isWantedNow: async () => {
        await options.refresh(pool.repositoryId);
        return (demandNow().get(pool.id)?.length ?? 0) > 0;
      },
      isStale: () => isStale(board, pool.repositoryId, clock.now()),
      onFault,
    });
    show(state);
    return state.nextAt;
  };

  const decide = async (): Promise<void> => {
    const demand = demandNow();
    let next = clock.now() + longestMs;
    for (const pool of pools.all()) {
      // Its new runners are about to be on the board, which asks for another decision.
      if (runners.isAdding(pool.id)) continue;
      const at = await decidePool(pool, demand.get(pool.id) ?? []);
      if (at !== null) next = Math.min(next, at);
    }
    cancelNext();
    cancelNext = clock.after(Math.max(0, next - clock.now()), poke);
  };

  const run = async (): Promise<void> => {
    if (running || disposed) return;
    running = true;
    try {
      while (again && !disposed) {
        again = false;
        await decide();
      }
    } catch (error) {
      onFault(error);
      cancelNext();
      cancelNext = clock.after(longestMs, poke);
    } finally {
      running = false;
    }
  };
  function poke(): void {
    if (!begun || disposed) return;
    const first = !again;
    again = true;
    if (first) setImmediate(() => void run());
  }

  const follow = createFollower({ board, queue, contextOf, hurry: options.hurry, clock });
  const stopFollowing = board.onChange((change) => {
    if (follow(change)) poke();
  });

  return {
    jobsSeen(repositoryId, jobs) {
      queue.seen(repositoryId, jobs);
      poke();
    },
    poke,
    begin() {
      begun = true;
      poke();
    },
    dispose() {
      disposed = true;
      stopFollowing();
      cancelNext();
    },
  };
}

function runnersOf(all: readonly LiveRunner[], poolId: string): LiveRunner[] {
  return all.filter(({ entry }) => entry.runner().poolId === poolId);
}

/** A queue that was last read longer ago than this is read again before a runner leaves for want of jobs. */
const freshMs = 5000;

function isStale(board: BoardPublisher, repositoryId: string, now: number): boolean {
  return now - (board.current().repositories[repositoryId]?.checkedAt ?? 0) > freshMs;
}

/** Tells which changes of the board ask for a decision, and takes in what they say of jobs and deploys. */
function createFollower(options: {
  board: BoardPublisher;
  queue: ReturnType<typeof createQueueView>;
  contextOf(pool: Pool): PoolContext;
  hurry(repositoryId: string): void;
  clock: Clock;
}): (change: Change) => boolean {
  const { board, queue, contextOf, hurry, clock } = options;
  /** What mattered of each runner at its last change. */
  const before = new Map<string, { key: string; job: string | null }>();
  return (change) => {
    if (change.kind === 'panel') return 'quitting' in change.state || 'surroundings' in change.state;
    if (change.table === 'pools' || change.table === 'connections') return true;
    if (change.table !== 'runners') return false;
    if (change.kind === 'delete') return before.delete(change.id);
    const { row } = change;
    const last = before.get(row.id);
    const job = row.job && `${row.job.name} ${row.job.startedAt}`;
    const key = [row.state, row.keptUntil, row.draining, row.retryAt, row.stateSince].join();
    before.set(row.id, { key, job });
    if (last?.key === key && last.job === job) return false;
    const pool = board.current().pools[row.poolId];
    if (pool) {
      if (row.job && job !== last?.job) queue.taken(row.repositoryId, row.name, row.job.name);
      if (last?.job && job === null) {
        contextOf(pool).lastJobEndedAt = clock.now();
        hurry(row.repositoryId);
      }
      if (row.state === 'failed') {
        contextOf(pool).trouble = `${row.name}: ${row.failure?.message ?? row.cause}`;
      }
      if (row.state === 'idle') contextOf(pool).trouble = null;
    }
    return true;
  };
}
