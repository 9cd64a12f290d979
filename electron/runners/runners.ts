/** All runners of this engine: what a person can ask of them, checked, and handed to each runner's own work. */
import { randomUUID } from 'node:crypto';
import PQueue from 'p-queue';
import type { DeployRequest, PoolChange } from '../../shared/contract.ts';
import { TracksideError } from '../../shared/errors.ts';
import type { Pool, Repository, Runner, RunnerState } from '../../shared/model.ts';
import { maxRunnersPerDeploy } from '../../shared/sizes.ts';
import type { BoardPublisher } from '../board.ts';
import type { ForgeRunner } from '../forges/forge.ts';
import type { Records } from '../platform/records.ts';
import { checkDeployRequest, nextNames } from './deploy-request.ts';
import { createRunnerEntry, type RunnerWitness } from './entry.ts';
import { createLiveRunner, type LiveContext, type LiveRunner, type StopManner } from './live-runner.ts';
import { createPoolLabels } from './pool-labels.ts';
import { managesItself } from './pool-request.ts';
import type { Pools } from './pools.ts';
import { newRunnerRecord, type RunnerRecord } from './record.ts';
import { recoverRunner } from './recovery.ts';

export interface RunnersOptions {
  board: BoardPublisher;
  records: Records<RunnerRecord>;
  pools: Pools;
  context: Omit<LiveContext, 'onGone' | 'heavyWork' | 'retriesDeploys' | 'isLowPriority'>;
  repository(repositoryId: string): Repository;
  /** Labels the forge gives without being asked. */
  defaultLabels: string[];
  /** How many clones and registrations may be made at once. */
  parallelDeploys: number;
  witness: RunnerWitness;
}

export interface Runners {
  deploy(request: DeployRequest): Promise<{ pool: Pool; runnerIds: string[] }>;
  cancelPoolDeploy(poolId: string): Promise<void>;
  /**
   * Starts this many more runners of a pool.
   * @param cause why, in one sentence
   * @throws TracksideError UNKNOWN, or CONFLICT when the pool would have more than its maximum
   */
  add(poolId: string, count: number, cause: string): Promise<{ runnerIds: string[] }>;
  /** Whether runners of the pool are being written down, and are not among `all` yet. */
  isAdding(poolId: string): boolean;
  /** Changes a pool; the keeper makes its runners follow, and they get its labels. */
  updatePool(poolId: string, change: PoolChange): Promise<Pool>;
  /** Removes a pool with its runners. */
  removePool(poolId: string, how: StopManner): Promise<void>;
  retry(runnerId: string): void;
  cancelDeploy(runnerId: string): Promise<void>;
  start(runnerId: string): void;
  stop(runnerId: string, how: StopManner): void;
  keep(runnerId: string): void;
  restart(runnerId: string): void;
  remove(runnerId: string, how: StopManner): void;
  /** Puts the idle deadline off. */
  keepFor(runnerId: string, durationMs: number): void;
  /** Stops a listener although its runner is wanted: see `LiveRunner.halt`. */
  halt(runnerId: string, how: StopManner, cause: string): Promise<void>;
  /** Every runner, for sampling and for matching with the forge's view. */
  all(): LiveRunner[];
  get(runnerId: string): LiveRunner;
  isOurs(repositoryId: string, name: string): boolean;
  /** Takes in the forge's view of the runners of a repository. */
  seenOnForge(repositoryId: string, listed: ForgeRunner[]): void;
  /** Brings the runners of the engine before back; resolves when each is adopted, resumed or taken back. */
  recover(): Promise<void>;
  /** Stops watching; the runners go on. */
  dispose(): Promise<void>;
}

/** How long a list of the forge may still name a runner that has left. */
const departedMs = 2 * 60_000;

const startable: readonly RunnerState[] = ['stopped', 'failed'];
const stoppable: readonly RunnerState[] = ['starting', 'idle', 'busy', 'reconnecting'];

export function createRunners(options: RunnersOptions): Runners {
  const { board, records, pools, repository } = options;
  const { clock } = options.context;
  const lives = new Map<string, LiveRunner>();
  const heavyWork = new PQueue({ concurrency: options.parallelDeploys });

  /** Runners that left lately, by repository and name: the forge's list may be older than that. */
  const departed = new Map<string, number>();
  const keyOf = (repositoryId: string, name: string): string => `${repositoryId}/${name}`;
  const forgetLater = ({ repositoryId, name }: Runner): void => {
    const now = clock.now();
    for (const [key, at] of departed) if (now - at > departedMs) departed.delete(key);
    departed.set(keyOf(repositoryId, name), now);
  };
  const hasJustLeft = (repositoryId: string, name: string): boolean => {
    const at = departed.get(keyOf(repositoryId, name));
    return at !== undefined && clock.now() - at <= departedMs;
  };

  const runnersOf = (poolId: string): LiveRunner[] =>
    [...lives.values()].filter(({ entry }) => entry.runner().poolId === poolId);
  /** A pool that manages itself is a promise and stays; any other lives as long as its runners. */
  const dropPoolWhenEmpty = async (poolId: string): Promise<void> => {
    const pool = board.current().pools[poolId];
    if (!pool || runnersOf(poolId).length > 0) return;
    if (!managesItself(pool) || pools.isLeaving(poolId)) await pools.delete(poolId);
  };
  const context: LiveContext = {
    ...options.context,
    heavyWork,
    retriesDeploys(poolId) {
      const pool = board.current().pools[poolId];
      return pool !== undefined && managesItself(pool);
    },
    isLowPriority: (poolId) => board.current().pools[poolId]?.neighbour.lowPriority ?? false,
    onGone(runnerId) {
      const gone = lives.get(runnerId)?.entry.runner();
      lives.delete(runnerId);
      if (!gone) return;
      forgetLater(gone);
      void dropPoolWhenEmpty(gone.poolId);
    },
  };

  const admit = (record: RunnerRecord): LiveRunner => {
    const live = createLiveRunner(
      createRunnerEntry(record, { records, board, clock, witness: options.witness }),
      context,
    );
    lives.set(record.id, live);
    return live;
  };
  const recovered = records.all().map(admit);

  const get = (runnerId: string): LiveRunner => {
    const live = lives.get(runnerId);
    if (!live)
      throw new TracksideError('UNKNOWN', 'This runner is not there any more.', {
        remedy: 'Choose one of those there are.',
      });
    return live;
  };
  const getIn = (runnerId: string, states: readonly RunnerState[], verb: string): LiveRunner => {
    const live = get(runnerId);
    const { name, state } = live.entry.runner();
    if (!states.includes(state)) {
      throw new TracksideError('CONFLICT', `${name} is ${state}; it cannot be ${verb} now.`);
    }
    return live;
  };

  const poolLabels = createPoolLabels({
    runners: () => [...lives.values()],
    defaultLabels: options.defaultLabels,
    forgeOf: context.forgeOf,
  });

  /** Names given out to runners that are not among `lives` yet. */
  const reserved = new Set<string>();
  const reserveNames = (pool: Pool, count: number, onForge: readonly string[]): string[] => {
    const ours = [...lives.values()].map(({ entry }) => entry.runner().name);
    const names = nextNames(pool.name, count, [...onForge, ...ours, ...reserved]);
    for (const given of names) reserved.add(given);
    return names;
  };
  const askForNames = async (repositoryId: string): Promise<string[]> => {
    const { forge, fullName } = context.forgeOf(repositoryId);
    return (await forge.runners(fullName)).map((runner) => runner.name);
  };
  /** As of the last look: a name that was taken since is noticed when it is registered. */
  const seenNames = (repositoryId: string): string[] =>
    Object.values(board.current().foreignRunners)
      .filter((row) => row.repositoryId === repositoryId && !hasJustLeft(repositoryId, row.name))
      .map(({ name }) => name);

  /** Runners of each pool that are being written down: they take their places already. */
  const coming = new Map<string, number>();
  const comingIn = (poolId: string): number => coming.get(poolId) ?? 0;
  const withComing = async <T>(poolId: string, count: number, work: () => Promise<T>): Promise<T> => {
    coming.set(poolId, comingIn(poolId) + count);
    try {
      return await work();
    } finally {
      coming.set(poolId, comingIn(poolId) - count);
      if (comingIn(poolId) === 0) coming.delete(poolId);
    }
  };

  /** Writes the records down, all or none, and begins the deploys. */
  const begin = async (pool: Pool, count: number, cause: string, onForge: readonly string[]) => {
    const names = reserveNames(pool, count, onForge);
    const created = names.map((name) =>
      newRunnerRecord({
        id: randomUUID(),
        poolId: pool.id,
        repositoryId: pool.repositoryId,
        name,
        defaultLabels: options.defaultLabels,
        customLabels: pool.labels,
        ephemeral: pool.lifecycle.mode === 'ephemeral',
        cause,
        now: clock.now(),
      }),
    );
    try {
      await Promise.all(created.map((record) => records.put(record)));
      for (const live of created.map(admit)) live.deploy();
    } catch (error) {
      await Promise.all(created.map(({ id }) => records.delete(id)));
      throw error;
    } finally {
      for (const name of names) reserved.delete(name);
    }
    return created.map(({ id }) => id);
  };

  const newPool = (request: DeployRequest): Pool => ({
    id: randomUUID(),
    name: request.name,
    repositoryId: request.repositoryId,
    labels: request.labels,
    size: request.size,
    lifecycle: request.lifecycle,
    target: { kind: 'repository' },
    scaling: request.scaling,
    neighbour: request.neighbour,
    rerunLost: request.rerunLost,
    paused: false,
    createdAt: clock.now(),
  });

  const removeRunner = (live: LiveRunner, how: StopManner): void => {
    if (isBeingDeployed(live.entry.runner())) void live.cancelDeploy().catch(() => live.remove(how));
    else live.remove(how);
  };

  return {
    async deploy(asked) {
      const request = checkDeployRequest(asked, repository(asked.repositoryId));
      const onForge = await askForNames(request.repositoryId);
      const pool = newPool(request);
      return withComing(pool.id, request.count, async () => {
        await pools.create(pool);
        try {
          return { pool, runnerIds: await begin(pool, request.count, 'Asked for just now.', onForge) };
        } catch (error) {
          await pools.delete(pool.id);
          throw error;
        }
      });
    },
    async add(poolId, count, cause) {
      const pool = pools.get(poolId);
      const most = managesItself(pool) ? pool.scaling.maxRunners : maxRunnersPerDeploy;
      const present = runnersOf(poolId).length + comingIn(poolId);
      if (present + count > most) {
        throw new TracksideError('CONFLICT', `${pool.name} has ${present} runners; its maximum is ${most}.`, {
          remedy: 'Raise its maximum first.',
        });
      }
      const onForge = seenNames(pool.repositoryId);
      return { runnerIds: await withComing(poolId, count, () => begin(pool, count, cause, onForge)) };
    },
    isAdding: (poolId) => comingIn(poolId) > 0,
    async updatePool(poolId, change) {
      const pool = await pools.update(poolId, change);
      if (change.labels !== undefined) await poolLabels.apply(pool);
      return pool;
    },
    async removePool(poolId, how) {
      pools.get(poolId);
      await pools.markLeaving(poolId);
      for (const live of runnersOf(poolId)) removeRunner(live, how);
      await dropPoolWhenEmpty(poolId);
    },
    async cancelPoolDeploy(poolId) {
      const deploying = runnersOf(poolId).filter(({ entry }) => isBeingDeployed(entry.runner()));
      await Promise.all(deploying.map((live) => live.cancelDeploy().catch(() => {})));
    },
    retry: (id) => getIn(id, ['failed'], 'retried').redeploy('Tried again.'),
    cancelDeploy: (id) => get(id).cancelDeploy(),
    start(id) {
      const live = getIn(id, startable, 'started');
      const { registration, ephemeral } = live.entry.record();
      if (registration === 'yes' && !ephemeral) live.start();
      else live.redeploy('Asked to start.');
    },
    stop: (id, how) => getIn(id, stoppable, 'stopped').stop(how),
    keep: (id) => get(id).keep(),
    restart: (id) => getIn(id, stoppable, 'restarted').restart(),
    remove: (id, how) => removeRunner(get(id), how),
    keepFor(id, durationMs) {
      get(id).keepUntil(clock.now() + durationMs);
    },
    halt: (id, how, cause) => get(id).halt(how, cause),
    all: () => [...lives.values()],
    get,
    isOurs: (repositoryId, name) =>
      hasJustLeft(repositoryId, name) ||
      [...lives.values()].some(({ entry }) => {
        const runner = entry.runner();
        return runner.repositoryId === repositoryId && runner.name === name;
      }),
    seenOnForge(repositoryId, listed) {
      for (const { entry } of lives.values()) {
        const runner = entry.runner();
        if (runner.repositoryId !== repositoryId) continue;
        const seen = listed.find(({ id, name }) => id === runner.forgeRunnerId && name === runner.name);
        const forgeStatus = seen?.status ?? 'unknown';
        const labels = seen?.labels ?? runner.labels;
        const same = forgeStatus === runner.forgeStatus && labels.join() === runner.labels.join();
        if (!same) entry.show({ forgeStatus, labels });
      }
      void poolLabels.retry(repositoryId);
    },
    async recover() {
      await Promise.all(recovered.map((live) => recoverRunner(live, context)));
      for (const poolId of Object.keys(board.current().pools)) await dropPoolWhenEmpty(poolId);
    },
    async dispose() {
      heavyWork.clear();
      for (const live of lives.values()) live.detach();
      await Promise.allSettled([...lives.values()].map((live) => live.settled()));
    },
  };
}

/** Whether a deploy is going on, its last two steps included. */
function isBeingDeployed(runner: { state: RunnerState; steps: { status: string }[] }): boolean {
  return (
    runner.state === 'deploying' ||
    (runner.state === 'starting' && runner.steps.some(({ status }) => status === 'active'))
  );
}
