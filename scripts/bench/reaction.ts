/**
 * From a queued job to its start: with nothing running before, and with a warm spare; and what an idle hour costs.
 *
 * Reaction is measured in real time, from before the request that queues the job until the forge has it started. The
 * engine's clock is moved forward only between jobs, so that idle runners leave at once, and in the idle hour.
 */
import { setTimeout as pass } from 'node:timers/promises';
import type { Engine } from '../../electron/engine.ts';
import { createSteppableClock, type SteppableClock } from '../../electron/testing/steppable-clock.ts';
import type { Pool, Scaling } from '../../shared/model.ts';
import { defaultIdleTimeoutMs, defaultNeighbour, defaultScaling } from '../../shared/pool-defaults.ts';
import { type Benchmark, type Figures, percentile, type Targets } from './benchmark.ts';
import { openEngine } from './engine-deploy.ts';
import { request, type Stage, setUpStage } from './stage.ts';

const coldJobs = 100;
const spareJobs = 30;
const hourMs = 60 * 60_000;
const timeoutMs = 60_000;
/** Longer than any idle runner of a balanced pool stays. */
const beyondDeadlinesMs = 11 * 60_000;
/** Jobs come at any moment between two looks at the queue. */
const longestGapMs = 2000;

/** A stage with an engine on it whose clock can be moved. */
interface Course {
  stage: Stage;
  engine: Engine;
  clock: SteppableClock;
  repositoryId: string;
}

/** A small pool that takes any job, without a runner. */
async function createPool({ engine, repositoryId }: Course, scaling: Scaling): Promise<Pool> {
  const { pool } = await engine.runners.deploy({
    repositoryId,
    count: 0,
    name: 'bench',
    labels: [],
    size: { preset: 'custom', cores: 0.5, memoryBytes: 256 * 1024 ** 2 },
    lifecycle: { mode: 'auto', idleTimeoutMs: defaultIdleTimeoutMs },
    scaling,
    neighbour: defaultNeighbour,
    rerunLost: true,
    acceptPublicRisk: true,
  });
  return pool;
}

interface Reaction {
  /** From the job's queueing to the first runner on the board. */
  noticedMs: number;
  /** From the job's queueing to its start. */
  startedMs: number;
}

/** Queues one job, and waits until it has started and then ended. */
async function reactToJob({ engine, stage: { demo } }: Course): Promise<Reaction> {
  const queuedBefore = demo.snapshot().jobs.length;
  const isLatest = (is: (status: string) => boolean) => (state: ReturnType<typeof demo.snapshot>) =>
    state.jobs.length > queuedBefore && is(state.jobs.at(-1)?.status ?? '');
  const queuedAt = performance.now();
  const noticed = engine.board
    .when(({ runners }) => Object.keys(runners).length > 0, AbortSignal.timeout(timeoutMs))
    .then(() => performance.now() - queuedAt);
  await request(demo, 'POST', `/repos/${demo.repository}/actions/workflows/quick.yml/dispatches`, {
    ref: 'main',
  });
  await demo.waitFor(
    isLatest((status) => status !== 'queued'),
    AbortSignal.timeout(timeoutMs),
  );
  const startedMs = performance.now() - queuedAt;
  await demo.waitFor(
    isLatest((status) => status === 'completed'),
    AbortSignal.timeout(timeoutMs),
  );
  return { noticedMs: await noticed, startedMs };
}

const randomGap = (): Promise<void> => pass(Math.random() * longestGapMs);

/** Lets the runners' deadlines pass, and waits until all have left this machine and the forge. */
async function emptyPool({ engine, clock, stage }: Course): Promise<void> {
  await engine.board.when(
    ({ runners }) =>
      Object.values(runners).every(({ state, stopsAt }) => state === 'idle' && stopsAt !== null),
    AbortSignal.timeout(timeoutMs),
  );
  clock.advance(beyondDeadlinesMs);
  await engine.board.when(({ runners }) => Object.keys(runners).length === 0, AbortSignal.timeout(timeoutMs));
  await stage.demo.waitFor(({ runners }) => runners.length === 0, AbortSignal.timeout(timeoutMs));
}

/** Jobs at random times, each finding no runner. */
async function measureCold(course: Course, tell: (line: string) => void): Promise<Reaction[]> {
  const reactions: Reaction[] = [];
  for (let job = 1; job <= coldJobs; job += 1) {
    await emptyPool(course);
    await randomGap();
    reactions.push(await reactToJob(course));
    if (job % 10 === 0) tell(`${job} jobs with nothing running before: ${summary(reactions)}`);
  }
  await emptyPool(course);
  return reactions;
}

/** Jobs at random times, each finding an idle runner. */
async function measureWithSpare(course: Course, tell: (line: string) => void): Promise<Reaction[]> {
  const reactions: Reaction[] = [];
  for (let job = 1; job <= spareJobs; job += 1) {
    await course.engine.board.when(
      ({ runners }) => Object.values(runners).some(({ state }) => state === 'idle'),
      AbortSignal.timeout(timeoutMs),
    );
    await randomGap();
    reactions.push(await reactToJob(course));
  }
  tell(`${spareJobs} jobs with a warm spare: ${summary(reactions)}`);
  return reactions;
}

/** Lets an hour pass with an automatic pool and nothing queued, look by look; returns the requests of that hour. */
async function measureIdleHour({ engine, clock, repositoryId, stage }: Course) {
  const row = () => engine.board.current().repositories[repositoryId];
  const before = stage.demo.counters();
  const end = clock.now() + hourMs;
  while (clock.now() < end) {
    const { checkedAt, watch } = row() ?? { checkedAt: null, watch: null };
    clock.advance((watch?.intervalMs ?? 2000) / 2);
    await engine.board.when(
      ({ repositories }) => repositories[repositoryId]?.checkedAt !== checkedAt,
      AbortSignal.timeout(timeoutMs),
    );
  }
  const after = stage.demo.counters();
  return { charged: after.charged - before.charged, total: after.total - before.total };
}

/** Milliseconds within which such a share of the jobs had started, or only been noticed. */
function within(reactions: readonly Reaction[], share: number, what: keyof Reaction = 'startedMs'): number {
  const values = reactions.map((reaction) => reaction[what]);
  return Math.round(percentile(values, share));
}

function summary(reactions: readonly Reaction[]): string {
  const at = (share: number): string => `${within(reactions, share)} ms`;
  return `half within ${at(0.5)}, 95 % within ${at(0.95)}, all within ${at(1)}`;
}

async function measure(course: Course, tell: (line: string) => void): Promise<Figures> {
  const pool = await createPool(course, { ...defaultScaling, minRunners: 0 });
  // The first job waits for the download of the package; that is another benchmark.
  await reactToJob(course);
  const cold = await measureCold(course, tell);
  const idleHour = await measureIdleHour(course);
  tell(`An idle hour: ${idleHour.total} requests, ${idleHour.charged} of them charged`);
  await course.engine.runners.updatePool(pool.id, { scaling: { ...defaultScaling, minRunners: 1 } });
  const spare = await measureWithSpare(course, tell);
  return {
    jobs: coldJobs,
    noticedP50Ms: within(cold, 0.5, 'noticedMs'),
    reactionP50Ms: within(cold, 0.5),
    reactionP95Ms: within(cold, 0.95),
    slowestReactionMs: within(cold, 1),
    spareJobs,
    spareP50Ms: within(spare, 0.5),
    slowestSpareMs: within(spare, 1),
    idleHourRequests: idleHour.total,
    idleHourCharged: idleHour.charged,
  };
}

/** Runners outlive their engine: the pool has to go before the stage does. */
async function clearAway(engine: Engine): Promise<void> {
  const { board, runners } = engine;
  for (const poolId of Object.keys(board.current().pools)) await runners.removePool(poolId, 'now');
  await board.when((now) => Object.keys(now.runners).length === 0, AbortSignal.timeout(timeoutMs));
}

const targets: Targets = {
  reactionP50Ms: { below: 2001 },
  reactionP95Ms: { below: 4001 },
  slowestSpareMs: { below: 1001 },
  idleHourCharged: { below: 121 },
};

export const reactionBenchmark: Benchmark = {
  name: 'reaction',
  description: 'from a queued job to its start in a pool that manages itself, and what its idle hour costs',
  async run(tell) {
    const stage = await setUpStage(tell, { realisticSize: true });
    try {
      const clock = createSteppableClock();
      const { engine, repositoryId, close } = await openEngine(stage, clock);
      try {
        const course = { stage, engine, clock, repositoryId };
        return { figures: await measure(course, tell), targets };
      } finally {
        await clearAway(engine);
        await close();
      }
    } finally {
      await stage.dispose();
    }
  },
};
