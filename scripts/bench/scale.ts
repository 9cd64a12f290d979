/**
 * Two hundred runners of one pool: how fast a new engine has them after a kill -9, what an engine takes while all are
 * idle, and whether anything of them is left once the pool has let them go.
 *
 * The engine is a process of its own, as a door's program has it; the forge is in this one.
 */
import { mkdir, readdir, readFile } from 'node:fs/promises';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pass } from 'node:timers/promises';
import { mountsBelow } from '../../electron/platform/mounts.ts';
import { createProcessTable } from '../../electron/platform/processes.ts';
import packageFile from '../../package.json' with { type: 'json' };
import type { Board } from '../../shared/board.ts';
import { defaultNeighbour } from '../../shared/pool-defaults.ts';
import { type EngineChild, startEngineChild } from '../chaos/engine-child.ts';
import type { Benchmark, Figures, Targets } from './benchmark.ts';
import { type Stage, setUpStage } from './stage.ts';

const runnerCount = 200;
/** Longer than everything else that is measured, and shorter than a token of the forge is good for. */
const idleTimeoutMs = 45 * 60_000;
const timeoutMs = 30 * 60_000;
/** After a lot of work, until an engine is at rest. */
const restMs = 10_000;
const idleSpanMs = 30_000;
const tellEveryMs = 15_000;
const megabyte = 1024 ** 2;
/** Node's own options that `npm run serve` starts the engine with. */
const nodeOptions = packageFile.scripts.serve.match(/--max\S+/g) ?? [];

type Tell = (line: string) => void;

const idleCount = ({ runners }: Board): number =>
  Object.values(runners).filter(({ state }) => state === 'idle').length;
const allIdle = (board: Board): boolean => idleCount(board) === runnerCount;

async function startEngine(stage: Stage): Promise<EngineChild> {
  await mkdir(stage.dataFolder, { recursive: true, mode: 0o700 });
  const order = {
    dataFolder: stage.dataFolder,
    cacheFolder: join(stage.folder, 'cache'),
    secretsFolder: join(stage.folder, 'secrets'),
    practiceRunnerFolder: stage.practiceRunnerFolder,
  };
  return startEngineChild(order, { execArgv: nodeOptions });
}

/** Waits until the board satisfies the condition and tells now and then how far it is. @returns the seconds it took */
async function reach(
  engine: EngineChild,
  condition: (board: Board) => boolean,
  what: string,
  tell: Tell,
): Promise<number> {
  const startedAt = performance.now();
  const seconds = (): number => (performance.now() - startedAt) / 1000;
  const telling = setInterval(() => {
    const { runners } = engine.board();
    tell(
      `${what}: ${idleCount(engine.board())} idle of ${Object.keys(runners).length} after ${seconds().toFixed(0)} s`,
    );
  }, tellEveryMs);
  try {
    await engine.when(condition, timeoutMs, what);
    return seconds();
  } finally {
    clearInterval(telling);
  }
}

/** Creates the pool with all its runners. They are so small that this machine has room for all of them. */
async function deployAll({ client }: EngineChild, { demo }: Stage): Promise<void> {
  const credentials = { token: demo.token, apiUrl: `${demo.url}/api/v3`, repository: demo.repository };
  const connection = await client.connections.add(credentials);
  const { id: repositoryId } = await client.repositories.connect({
    connectionId: connection.id,
    fullName: demo.repository,
  });
  await client.pools.deploy({
    repositoryId,
    count: runnerCount,
    name: 'scale',
    labels: [],
    size: { preset: 'custom', cores: 0.005, memoryBytes: 32 * megabyte },
    lifecycle: { mode: 'auto', idleTimeoutMs },
    scaling: { policy: 'balanced', minRunners: 0, maxRunners: runnerCount },
    neighbour: defaultNeighbour,
    rerunLost: true,
    acceptPublicRisk: true,
  });
}

/** Processor seconds that a process has used, and its resident memory in megabytes. */
async function measureProcess(pid: number): Promise<{ cpuSeconds: number; residentMb: number }> {
  const info = await createProcessTable().find(pid);
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  const residentKb = Number(/^VmRSS:\s*(\d+) kB$/m.exec(status)?.[1]);
  return { cpuSeconds: (info?.cpuMs ?? Number.NaN) / 1000, residentMb: residentKb / 1024 };
}

/** What the engine takes over half a minute; processor time in percent of one core. */
async function measureIdle({ pid }: EngineChild): Promise<{ cpuPercent: number; residentMb: number }> {
  await pass(restMs);
  const startedAt = performance.now();
  const before = await measureProcess(pid);
  await pass(idleSpanMs);
  const after = await measureProcess(pid);
  const seconds = (performance.now() - startedAt) / 1000;
  return {
    cpuPercent: (100 * (after.cpuSeconds - before.cpuSeconds)) / seconds,
    residentMb: after.residentMb,
  };
}

/** kill -9, a new engine, and the seconds from the start of its process until it has all runners idle on its board. */
async function adoptAll(stage: Stage, killed: EngineChild, tell: Tell) {
  await killed.kill();
  const startedAt = performance.now();
  const engine = await startEngine(stage);
  await engine.when(allIdle, timeoutMs, 'all runners adopted');
  const seconds = (performance.now() - startedAt) / 1000;
  const { cpuSeconds } = await measureProcess(engine.pid);
  tell(
    `Adopted ${runnerCount} runners in ${seconds.toFixed(1)} s (${cpuSeconds.toFixed(1)} s of a core; ${describeLoad()})`,
  );
  return { engine, seconds, cpuSeconds };
}

const describeLoad = (): string => `load ${(loadavg()[0] ?? 0).toFixed(1)}`;

/** Lets the time of all idle runners end at once, and waits until the pool has let them go. */
async function letAllGo(engine: EngineChild, tell: Tell): Promise<number> {
  await engine.when(
    ({ runners }) => Object.values(runners).every(({ stopsAt }) => stopsAt !== null),
    timeoutMs,
    'all runners count down',
  );
  engine.tellClock({ advanceMs: idleTimeoutMs });
  return reach(engine, ({ runners }) => Object.keys(runners).length === 0, 'Lets go', tell);
}

/** What is left of the runners, on this machine and on the forge. */
async function findOrphans({ demo, dataFolder, folder }: Stage, engine: EngineChild): Promise<Figures> {
  const runnersFolder = join(dataFolder, 'runners');
  const processes = await createProcessTable().workingIn(folder);
  return {
    orphanProcesses: processes.filter(({ pid }) => pid !== engine.pid).length,
    orphanRegistrations: demo.snapshot().runners.length,
    orphanFolders: (await readdir(runnersFolder)).length,
    orphanMounts: (await mountsBelow(runnersFolder)).length,
  };
}

async function measure(stage: Stage, running: { engine: EngineChild }, tell: Tell): Promise<Figures> {
  await deployAll(running.engine, stage);
  const deploySeconds = await reach(running.engine, allIdle, 'Deploys', tell);
  const deployLoad = loadavg()[0] ?? Number.NaN;
  tell(`Deployed ${runnerCount} runners in ${deploySeconds.toFixed(0)} s (${describeLoad()})`);
  const watched = await measureIdle(running.engine);
  running.engine.lookAway();
  const deployed = await measureIdle(running.engine);
  tell(
    `Idle after the deploy: ${deployed.cpuPercent.toFixed(1)} % of a core, ${deployed.residentMb.toFixed(0)} MB`,
  );

  const first = await adoptAll(stage, running.engine, tell);
  running.engine = first.engine;
  running.engine.lookAway();
  const adopted = await measureIdle(running.engine);
  tell(
    `Idle after adoption: ${adopted.cpuPercent.toFixed(1)} % of a core, ${adopted.residentMb.toFixed(0)} MB`,
  );
  const second = await adoptAll(stage, running.engine, tell);
  running.engine = second.engine;
  const letGoSeconds = await letAllGo(running.engine, tell);
  return {
    runners: runnerCount,
    deploySeconds,
    deployLoad,
    adoptionSeconds: Math.max(first.seconds, second.seconds),
    adoptionCpuSeconds: Math.max(first.cpuSeconds, second.cpuSeconds),
    idleCpuPercent: Math.max(deployed.cpuPercent, adopted.cpuPercent),
    watchedIdleCpuPercent: watched.cpuPercent,
    residentAfterDeployMb: deployed.residentMb,
    residentAfterAdoptionMb: adopted.residentMb,
    letGoSeconds,
    ...(await findOrphans(stage, running.engine)),
  };
}

const targets: Targets = {
  adoptionSeconds: { below: 10 },
  idleCpuPercent: { below: 5 },
  residentAfterDeployMb: { below: 250 },
  residentAfterAdoptionMb: { below: 250 },
  orphanProcesses: { is: 0 },
  orphanRegistrations: { is: 0 },
  orphanFolders: { is: 0 },
  orphanMounts: { is: 0 },
};

/** Ends whatever still works in the stage's folder, when a measurement broke off. */
async function endProcesses(folder: string): Promise<void> {
  const table = createProcessTable();
  for (let left = await table.workingIn(folder); left.length > 0; left = await table.workingIn(folder)) {
    for (const { pid } of left) table.signal(pid, 'SIGKILL');
  }
}

export const scaleBenchmark: Benchmark = {
  name: 'scale',
  description: '200 runners of one pool: adopted after a kill -9, idle, and gone without a trace',
  async run(tell) {
    const stage = await setUpStage(tell, { realisticSize: false });
    try {
      const running = { engine: await startEngine(stage) };
      try {
        return { figures: await measure(stage, running, tell), targets };
      } finally {
        await running.engine.kill();
        await endProcesses(stage.folder);
      }
    } finally {
      await stage.dispose();
    }
  },
};
