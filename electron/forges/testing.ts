/** A board, a clock and disk records around a demo GitHub, for the tests of this folder. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Pool, Runner } from '../../shared/model.ts';
import {
  defaultIdleTimeoutMs,
  defaultNeighbour,
  defaultScaling,
  defaultSettings,
} from '../../shared/pool-defaults.ts';
import { presets } from '../../shared/sizes.ts';
import { type BoardPublisher, createBoard } from '../board.ts';
import { createManualClock, type ManualClock } from '../platform/clock.ts';
import { openRecords } from '../platform/records.ts';
import { createMemoryStore, type SecretStore } from '../platform/secrets.ts';
import { type Connections, connectionRecordSchema, createConnections } from './connections.ts';
import type { Forge } from './forge.ts';
import { gitHubForges } from './github/client.ts';
import type { GitHubCli } from './github-cli.ts';
import { createRepositories, type Repositories, repositoryRecordSchema } from './repositories.ts';
import type { WatchesOptions } from './watches.ts';

export interface TestDesk {
  folder: string;
  board: BoardPublisher;
  clock: ManualClock;
  connections: Connections;
  repositories: Repositories;
  /** Resolves when no look at a repository is under way, and what it saw is on the board. */
  settled(): Promise<void>;
  dispose(): void;
}

const nextTurn = () => new Promise((resolve) => setImmediate(resolve));

/** A forge whose readings are noted while they are under way. */
function tracked(forge: Forge, looks: Set<Promise<unknown>>): Forge {
  const track = <T>(work: Promise<T>): Promise<T> => {
    looks.add(work);
    const forget = () => void looks.delete(work);
    work.then(forget, forget);
    return work;
  };
  return {
    ...forge,
    runners: (...asked) => track(forge.runners(...asked)),
    runnerGroups: (...asked) => track(forge.runnerGroups(...asked)),
    status: (...asked) => track(forge.status(...asked)),
    queueReader(...asked) {
      const reader = forge.queueReader(...asked);
      return { ...reader, look: (...look) => track(reader.look(...look)) };
    },
  };
}

export const noGitHubCli: GitHubCli = { login: async () => null, token: async () => null };

/** An empty folder that `removeTestFolders` takes away. */
export async function makeTestFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'trackside-forges-'));
  folders.push(folder);
  return folder;
}

const folders: string[] = [];

export async function removeTestFolders(): Promise<void> {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true });
}

/** A pool that manages itself. */
export function testPool(more: Pick<Pool, 'id' | 'repositoryId'> & Partial<Pool>): Pool {
  return {
    name: 'test',
    target: { kind: 'repository' },
    labels: [],
    size: presets.small,
    lifecycle: { mode: 'auto', idleTimeoutMs: defaultIdleTimeoutMs },
    scaling: defaultScaling,
    neighbour: defaultNeighbour,
    rerunLost: true,
    paused: false,
    createdAt: 0,
    ...more,
  };
}

/** A runner that waits for a job. */
export function testRunner(more: Pick<Runner, 'id' | 'repositoryId'> & Partial<Runner>): Runner {
  return {
    poolId: 'pool',
    name: more.id,
    labels: [],
    state: 'idle',
    stateSince: 0,
    cause: 'It listens.',
    steps: [],
    failure: null,
    draining: false,
    job: null,
    version: null,
    forgeRunnerId: null,
    forgeStatus: 'unknown',
    pid: null,
    startedAt: null,
    stopsAt: null,
    keptUntil: null,
    retryAt: null,
    updating: false,
    versionDeadline: null,
    createdAt: 0,
    ...more,
  };
}

/** What an engine has of this folder; call it again with the same `folder` for the engine after a restart. */
export async function openTestDesk(
  options: {
    folder: string;
    secrets?: SecretStore;
    githubCli?: GitHubCli;
    clock?: ManualClock;
  } & Partial<Pick<WatchesOptions, 'onRunners' | 'onJobs' | 'onSight' | 'onLeft' | 'wakefulness'>>,
): Promise<TestDesk> {
  const { folder, secrets = createMemoryStore(), githubCli = noGitHubCli } = options;
  const { onRunners = () => {}, onJobs, onSight, onLeft } = options;
  const { wakefulness = { onWake: () => () => {} } } = options;
  const clock = options.clock ?? createManualClock(Date.now());
  const now = () => clock.now();
  const createForge = gitHubForges({ clock, retryBaseMs: 1, timeoutMs: 5000 });
  const looks = new Set<Promise<unknown>>();
  const board = createBoard({
    now: now(),
    version: '0',
    demo: false,
    host: null,
    load: null,
    tokenStore: secrets.kind,
    dataFolder: folder,
    settings: defaultSettings,
    surroundings: null,
    quitting: null,
  });
  const connections = await createConnections({
    board,
    store: await openRecords({ folder: join(folder, 'connections'), schema: connectionRecordSchema, now }),
    secrets,
    createForge: (settings) => tracked(createForge(settings), looks),
    githubCli,
    clock,
  });
  const repositories = createRepositories({
    board,
    store: await openRecords({ folder: join(folder, 'repositories'), schema: repositoryRecordSchema, now }),
    connections,
    clock,
    onRunners,
    onJobs,
    onSight,
    onLeft,
    wakefulness,
  });
  return {
    folder,
    board,
    clock,
    connections,
    repositories,
    async settled() {
      while (looks.size > 0) await Promise.allSettled(looks).then(nextTurn);
    },
    dispose() {
      repositories.dispose();
      connections.dispose();
    },
  };
}
