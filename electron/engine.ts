/** The composition root: creates every service with explicit arguments and hands out one router and one board. */
import { randomUUID } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type Host, noticeSchema } from '../shared/model.ts';
import { defaultSettings } from '../shared/pool-defaults.ts';
import { type BoardPublisher, createBoard } from './board.ts';
import { createDemoServer } from './demo/embedded.ts';
import type { SeedSize } from './demo/github/model.ts';
import { createDemoConnection, type DemoConnection } from './demo-connection.ts';
import { createDemoShow } from './demo-show.ts';
import { type Connections, connectionRecordSchema, createConnections } from './forges/connections.ts';
import type { RunnerPackage } from './forges/forge.ts';
import { createGitHubForge } from './forges/github/client.ts';
import { createRepositories, type Repositories, repositoryRecordSchema } from './forges/repositories.ts';
import { detectCpuModel, packageTarget, quickHostFacts } from './hardware/host.ts';
import { openHistory } from './history/history.ts';
import type { StateKind } from './history/set-aside.ts';
import { createIncidentStore } from './incidents/incident-store.ts';
import { createIncidents, type Incidents } from './incidents/incidents.ts';
import { createLogs } from './logs/logs.ts';
import { hostProbes } from './neighbour/probes.ts';
import { createGoodNeighbour, type GoodNeighbour } from './neighbour/surroundings.ts';
import { type Clock, systemClock } from './platform/clock.ts';
import { diskSpace } from './platform/disk.ts';
import { createInhibitor } from './platform/inhibit.ts';
import { type DataFolderLock, lockDataFolder } from './platform/lock.ts';
import { createProcessTable, type ProcessTable } from './platform/processes.ts';
import { openRecords, type Records } from './platform/records.ts';
import type { SecretStore } from './platform/secrets.ts';
import { createSharedAnswers } from './platform/shared-answers.ts';
import { createWakefulness } from './platform/wakefulness.ts';
import { keepAwake } from './quitting/awake.ts';
import { createQuitting, type Quitting } from './quitting/quitting.ts';
import { createRouter, type EngineRouter } from './router.ts';
import { createAftermath } from './runners/aftermath.ts';
import { type Archive, createArchive } from './runners/archive.ts';
import { controlFolderOf } from './runners/deploy.ts';
import { createGhosts } from './runners/ghosts.ts';
import { createHealth } from './runners/health/health.ts';
import { createInstaller } from './runners/install.ts';
import { createKeeper } from './runners/keeper.ts';
import { createLeftovers, type Leftovers, leftoverRecordSchema } from './runners/leftovers.ts';
import { createMonitor } from './runners/monitor.ts';
import { createPoolFiles } from './runners/pool-import.ts';
import { createPools, poolRecordSchema } from './runners/pools.ts';
import { createRunnerProcesses } from './runners/process.ts';
import { type RunnerRecord, runnerRecordSchema } from './runners/record.ts';
import { createRegistrationLedger } from './runners/registrations.ts';
import { createRoom } from './runners/room.ts';
import { createRunners, type Runners } from './runners/runners.ts';
import { openShiftHistory } from './runners/shifts.ts';
import { createRunnerUpdates } from './runners/updates/updates.ts';
import { createHostLoad, createUsageSampler } from './runners/usage.ts';
import { createWitness } from './runners/witness.ts';
import { createEngineSettings, settingsRecordSchema } from './settings/settings.ts';
import { createArtifacts } from './workflows/artifacts/artifacts.ts';
import { createDownloads, type Downloads } from './workflows/artifacts/downloads.ts';
import { createWorkflowCheck } from './workflows/check/check.ts';
import { createWorkflowDrafts } from './workflows/draft/draft.ts';
import { createQueue } from './workflows/queue/queue.ts';
import { createRuns } from './workflows/runs/runs.ts';

/** How long the answer to "which package fits?" is believed. */
const packageGoodMs = 10 * 60_000;
/** A registration or remove token that ends within this time is not given out any more. */
const tokenMarginMs = 5 * 60_000;

export interface EngineOptions {
  /** Folder for all that is kept; one engine at a time. */
  dataFolder: string;
  /** Folder for downloads and extracted packages; may be deleted while no runner exists. */
  cacheFolder: string;
  secrets: SecretStore;
  version: string;
  /** Whether this is the demo: told to the panel, which always shows it. */
  demo?: boolean;
  /** What a new demo GitHub is filled with: nothing by default. */
  demoSeed?: SeedSize;
  /** Where artifacts are saved; a folder below the data folder by default. */
  downloadsFolder?: string;
  /** Whether there is a panel server that hands saved files to browsers. */
  servesDownloads?: boolean;
  /** The Node on which practice runners run; a plain one, never Electron. */
  nodePath: string;
  /** Folder with the bundled practice runner. */
  practiceRunnerFolder: string;
  clock?: Clock;
  /** Called when the engine was asked to end and can be disposed of. */
  onQuit?: () => void;
}

export interface Engine {
  router: EngineRouter;
  board: BoardPublisher;
  runners: Runners;
  demo: DemoConnection;
  connections: Connections;
  repositories: Repositories;
  neighbour: GoodNeighbour;
  quitting: Quitting;
  incidents: Incidents;
  /** Saved files for the panel server. */
  downloads: Pick<Downloads, 'find'>;
  /** Resolves when the runners of an earlier engine are adopted, resumed or taken back. */
  recovered: Promise<void>;
  /** Stops the engine. Runners go on and are adopted by the next one. */
  dispose(): Promise<void>;
}

/**
 * Opens the engine: takes the data folder, loads what is known, and begins to bring earlier runners back.
 * @throws TracksideError CONFLICT when another engine has the folder, HOST_FAILED when it cannot be written
 */
export async function createEngine(options: EngineOptions): Promise<Engine> {
  const lock = lockDataFolder(options.dataFolder, options.clock?.now());
  try {
    return await composeEngine(options, lock);
  } catch (error) {
    lock.release();
    throw error;
  }
}

async function openStores(dataFolder: string, clock: Clock) {
  const folder = (name: string): string => join(dataFolder, 'state', name);
  const now = (): number => clock.now();
  const [connections, repositories, pools, runners, leftovers, notices, settings] = await Promise.all([
    openRecords({ folder: folder('connections'), schema: connectionRecordSchema, now }),
    openRecords({ folder: folder('repositories'), schema: repositoryRecordSchema, now }),
    openRecords({ folder: folder('pools'), schema: poolRecordSchema, now }),
    openRecords({ folder: folder('runners'), schema: runnerRecordSchema, now }),
    openRecords({ folder: folder('leftovers'), schema: leftoverRecordSchema, now }),
    openRecords({ folder: folder('notices'), schema: noticeSchema, now }),
    openRecords({ folder: folder('settings'), schema: settingsRecordSchema, now }),
  ]);
  return { connections, repositories, pools, runners, leftovers, notices, settings };
}

/** What a runner of this host is called and labelled when nobody says otherwise. */
function hostDefaults(host: Host) {
  const os = host.os === 'macos' ? 'macOS' : 'Linux';
  return {
    labels: ['self-hosted', os, host.architecture],
    name: host.architecture === 'ARM64' ? 'arm' : 'x64',
  };
}

async function composeEngine(options: EngineOptions, lock: DataFolderLock): Promise<Engine> {
  const { dataFolder, cacheFolder, secrets, version, demo: isDemo = false, clock = systemClock } = options;
  const runnersFolder = join(dataFolder, 'runners');
  await mkdir(runnersFolder, { recursive: true, mode: 0o700 });
  const stores = await openStores(dataFolder, clock);
  const host = quickHostFacts();
  const board = createBoard(
    {
      now: clock.now(),
      version,
      demo: isDemo,
      host,
      load: null,
      tokenStore: secrets.kind,
      dataFolder,
      settings: defaultSettings,
      surroundings: null,
      quitting: null,
    },
    clock,
  );

  const settings = createEngineSettings({ records: stores.settings, board });
  const startedAt = clock.now();
  const history = openHistory({
    dataFolder,
    notices: stores.notices,
    board,
    version,
    clock,
    onFault: reportFault,
  });
  if (lock.setAside !== null) history.noteSetAside('lock', lock.setAside);
  for (const [kind, { setAside }] of Object.entries(stores)) {
    for (const path of setAside) history.noteSetAside(kind as StateKind, path);
  }
  const { database } = history;
  const ledger = createRegistrationLedger({ database, clock });

  const connections = await createConnections({
    board,
    store: stores.connections,
    secrets,
    createForge: createGitHubForge,
    clock,
  });
  const shifts = openShiftHistory({ database, board, clock });
  const processTable = createProcessTable();
  const processes = createRunnerProcesses({ clock, processes: processTable });
  const archive = createArchive({ cacheFolder, clock, fetch });
  const installer = createInstaller({ clock, probeFolder: join(dataFolder, 'probe') });
  const folderOf = (runnerId: string): string => join(runnersFolder, runnerId);
  const defaults = hostDefaults(host);

  const wakefulness = createWakefulness({ clock });
  const repositories = createRepositories({
    board,
    store: stores.repositories,
    connections,
    clock,
    wakefulness,
    earlierId: (webUrl) => ledger.repositoryIdOf(webUrl),
    onRunners(repositoryId, listed) {
      runners.seenOnForge(repositoryId, listed);
      ghosts.seen(repositoryId, listed);
    },
    onJobs: (repositoryId, jobs) => {
      aftermath.jobsSeen(repositoryId, jobs);
      keeper.jobsSeen(repositoryId, jobs);
    },
    onSight: (repositoryId, sight) => queue.seen(repositoryId, sight),
    onLeft: (repositoryId) => queue.left(repositoryId),
  });
  const forgeOf = (repositoryId: string) => repositories.forgeOf(repositoryId);
  const leftovers = createLeftovers({
    records: stores.leftovers,
    board,
    installer,
    runnersFolder,
    forgeOf,
    ledger,
    endProcessesIn: (folder) => endProcessesIn(folder, processTable),
    clock,
  });
  const aftermath = createAftermath({ board, shifts, forgeOf, clock, onFault: reportFault });
  const target = packageTarget() ?? { os: 'linux', architecture: 'x64' };
  const packages = createSharedAnswers<RunnerPackage>(clock, () => clock.now() + packageGoodMs);
  const pools = createPools({ board, records: stores.pools });
  const runners: Runners = createRunners({
    board,
    records: stores.runners,
    pools,
    repository: (repositoryId) => repositories.get(repositoryId),
    defaultLabels: defaults.labels,
    parallelDeploys: Math.max(2, host.cores),
    witness: createWitness({ history: history.events, ledger, startedAt, repository: repositories.get }),
    context: {
      archive,
      installer,
      packages,
      choosePackage: (runner, offered) => updates.choosePackage(runner, offered),
      tokens: createSharedAnswers(clock, ({ expiresAt }) => expiresAt - tokenMarginMs),
      removeTokens: createSharedAnswers(clock, ({ expiresAt }) => expiresAt - tokenMarginMs),
      target,
      forgeOf,
      folderOf,
      processes,
      shifts,
      verdicts: aftermath.verdicts,
      clock,
      random: Math.random,
      onRegistrationLeft: (left) => leftovers.addRegistration(left),
      onRegistrationGone: (gone) => leftovers.registrationGone(gone),
      isForsaken: (repositoryId, { id, name }) =>
        ledger
          .present(repositories.get(repositoryId).webUrl)
          .some((entry) => entry.forgeRunnerId === id && entry.name === name) &&
        !runners.all().some(({ entry }) => entry.runner().forgeRunnerId === id),
    },
  });

  const updates = createRunnerUpdates({
    ...{ board, packages, target, archive, forgeOf, clock },
    isIdle: async (runnerId) => (await runners.get(runnerId).supervision()?.isIdle()) ?? false,
    redeploy: (runnerId, cause) => runners.get(runnerId).redeploy(cause),
    notify: (notice) => history.notices.add(notice),
    onFault: reportFault,
  });
  const ghosts = createGhosts({
    ledger,
    board,
    clock,
    history: history.events,
    settings: settings.current,
    isHere: ({ runnerId, repositoryId, forgeRunnerId, name }) =>
      leftovers.hasFolderOf(runnerId) ||
      runners.isOurs(repositoryId, name) ||
      runners
        .all()
        .some(({ entry }) => entry.id === runnerId && entry.runner().forgeRunnerId === forgeRunnerId),
    forgeOf,
    refresh: (repositoryId) => repositories.refresh(repositoryId),
    onGone: (entry) => leftovers.registrationGone(entry),
    onFault: reportFault,
  });
  history.observe();
  const queue = createQueue({
    ...{ board, clock, database, wakefulness, forgeOf, onFault: reportFault },
    defaultLabels: defaults.labels,
    isOurs: (repositoryId, name) => runners.isOurs(repositoryId, name),
    meterOf: (repositoryId) => repositories.budgetOf(repositoryId).meter,
  });
  const runs = createRuns({ board, repositories, connections, clock });
  const downloads = createDownloads({ isServed: options.servesDownloads ?? false });
  const artifacts = createArtifacts({
    folder: options.downloadsFolder ?? join(dataFolder, 'downloads'),
    ...{ downloads, forgeOf, clock, onFault: reportFault },
  });
  const logs = createLogs({
    ...{ board, shifts, forgeOf, cacheFolder, clock },
    rootOf: (runnerId) => runners.get(runnerId).entry.record().clone?.root ?? null,
    controlFolderOf: (runnerId) => controlFolderOf(folderOf(runnerId)),
  });
  const monitor = createMonitor({
    board,
    runners,
    sampleUsage: createUsageSampler({ processes: processTable, clock }).sample,
    hostLoad: createHostLoad({ clock, folder: dataFolder }),
    clock,
    onFault: reportFault,
  });

  const health = createHealth({
    board,
    runners,
    repositories,
    database,
    processTable,
    runnersFolder,
    folderOf,
    clock,
    onFault: reportFault,
  });
  const room = createRoom({
    board,
    runners,
    host,
    measureLoad: createHostLoad({ clock, folder: dataFolder }),
    clock,
    suggestedName: defaults.name,
    defaultLabels: defaults.labels,
  });
  const neighbour = createGoodNeighbour({
    board,
    probes: hostProbes({
      processes: processTable,
      runnerPids: () => runners.all().flatMap((live) => live.supervision()?.process.pid ?? []),
      clock,
    }),
    clock,
    onFault: reportFault,
  });
  const quitting = createQuitting({
    board,
    runners,
    settings: settings.current,
    clock,
    onEnd: () => options.onQuit?.(),
    onFault: reportFault,
  });
  const keeper = createKeeper({
    board,
    pools,
    runners,
    clock,
    defaultLabels: defaults.labels,
    admit: room.admit,
    pauseOf: neighbour.pauseOf,
    quitting: quitting.holding,
    refresh: (repositoryId) => repositories.refresh(repositoryId),
    hurry: (repositoryId) => void repositories.refresh(repositoryId).catch(reportFault),
    onFault: reportFault,
  });

  const demoServer = createDemoServer({
    folder: join(dataFolder, 'demo'),
    archiveFolder: join(cacheFolder, 'demo'),
    // It stands for a machine of its own: whatever time it is here, its runners compare theirs with the host's.
    clock: systemClock,
    nodePath: options.nodePath,
    bundleFolder: options.practiceRunnerFolder,
    seed: options.demoSeed,
    onSetAside: (path) => history.noteSetAside('demo', path),
  });
  const demo = createDemoConnection({ board, server: demoServer, connections, repositories });
  const show = isDemo ? createDemoShow({ board, connection: demo, repositories, runners }) : null;

  const incidents = createIncidents({
    board,
    clock,
    store: createIncidentStore(database),
    settings: () => settings.current().notifications,
    measureDisk: () => diskSpace(dataFolder).catch(() => null),
    createId: randomUUID,
    onFault: reportFault,
  });
  const recovered = recoverEarlier({ demo, runners, leftovers, archive, records: stores.runners }).then(
    async () => {
      aftermath.resume();
      await neighbour.sample();
      keeper.begin();
      incidents.begin();
      await show?.begin();
    },
  );
  recovered.catch(reportFault);
  const letSleep = keepAwake({
    board,
    inhibitor: createInhibitor(),
    onDelay: ({ sentence }) =>
      history.events.record({ kind: 'engine', subject: 'This machine', cause: sentence }),
    onFault: reportFault,
  });
  const stopDetecting = whenFirstSeen(board, async () => {
    board.panel({ host: { ...host, cpuModel: await detectCpuModel() } });
  });

  return {
    router: createRouter({
      board,
      connections,
      repositories,
      runners,
      leftovers,
      ghosts,
      settings,
      quitting,
      history,
      logs,
      runs,
      artifacts,
      workflowCheck: createWorkflowCheck({ board, repositories, clock, defaultLabels: defaults.labels }),
      workflowDrafts: createWorkflowDrafts({ board, repositories, clock, defaultLabels: defaults.labels }),
      health,
      incidents,
      poolFiles: createPoolFiles({
        pools: pools.all,
        repositories: () => Object.values(board.current().repositories),
        runners,
      }),
      plan: room.plan,
      connectDemo: demo.connect,
    }),
    board,
    runners,
    demo,
    connections,
    repositories,
    neighbour,
    quitting,
    incidents,
    downloads,
    recovered,
    async dispose() {
      stopDetecting();
      await show?.end();
      incidents.dispose();
      quitting.dispose();
      letSleep();
      await logs.dispose();
      neighbour.dispose();
      keeper.dispose();
      updates.dispose();
      monitor.dispose();
      health.dispose();
      queue.dispose();
      runs.dispose();
      artifacts.dispose();
      repositories.dispose();
      wakefulness.dispose();
      await runners.dispose();
      await aftermath.dispose();
      processes.dispose();
      connections.dispose();
      await archive.dispose();
      await demoServer.close();
      shifts.dispose();
      history.dispose();
      lock.release();
    },
  };
}

/** Brings the world of the engine before back: its demo GitHub first, which its runners look for. */
async function recoverEarlier(parts: {
  demo: DemoConnection;
  runners: Runners;
  leftovers: Leftovers;
  archive: Archive;
  records: Records<RunnerRecord>;
}): Promise<void> {
  await parts.archive.sweep().catch(reportFault);
  await parts.demo.resume().catch(reportFault);
  await parts.runners.recover();
  await parts.leftovers.findFolders(new Set(parts.records.all().map(({ id }) => id)));
}

/** Runs `work` once, when somebody looks at the panel for the first time: it never delays the first paint. */
function whenFirstSeen(board: BoardPublisher, work: () => Promise<void>): () => void {
  const stop = board.onWatchers((count) => {
    if (count === 0) return;
    stop();
    work().catch(reportFault);
  });
  return stop;
}

function reportFault(error: unknown): void {
  process.stderr.write(`trackside: ${error instanceof Error ? error.stack : String(error)}\n`);
}

/** Ends every process that works in a folder, which is ours by its record. */
async function endProcessesIn(folder: string, processes: ProcessTable): Promise<void> {
  for (const { pid } of await processes.workingIn(folder)) processes.signal(pid, 'SIGKILL');
}
