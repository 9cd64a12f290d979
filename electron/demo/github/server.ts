/** A GitHub of one's own on loopback: REST, a little GraphQL, the runner service, and faults to order. */
import { createServer, type Server } from 'node:http';
import { TracksideError } from '../../../shared/errors.ts';
import { type Clock, systemClock } from '../../platform/clock.ts';
import { createFaultSwitches, type FaultSwitches } from '../faults.ts';
import { createApi } from './api.ts';
import { type BuildArchive, createArchives } from './archives.ts';
import { createAuth } from './auth.ts';
import type { DemoContext, DemoRouter, Route } from './context.ts';
import { addGraphqlRoutes } from './graphql/route.ts';
import type { JobRecord, RunnerRecord, RunRecord, SeedSize } from './model.ts';
import { mayServe } from './organizations.ts';
import { type PosedRunner, poseRunner } from './posed-runners.ts';
import { createRateLimit } from './rate-limit.ts';
import { createReleases } from './releases.ts';
import { findRepositoriesFolder, loadRepositories } from './repositories.ts';
import { addAccountRoutes } from './rest/accounts.ts';
import { addArtifactRoutes } from './rest/artifacts.ts';
import { addContentRoutes } from './rest/contents.ts';
import { addDemoRoutes } from './rest/demo-control.ts';
import { addEnvironmentRoutes } from './rest/environments.ts';
import { addJobRoutes } from './rest/jobs.ts';
import { addOrganizationRoutes } from './rest/organizations.ts';
import { addReferenceRoutes } from './rest/references.ts';
import { addRunnerLabelRoutes } from './rest/runner-labels.ts';
import { addRunnerRoutes } from './rest/runners.ts';
import { addRunRoutes } from './rest/runs.ts';
import { addStatusPage } from './rest/status-page.ts';
import { addWorkflowRoutes } from './rest/workflows.ts';
import type { Counters } from './rest-answer.ts';
import { createRouter } from './router.ts';
import { addArtifactUploadRoute } from './runner-service/artifacts.ts';
import { createBroker } from './runner-service/broker.ts';
import { createForcedUpdates } from './runner-service/forced-updates.ts';
import { addJobRoutes as addRunServiceRoutes } from './runner-service/jobs.ts';
import { addMessageRoutes } from './runner-service/messages.ts';
import { addRegistrationRoutes } from './runner-service/registration.ts';
import { seededRepositoryNames, seedState } from './seed.ts';
import { createStore, type Store } from './store.ts';
import { createDemoTokens, type DemoToken } from './tokens.ts';
import { watchDeadlines } from './workflow/deadlines.ts';
import { addInitialEnvironments } from './workflow/environments.ts';
import { createJobQueue } from './workflow/queue.ts';
import { createRuns } from './workflow/runs.ts';

export interface DemoGitHubOptions {
  /** TCP port; absent or 0 takes the port of the last start, else any free one. */
  port?: number;
  /** JSON file that keeps registrations, runs, jobs and tokens; without it they live in memory only. */
  statePath?: string;
  /** Where the practice runner's archives are built and kept. */
  archiveFolder: string;
  buildArchive: BuildArchive;
  clock?: Clock;
  /** Decides for faults with a `share`; 0 ≤ n < 1. */
  random?: () => number;
  /** How long a job may be held without a sign of life; ten minutes, as on GitHub, when absent. */
  jobLockMs?: number;
  /** Files of the repositories; found above this module when absent. */
  repositoriesFolder?: string;
  /** Names of further private repositories of octo, each with the workflows of octo/forge. */
  moreRepositories?: readonly string[];
  /** Runners that are there to be seen, of repositories or organisations. */
  posedRunners?: readonly PosedRunner[];
  /** Fills a new state with much of everything. */
  seed?: SeedSize;
}

/** What a test can wait for: the state as it is now. */
interface DemoSnapshot {
  runners: readonly (RunnerRecord & { isOnline: boolean; isBusy: boolean })[];
  runs: readonly RunRecord[];
  jobs: readonly JobRecord[];
}

export interface DemoGitHub {
  /** `http://127.0.0.1:PORT`; the REST API at its root and under `/api/v3`. */
  url: string;
  /** The token with full rights. */
  token: string;
  /** All tokens, one for each thing that can be right or wrong with a token. */
  demoTokens: readonly DemoToken[];
  /** The repository to start with, `owner/name`. */
  repository: string;
  faults: FaultSwitches;
  /** REST requests so far. */
  counters(): Counters;
  snapshot(): DemoSnapshot;
  /** Resolves with the first state, now or later, for which `predicate` holds; rejects when `signal` aborts. */
  waitFor(predicate: (state: DemoSnapshot) => boolean, signal?: AbortSignal): Promise<DemoSnapshot>;
  close(): Promise<void>;
}

const defaultRepository = 'octo/forge';

function createContext(options: DemoGitHubOptions, store: Store): DemoContext {
  const { clock = systemClock, random = Math.random } = options;
  const now = () => clock.now();
  const folder = options.repositoriesFolder ?? findRepositoriesFolder();
  const size = store.data.seed ?? options.seed;
  const repositories = loadRepositories(folder, [
    ...(options.moreRepositories ?? []),
    ...(size ? seededRepositoryNames(size) : []),
  ]);
  // Runners that wait in a long poll are told of an update, or sent a job, at once.
  const faults = createFaultSwitches({ random, now, onChange: () => store.changed() });
  if (size && !store.data.seed) seedState({ store, repositories, size, nowMs: now(), random });
  for (const posed of options.posedRunners ?? []) poseRunner(store, posed, now());
  for (const repository of repositories.all) addInitialEnvironments(store, repository, now());
  const tokens = createDemoTokens(store.data.tokens, now());
  const isRevoked: Parameters<typeof createAuth>[0]['isRevoked'] = ({ path, method }) =>
    faults.take('revoked-token', { path, method }) !== undefined;
  const auth = createAuth({ tokens, repositories, isRevoked, now });
  const runs = createRuns({ store, clock });
  const queue = createJobQueue({
    ...{ store, clock, runs, lockMs: options.jobLockMs },
    mayServe: (runner, fullName) => {
      const repository = repositories.byFullName(fullName);
      return repository !== undefined && mayServe(runner, repository);
    },
    isStalled: (runner, repository) =>
      faults.take('dispatch-stalled', { path: '', method: '', runner: runner.name, repository }) !==
      undefined,
  });
  const releases = createReleases({ faults, now });
  const archives = createArchives({
    folder: options.archiveFolder,
    buildArchive: options.buildArchive,
    faults,
    releases,
  });
  const updates = createForcedUpdates({ faults, archives });
  const broker = createBroker({ store, clock, queue, updates });
  const rateLimit = createRateLimit({ now });
  return {
    ...{ store, clock, faults, repositories, tokens, auth, rateLimit },
    ...{ runs, queue, broker, archives, releases, updates },
  };
}

function addRoutes(router: DemoRouter, context: DemoContext): void {
  addRegistrationRoutes(router, context);
  addMessageRoutes(router, context);
  addRunServiceRoutes(router, context);
  addArtifactUploadRoute(router, context);
  addAccountRoutes(router, context);
  addContentRoutes(router);
  addReferenceRoutes(router);
  addEnvironmentRoutes(router, context);
  addRunnerLabelRoutes(router, context);
  addRunnerRoutes(router, context);
  addOrganizationRoutes(router, context);
  addWorkflowRoutes(router, context);
  addRunRoutes(router, context);
  addJobRoutes(router, context);
  addArtifactRoutes(router, context);
  addGraphqlRoutes(router, context);
  addDemoRoutes(router, context);
  addStatusPage(router, context);
}

function listenOn(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject);
      const address = server.address();
      resolve(typeof address === 'object' && address ? address.port : port);
    });
  });
}

function isPortTaken(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
}

/** Listens on the wanted port; without a wish on the last one, and on any when that is taken. */
async function listen(server: Server, wanted: number, last: number | null): Promise<number> {
  if (wanted !== 0) {
    return listenOn(server, wanted).catch((error: unknown) => {
      if (!isPortTaken(error)) throw error;
      const message = `Port ${wanted} on 127.0.0.1 is in use. Choose another port for the demo GitHub.`;
      throw new TracksideError('CONFLICT', message, {
        remedy: 'Or end the program that uses it, then try again.',
        cause: error,
      });
    });
  }
  return listenOn(server, last ?? 0).catch((error: unknown) => {
    if (!isPortTaken(error)) throw error;
    return listenOn(server, 0);
  });
}

function snapshotOf({ store, broker }: DemoContext): DemoSnapshot {
  const running = store.openJobs().filter((job) => job.status === 'in_progress');
  const busy = new Set(running.map((job) => job.runnerId));
  const runners = store.data.runners.map((runner) => ({
    ...runner,
    isOnline: broker.isOnline(runner),
    isBusy: busy.has(runner.id),
  }));
  return { runners, runs: store.data.runs, jobs: store.data.jobs };
}

function waitForState(
  context: DemoContext,
  predicate: (state: DemoSnapshot) => boolean,
  signal?: AbortSignal,
) {
  const { changes } = context.store;
  return new Promise<DemoSnapshot>((resolve, reject) => {
    const stop = () => {
      changes.removeEventListener('change', check);
      signal?.removeEventListener('abort', giveUp);
    };
    function check() {
      const state = snapshotOf(context);
      if (!predicate(state)) return;
      stop();
      resolve(state);
    }
    function giveUp() {
      stop();
      reject(signal?.reason);
    }
    if (signal?.aborted) return reject(signal.reason);
    changes.addEventListener('change', check);
    signal?.addEventListener('abort', giveUp);
    check();
  });
}

/**
 * Starts the server on 127.0.0.1.
 * @throws when the port is in use or the state file cannot be read
 */
export async function startDemoGitHub(options: DemoGitHubOptions): Promise<DemoGitHub> {
  const store = createStore({ statePath: options.statePath });
  const context = createContext(options, store);
  const router = createRouter<Route>();
  addRoutes(router, context);
  const counters: Counters = { charged: 0, notModified: 0, total: 0 };
  const server = createServer(createApi({ context, router, counters }));
  const stopWatching = watchDeadlines(context);
  const dispose = () => {
    stopWatching();
    context.broker.dispose();
    store.dispose();
  };
  const port = await listen(server, options.port ?? 0, store.data.port).catch((error: unknown) => {
    dispose();
    throw error;
  });
  store.data.port = port;
  store.changed();
  return {
    url: `http://127.0.0.1:${port}`,
    token: context.tokens.find((token) => token.name === 'full')?.token ?? '',
    demoTokens: context.tokens,
    repository: defaultRepository,
    faults: context.faults,
    counters: () => ({ ...counters }),
    snapshot: () => snapshotOf(context),
    waitFor: (predicate, signal) => waitForState(context, predicate, signal),
    close: () =>
      new Promise((resolve) => {
        dispose();
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
