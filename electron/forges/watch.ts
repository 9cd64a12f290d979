/** Watches the queue and the runners of one repository: often while something may go on, seldom otherwise. */
import { TracksideError } from '../../shared/errors.ts';
import type { Problem, Repository } from '../../shared/model.ts';
import type { BoardPublisher } from '../board.ts';
import type { Clock } from '../platform/clock.ts';
import type { Connections } from './connections.ts';
import type {
  Forge,
  ForgeJob,
  ForgeRunner,
  ForgeStatus,
  QueueReader,
  QueueSight,
  RunnerGroup,
} from './forge.ts';
import type { WatchBudget } from './watch-budget.ts';
import { createWatchCosts } from './watch-costs.ts';
import { type LookScope, nextLook, type WatchFailure } from './watch-pace.ts';
import type { WatchDemand, WatchPlan } from './watch-plan.ts';
import { createSurroundings } from './watch-surroundings.ts';

/** What is known of one repository after a look at it. */
export interface RepositorySight {
  /** Queued, waiting and running jobs, the longest waiting first; the same array again while none was read anew. */
  jobs: ForgeJob[];
  /** As last listed; the same array again until they are listed the next time. */
  runners: ForgeRunner[];
  /** Groups above the repository; null where they were not asked for, or may not be seen. */
  groups: RunnerGroup[] | null;
  /** What the forge's status page says, also while looks fail; null where it was not asked, or there is none. */
  status: ForgeStatus | null;
}

export interface WatchOptions {
  board: BoardPublisher;
  connections: Pick<Connections, 'forge' | 'note'>;
  clock: Clock;
  /** Called with the forge's view after every look that read it. */
  onRunners(repositoryId: string, runners: ForgeRunner[]): void;
  /** Called after every look that read jobs anew. */
  onJobs?(repositoryId: string, jobs: ForgeJob[]): void;
  /** Called after every look that succeeded, also when nothing has changed, and when groups or status came in. */
  onSight?(repositoryId: string, sight: RepositorySight): void;
  /** The repository is not watched any more. */
  onLeft?(repositoryId: string): void;
}

export interface Watch {
  /** A look at everything that begins after this call; resolves when it has ended, whatever came of it. */
  refresh(): Promise<void>;
  /** Looks as soon as may be. */
  hurry(): void;
  /** What is asked for has changed: somebody looks, a pool came. */
  replan(): void;
  /** This machine slept, or is on another network: what failed may work now. */
  wake(): void;
  /** A runner of ours changed; `doubted` tells which jobs that concerns. */
  runnerChanged(doubted: Parameters<QueueReader['doubt']>[0] | null): void;
  stop(): void;
}

/** What it shares with the other watches of its connection. */
interface Shared {
  budget: WatchBudget;
  readStatus(): Promise<ForgeStatus | null>;
}

export function createWatch(
  repository: Repository,
  { budget, readStatus }: Shared,
  options: WatchOptions,
): Watch {
  const { board, connections, clock } = options;
  const { id, connectionId, fullName } = repository;
  const abort = new AbortController();
  const costs = createWatchCosts(budget.meter);
  let reading: { forge: Forge; queue: QueueReader } | null = null;
  let current: { scope: LookScope; ended: Promise<void> } | null = null;
  let cancelNext = (): void => {};
  let startedAt: number | null = null;
  /** From the beginning of the look before to that of the last. */
  let sinceMs = 0;
  let upkeepMs = usualUpkeepMs;
  /** When the last look that was expected to make sure that nothing was missed began. */
  let upkeepAt = Number.NEGATIVE_INFINITY;
  let hurried = false;
  let failure: WatchFailure | null = null;
  let sight: QueueSight = { jobs: [], isNews: false, activeRuns: 0, unread: 0 };
  let quietLooks = 0;
  let runners: { listed: ForgeRunner[]; readAt: number; changed: boolean } | null = null;

  const demand = (): WatchDemand => ({
    wish: wishOf(board, id, goesOn(sight.jobs)),
    quietLooks,
    activeRuns: sight.activeRuns,
    ...costs.current(),
  });
  const show = (change: Partial<Repository>): void => {
    const row = board.current().repositories[id];
    if (row) board.set('repositories', id, { ...row, ...change });
  };

  const queueOf = (forge: Forge): QueueReader => {
    // A connection that was given another token has another client.
    if (reading?.forge !== forge) {
      reading = { forge, queue: forge.queueReader(fullName, costs.meterOf) };
    }
    return reading.queue;
  };
  const areRunnersDue = (scope: LookScope): boolean => {
    if (!runners || scope === 'all') return true;
    // What is saved is saved here as well.
    const age = (Math.abs(clock.now() - runners.readAt) * usualUpkeepMs) / upkeepMs;
    const isSeen = board.watchers() > 0;
    if (runners.changed) return age >= (isSeen ? seenChangeMs : unseenChangeMs);
    return age >= (isSeen ? seenRunnersMs : usualUpkeepMs);
  };
  const readRunners = async (forge: Forge): Promise<ForgeRunner[]> => {
    const readAt = clock.now();
    if (runners) runners.changed = false;
    const listed = await forge.runners(fullName, abort.signal, costs.meterOf('upkeep'));
    runners = { listed, readAt, changed: runners?.changed ?? false };
    return listed;
  };
  /** Upkeep takes several requests at once: room is made for them before they are sent. */
  const expectedOf = (scope: LookScope): ReturnType<typeof costs.current> => {
    const expected = costs.current();
    const isUpkeep = scope === 'all' || Math.abs(clock.now() - upkeepAt) >= upkeepMs;
    if (!isUpkeep) return expected;
    upkeepAt = clock.now();
    return { ...expected, requestsPerLook: expected.requestsPerLook + expected.upkeepRequests };
  };
  const read = async (scope: LookScope): Promise<{ sight: QueueSight; listed: ForgeRunner[] | null }> => {
    const release = await budget.admit(expectedOf(scope), abort.signal);
    try {
      const forge = connections.forge(connectionId);
      const plan = budget.plan(id);
      upkeepMs = plan.upkeepMs;
      const look = { ...plan, scope, ...budget.room() };
      const [queue, listed] = await Promise.all([
        queueOf(forge).look(look, abort.signal),
        areRunnersDue(scope) ? readRunners(forge) : null,
      ]);
      return { sight: queue, listed };
    } finally {
      release();
    }
  };

  const planNext = (): WatchPlan => {
    cancelNext();
    const plan = budget.plan(id);
    const now = clock.now();
    const next = nextLook({ now, startedAt, hurried, failure, intervalMs: plan.intervalMs });
    cancelNext = clock.after(next.delayMs, () => void begin(next.scope));
    return failure ? { ...plan, intervalMs: next.delayMs, reason: 'failing' } : plan;
  };

  const tellSight = (): void => {
    if (!runners || abort.signal.aborted) return;
    options.onSight?.(id, { jobs: sight.jobs, runners: runners.listed, ...surroundings.current() });
  };
  const readGroups = async (): Promise<RunnerGroup[] | null> => {
    const release = await budget.admit(groupsCost, abort.signal);
    try {
      const meter = costs.meterOf('upkeep');
      return await connections.forge(connectionId).runnerGroups(fullName, abort.signal, meter);
    } finally {
      release();
    }
  };
  const surroundings = createSurroundings({ clock, readGroups, readStatus, onNews: tellSight });
  const publish = (listed: ForgeRunner[] | null): void => {
    if (listed) options.onRunners(id, listed);
    if (sight.isNews) options.onJobs?.(id, sight.jobs);
    surroundings.seen(sight.jobs, runners?.listed ?? []);
    tellSight();
  };

  /** Ends a look. What others wait for is published last, when the next look is planned already. */
  const settle = (outcome: Awaited<ReturnType<typeof read>> | Error): void => {
    const scope = current?.scope;
    current = null;
    if (abort.signal.aborted) return;
    const error = outcome instanceof Error ? outcome : null;
    failure = error && { error, at: clock.now(), count: (failure?.count ?? 0) + 1 };
    if (!(outcome instanceof Error)) {
      const before = sight.jobs;
      sight = outcome.sight;
      quietLooks = goesOn(sight.jobs) ? 0 : quietLooks + 1;
      if (runners && board.watchers() > 0 && isAnyNew(before, sight.jobs)) runners.changed = true;
      costs.learn({ isUsual: scope === 'next', sinceMs, upkeepMs });
    }
    const { intervalMs, reason } = planNext();
    connections.note(connectionId, error);
    const watch = { intervalMs, reason };
    try {
      if (outcome instanceof Error) {
        surroundings.failed(outcome);
        throw outcome;
      }
      publish(outcome.listed);
      show({ checkedAt: clock.now(), problem: null, watch });
    } catch (thrown) {
      show({ problem: problemOf(thrown, fullName), watch });
    }
  };

  const begin = (scope: LookScope): Promise<void> => {
    cancelNext();
    hurried = false;
    sinceMs = Math.max(0, clock.now() - (startedAt ?? clock.now()));
    startedAt = clock.now();
    costs.begin();
    const ended = read(scope).then(settle, settle);
    current = { scope, ended };
    return ended;
  };
  const replan = (): void => {
    if (!current) planNext();
  };

  budget.join(id, demand);
  planNext();
  return {
    async refresh() {
      if (!current) return begin('all');
      await current.ended;
      // Whoever waited as well may have begun the look that comes after.
      return current?.scope === 'all' ? current.ended : begin('all');
    },
    hurry() {
      if (hurried) return;
      hurried = true;
      replan();
    },
    replan,
    wake() {
      failure = null;
      hurried = true;
      if (runners) runners.changed = true;
      replan();
    },
    runnerChanged(doubted) {
      if (runners) runners.changed = true;
      if (doubted) reading?.queue.doubt(doubted);
    },
    stop() {
      abort.abort(new Error(`${fullName} is not watched any more.`));
      cancelNext();
      budget.leave(id);
      options.onLeft?.(id);
    },
  };
}

const usualUpkeepMs = 60_000;
/** Expected of a reading of runner groups: the repository, both lists of groups, the runners of two. */
const groupsCost = { requestsPerLook: 5, chargedPerLook: 5 };
/** Age at which the list of runners is read again while somebody looks. */
const seenRunnersMs = 10_000;
/** The same when one of ours changed, or a job came: it is told what it waits for by the runners there are. */
const seenChangeMs = 5000;
const unseenChangeMs = 20_000;

function wishOf(board: BoardPublisher, repositoryId: string, isActive: boolean): WatchDemand['wish'] {
  if (isActive) return 'active';
  const pools = Object.values(board.current().pools);
  const isServed = pools.some(
    (pool) => pool.repositoryId === repositoryId && pool.lifecycle.mode !== 'manual' && !pool.paused,
  );
  if (isServed) return 'pool';
  return board.watchers() > 0 ? 'looked-at' : 'unattended';
}

/** Whether something may happen any moment: what waits for a person or a rule may do so for days. */
function goesOn(jobs: readonly ForgeJob[]): boolean {
  return jobs.some(({ status }) => status === 'queued' || status === 'in_progress');
}

/** Whether a job waits now that did not before: what it waits for depends on the runners. */
function isAnyNew(before: readonly ForgeJob[], jobs: readonly ForgeJob[]): boolean {
  const known = new Set(before.map(({ id }) => id));
  return jobs.some(({ id, status }) => status === 'queued' && !known.has(id));
}

/** What a failed look at something is told as. @param what its name */
export function problemOf(error: unknown, what: string): Problem {
  if (error instanceof TracksideError) {
    return { code: error.code, message: error.message, remedy: error.data.remedy };
  }
  return {
    code: 'HOST_FAILED',
    message: `${what} could not be looked at: ${error instanceof Error ? error.message : error}`,
    remedy: 'Look at the log of Trackside.',
  };
}
