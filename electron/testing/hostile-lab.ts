/** A lab whose forge misbehaves to order: an engine, a GitHub that outlives it, requests held at will, an own workflow. */
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ORPCError } from '@orpc/client';
import { createRouterClient, type RouterClient } from '@orpc/server';
import { expect } from 'vitest';
import type { Runner } from '../../shared/model.ts';
import { type DemoGitHub, startDemoGitHub } from '../demo/github/server.ts';
import { buildPracticeRunnerArchive } from '../demo/practice-runner/archive.ts';
import { createErrorInterceptor } from '../doors/errors.ts';
import type { Engine, EngineOptions } from '../engine.ts';
import { type Clock, systemClock } from '../platform/clock.ts';
import type { EngineRouter } from '../router.ts';
import { createEngineLab, type EngineLab, isReady, whenRunners } from './engine-lab.ts';

/** What a panel has: the router behind a door that translates errors. */
export type PanelClient = RouterClient<EngineRouter>;

/** A request that the forge does not answer until it is let go. */
export interface HeldRequest {
  /** Resolves when such a request has come and waits. */
  reached: Promise<void>;
  /** Lets it and all later ones pass. */
  release(): void;
}

export interface HostileLab
  extends Pick<EngineLab, 'folder' | 'dataFolder' | 'cacheFolder' | 'practiceRunnerFolder' | 'processes'> {
  /** As it runs now: another one after `forgeUp`. */
  github: DemoGitHub;
  engine: Engine;
  client: PanelClient;
  repositoryId: string;
  /** Another engine on the same folders, once it has brought back what was there. */
  startEngine(): Promise<Engine>;
  /** Ends the forge: connections are refused. */
  forgeDown(): Promise<void>;
  /** Starts it again at the same address, with all it knew. */
  forgeUp(): Promise<void>;
  /** Holds the next requests whose path matches, until released. */
  hold(pathPattern: string): HeldRequest;
  /** A REST call as somebody else with the full token. @returns status and parsed body */
  asOther(method: string, path: string, body?: unknown): Promise<{ status: number; body: unknown }>;
  /** Lets the job of the workflow "Wait" end; every later one ends by itself. */
  openGate(): Promise<void>;
  /** Starts the workflow "Wait" and waits until one of the runners runs its job. */
  startJob(): Promise<Runner>;
  /** Faults of Trackside itself that doors would have reported; a test that expects none finds it empty. */
  faults: unknown[];
  dispose(): Promise<void>;
}

export interface HostileLabOptions {
  /** Called with the folders before the engine opens them. */
  prepare?: (lab: EngineLab) => Promise<void>;
  /** What its engines are opened with besides. */
  engine?: Pick<EngineOptions, 'onQuit'>;
}

/** Long enough for a machine that has much else to do. */
const patienceMs = 45_000;
/** Marks a wait of the demo GitHub as one that a test ends. */
const heldMs = 1_000_000_000;

/** The host's clock, with waits that a test ends. */
function createHoldingClock(): { clock: Clock; hold(): HeldRequest & { delayMs: number } } {
  const gates = new Map<number, { reached: () => void; released: Promise<void> }>();
  return {
    clock: {
      ...systemClock,
      sleep(delayMs, signal) {
        const gate = gates.get(delayMs);
        if (!gate) return systemClock.sleep(delayMs, signal);
        gate.reached();
        return gate.released;
      },
    },
    hold() {
      const delayMs = heldMs + gates.size;
      const reached = Promise.withResolvers<void>();
      const released = Promise.withResolvers<void>();
      gates.set(delayMs, { reached: reached.resolve, released: released.promise });
      return { delayMs, reached: reached.promise, release: released.resolve };
    },
  };
}

/**
 * The repository `octo/forge` with one workflow, whose job prints its environment, its own token included, and ends
 * when the file `gate` is there.
 */
async function writeRepositories(folder: string, gate: string): Promise<void> {
  const workflows = join(folder, 'octo', 'forge', 'dot-github', 'workflows');
  await mkdir(workflows, { recursive: true });
  const script = `env; until [ -e '${gate}' ]; do sleep 0.05; done`;
  const step = `{ name: Wait, run: ${JSON.stringify(script)}, env: { JOB_TOKEN: "\${{ github.token }}" } }`;
  const job = `{ name: Wait, runs-on: self-hosted, steps: [${step}] }`;
  await writeFile(join(workflows, 'wait.yml'), `name: Wait\non: workflow_dispatch\njobs: { wait: ${job} }\n`);
}

/** The router as a panel's door offers it. @param onFault told of what is Trackside's own fault */
export function createPanelClient(engine: Engine, onFault: (error: unknown) => void): PanelClient {
  return createRouterClient(engine.router, { interceptors: [createErrorInterceptor(onFault)] });
}

/** Connects an engine to a GitHub and its repository `octo/forge`. @returns the repository's id */
export async function connectTo(client: PanelClient, github: DemoGitHub): Promise<string> {
  const credentials = { token: github.token, apiUrl: `${github.url}/api/v3`, repository: 'octo/forge' };
  const connection = await client.connections.add(credentials);
  const { id } = await client.repositories.connect({ connectionId: connection.id, fullName: 'octo/forge' });
  return id;
}

/** Opens it, connected to `octo/forge`. */
export async function openHostileLab(options: HostileLabOptions = {}): Promise<HostileLab> {
  const lab = await createEngineLab();
  await options.prepare?.(lab);
  const gate = join(lab.folder, 'gate');
  const repositoriesFolder = join(lab.folder, 'repositories');
  await writeRepositories(repositoriesFolder, gate);
  const holding = createHoldingClock();
  const startForge = (): Promise<DemoGitHub> =>
    startDemoGitHub({
      archiveFolder: join(lab.folder, 'archives'),
      statePath: join(lab.folder, 'github.json'),
      buildArchive: (target) =>
        buildPracticeRunnerArchive({
          ...target,
          bundleFolder: lab.practiceRunnerFolder,
          nodePath: process.execPath,
        }),
      clock: holding.clock,
      repositoriesFolder,
    });
  let github = await startForge();
  const engines = new Set<Engine>();
  const startEngine = async (): Promise<Engine> => {
    const one = await lab.start(options.engine);
    const dispose = async (): Promise<void> => {
      if (engines.delete(started)) await one.dispose();
    };
    const started: Engine = { ...one, dispose };
    engines.add(started);
    await one.recovered;
    return started;
  };
  const engine = await startEngine();
  const faults: unknown[] = [];
  const client = createPanelClient(engine, (error) => faults.push(error));
  const repositoryId = await connectTo(client, github);

  return {
    folder: lab.folder,
    dataFolder: lab.dataFolder,
    cacheFolder: lab.cacheFolder,
    practiceRunnerFolder: lab.practiceRunnerFolder,
    processes: lab.processes,
    get github() {
      return github;
    },
    engine,
    client,
    repositoryId,
    startEngine,
    forgeDown: () => github.close(),
    async forgeUp() {
      github = await startForge();
    },
    faults,
    hold(pathPattern) {
      const { delayMs, reached, release } = holding.hold();
      const id = github.faults.set({ kind: 'latency', pathPattern, delayMs });
      return {
        reached,
        release() {
          github.faults.clear(id);
          release();
        },
      };
    },
    async asOther(method, path, body) {
      const response = await fetch(`${github.url}/api/v3${path}`, {
        method,
        headers: { authorization: `Bearer ${github.token}`, 'user-agent': 'somebody else' },
        body: body === undefined ? undefined : JSON.stringify(body),
      });
      const text = await response.text();
      return { status: response.status, body: text === '' ? null : JSON.parse(text) };
    },
    openGate: () => writeFile(gate, ''),
    async startJob() {
      const started = when({ engine }, (rows) => rows.some(({ job }) => job !== null));
      const [workflow] = await client.workflows.list({ repositoryId });
      await client.workflows.dispatch({
        repositoryId,
        workflowId: workflow?.id ?? 0,
        ref: null,
        inputs: {},
      });
      const busy = (await started).find(({ job }) => job !== null);
      if (!busy) throw new Error('No runner runs the job');
      return busy;
    },
    async dispose() {
      for (const one of engines) await one.dispose();
      await endProcesses(lab);
      // Before its folder goes, into which it writes its state for the last time.
      await github.close();
      await lab.dispose();
    },
  };
}

/** Ends what works below the lab's folders and waits until nothing does: mounts can be taken away then. */
async function endProcesses(lab: EngineLab): Promise<void> {
  for (let alive = await lab.processes(); alive.length > 0; alive = await lab.processes()) {
    for (const { pid } of alive) {
      try {
        process.kill(pid, 'SIGKILL');
      } catch {
        // Gone meanwhile.
      }
    }
  }
}

/** What a panel is told when a call is refused. @throws when it is not refused the way a door refuses */
export async function refusal(call: Promise<unknown>) {
  const error = await call.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (!(error instanceof ORPCError)) throw new Error(`Not refused as a door refuses: ${error}`);
  const { remedy = null, field = null } = error.data ?? {};
  return { code: error.code, message: error.message, remedy, field };
}

/** Names of the runners the forge has, sorted. */
export function registered({ github }: Pick<HostileLab, 'github'>): string[] {
  return github
    .snapshot()
    .runners.map(({ name }) => name)
    .sort();
}

/** Half-made things in the cache or data folder: there must never be any while nothing is under way. */
export async function halfMade({
  dataFolder,
  cacheFolder,
}: Pick<HostileLab, 'dataFolder' | 'cacheFolder'>): Promise<string[]> {
  const names = await Promise.all(
    [dataFolder, cacheFolder].map((folder) => readdir(folder, { recursive: true }).catch(() => [])),
  );
  return names.flat().filter((name) => /\.partial-|\.tmp$|\.damaged-/.test(name));
}

/** Asserts that neither this machine nor the forge has anything of a runner, and that no fault of our own was met. */
export async function expectNothingLeft(hostile: HostileLab): Promise<void> {
  expect(await readdir(join(hostile.dataFolder, 'runners'))).toEqual([]);
  expect(registered(hostile)).toEqual([]);
  expect(await hostile.processes()).toEqual([]);
  expect(await halfMade(hostile)).toEqual([]);
  expect(hostile.engine.board.current().leftovers).toEqual({});
  expect(hostile.faults).toEqual([]);
}

/** Waits until the runners satisfy the condition. */
export function when(
  { engine }: Pick<HostileLab, 'engine'>,
  condition: (runners: Runner[]) => boolean,
): Promise<Runner[]> {
  return whenRunners(engine, condition, patienceMs);
}

/** Waits until all runners are ready, or tells what each of them is instead. */
export function whenAllReady({ engine }: Pick<HostileLab, 'engine'>, count: number): Promise<Runner[]> {
  return when({ engine }, (rows) => rows.length === count && rows.every(isReady));
}

/** Waits until every runner is either ready or failed. */
export function whenSettled({ engine }: Pick<HostileLab, 'engine'>): Promise<Runner[]> {
  return when(
    { engine },
    (rows) => rows.length > 0 && rows.every((runner) => runner.state === 'failed' || isReady(runner)),
  );
}

/** Removes all runners and waits until they are gone. */
export async function removeAll({ engine, client }: Pick<HostileLab, 'engine' | 'client'>): Promise<void> {
  for (const runnerId of Object.keys(engine.board.current().runners)) {
    await client.runners.remove({ runnerId, how: 'now' });
  }
  // The pool goes last.
  await engine.board.when(({ pools }) => Object.keys(pools).length === 0, AbortSignal.timeout(patienceMs));
}
