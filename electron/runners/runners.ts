/** All runners of this engine: what a person can ask of them, checked, and handed to each runner's own work. */
import { randomUUID } from 'node:crypto';
import PQueue from 'p-queue';
import type { DeployRequest } from '../../shared/contract.ts';
import { TracksideError } from '../../shared/errors.ts';
import type { Pool, Repository, RunnerState } from '../../shared/model.ts';
import type { BoardPublisher } from '../board.ts';
import type { ForgeRunner } from '../forges/forge.ts';
import type { Records } from '../platform/records.ts';
import { checkDeployRequest, nextNames } from './deploy-request.ts';
import { createRunnerEntry } from './entry.ts';
import { createLiveRunner, type LiveContext, type LiveRunner, type StopManner } from './live-runner.ts';
import { newRunnerRecord, type RunnerRecord } from './record.ts';
import { recoverRunner } from './recovery.ts';

export interface RunnersOptions {
  board: BoardPublisher;
  records: Records<RunnerRecord>;
  pools: Records<Pool>;
  context: Omit<LiveContext, 'onGone' | 'heavyWork'>;
  repository(repositoryId: string): Repository;
  /** Labels the forge gives without being asked. */
  defaultLabels: string[];
  /** How many clones and registrations may be made at once. */
  parallelDeploys: number;
}

export interface Runners {
  deploy(request: DeployRequest): Promise<{ pool: Pool; runnerIds: string[] }>;
  cancelPoolDeploy(poolId: string): Promise<void>;
  retry(runnerId: string): void;
  cancelDeploy(runnerId: string): Promise<void>;
  start(runnerId: string): void;
  stop(runnerId: string, how: StopManner): void;
  keep(runnerId: string): void;
  restart(runnerId: string): void;
  remove(runnerId: string, how: StopManner): void;
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

const startable: readonly RunnerState[] = ['stopped', 'failed'];
const stoppable: readonly RunnerState[] = ['starting', 'idle', 'busy', 'reconnecting'];

export function createRunners(options: RunnersOptions): Runners {
  const { board, records, pools, repository } = options;
  const { clock } = options.context;
  const lives = new Map<string, LiveRunner>();
  const heavyWork = new PQueue({ concurrency: options.parallelDeploys });

  const dropPoolWhenEmpty = async (poolId: string): Promise<void> => {
    if ([...lives.values()].some(({ entry }) => entry.runner().poolId === poolId)) return;
    await pools.delete(poolId);
    board.delete('pools', poolId);
  };
  const context: LiveContext = {
    ...options.context,
    heavyWork,
    onGone(runnerId) {
      const poolId = lives.get(runnerId)?.entry.runner().poolId;
      lives.delete(runnerId);
      if (poolId) void dropPoolWhenEmpty(poolId);
    },
  };

  const admit = (record: RunnerRecord): LiveRunner => {
    const live = createLiveRunner(createRunnerEntry(record, { records, board, clock }), context);
    lives.set(record.id, live);
    return live;
  };
  for (const pool of pools.all()) board.set('pools', pool.id, pool);
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

  /** Names given out to runners that are not among `lives` yet. */
  const reserved = new Set<string>();
  const reserveNames = async ({ repositoryId, name, count }: DeployRequest): Promise<string[]> => {
    const { forge, fullName } = context.forgeOf(repositoryId);
    const onForge = (await forge.runners(fullName)).map((runner) => runner.name);
    const ours = [...lives.values()].map(({ entry }) => entry.runner().name);
    const names = nextNames(name, count, [...onForge, ...ours, ...reserved]);
    for (const given of names) reserved.add(given);
    return names;
  };

  /** Writes a pool and its runners down: all of them or, when that fails, none. */
  const writeDown = async (pool: Pool, created: RunnerRecord[]): Promise<void> => {
    try {
      await Promise.all([pools.put(pool), ...created.map((record) => records.put(record))]);
    } catch (error) {
      await Promise.all([pools.delete(pool.id), ...created.map(({ id }) => records.delete(id))]);
      throw error;
    }
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

  return {
    async deploy(asked) {
      const request = checkDeployRequest(asked, repository(asked.repositoryId));
      const names = await reserveNames(request);
      const pool = newPool(request);
      const created = names.map((name) =>
        newRunnerRecord({
          id: randomUUID(),
          poolId: pool.id,
          repositoryId: request.repositoryId,
          name,
          defaultLabels: options.defaultLabels,
          customLabels: request.labels,
          now: clock.now(),
        }),
      );
      try {
        await writeDown(pool, created);
        board.set('pools', pool.id, pool);
        for (const live of created.map(admit)) live.deploy();
      } finally {
        for (const name of names) reserved.delete(name);
      }
      return { pool, runnerIds: created.map(({ id }) => id) };
    },
    async cancelPoolDeploy(poolId) {
      const deploying = [...lives.values()].filter(
        ({ entry }) => entry.runner().poolId === poolId && isBeingDeployed(entry.runner()),
      );
      await Promise.all(deploying.map((live) => live.cancelDeploy().catch(() => {})));
    },
    retry: (id) => getIn(id, ['failed'], 'retried').retry(),
    cancelDeploy: (id) => get(id).cancelDeploy(),
    start(id) {
      const live = getIn(id, startable, 'started');
      if (live.entry.record().registration === 'yes') live.start();
      else live.retry();
    },
    stop: (id, how) => getIn(id, stoppable, 'stopped').stop(how),
    keep: (id) => get(id).keep(),
    restart: (id) => getIn(id, stoppable, 'restarted').restart(),
    remove(id, how) {
      const live = get(id);
      if (isBeingDeployed(live.entry.runner())) void live.cancelDeploy().catch(() => live.remove(how));
      else live.remove(how);
    },
    all: () => [...lives.values()],
    get,
    isOurs: (repositoryId, name) =>
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
    },
    async recover() {
      const { processes, shifts, folderOf } = context;
      const now = () => clock.now();
      await Promise.all(recovered.map((live) => recoverRunner(live, { processes, shifts, folderOf, now })));
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
