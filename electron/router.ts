/** The contract, procedure by procedure, over the engine's services. A procedure without a handler does not compile. */
import { implement } from '@orpc/server';
import { contract } from '../shared/contract.ts';
import { TracksideError } from '../shared/errors.ts';
import type { Plan, Size } from '../shared/model.ts';
import type { BoardPublisher } from './board.ts';
import type { DemoConnection } from './demo-connection.ts';
import type { Connections } from './forges/connections.ts';
import type { Repositories } from './forges/repositories.ts';
import type { History } from './history/history.ts';
import { personEvent } from './history/person.ts';
import type { Incidents } from './incidents/incidents.ts';
import type { Logs } from './logs/logs.ts';
import type { Quitting } from './quitting/quitting.ts';
import type { Ghosts } from './runners/ghosts.ts';
import type { HealthMonitor } from './runners/health/monitor.ts';
import type { Leftovers } from './runners/leftovers.ts';
import type { PoolFiles } from './runners/pool-import.ts';
import { checkAddCount } from './runners/pool-request.ts';
import type { Runners } from './runners/runners.ts';
import type { EngineSettings } from './settings/settings.ts';
import type { Artifacts } from './workflows/artifacts/artifacts.ts';
import type { WorkflowCheck } from './workflows/check/check.ts';
import type { WorkflowDrafts } from './workflows/draft/draft.ts';
import type { Runs } from './workflows/runs/runs.ts';

export interface Services {
  board: BoardPublisher;
  connections: Connections;
  repositories: Repositories;
  runners: Runners;
  poolFiles: PoolFiles;
  leftovers: Leftovers;
  ghosts: Ghosts;
  settings: EngineSettings;
  quitting: Quitting;
  history: History;
  logs: Logs;
  health: HealthMonitor;
  incidents: Incidents;
  runs: Runs;
  artifacts: Artifacts;
  workflowCheck: WorkflowCheck;
  workflowDrafts: WorkflowDrafts;
  connectDemo: DemoConnection['connect'];
  plan(size: Size | null): Promise<Plan>;
}

const none = {};

export function createRouter(services: Services) {
  const { board, connections, repositories, runners, leftovers, ghosts, history, logs, health, runs } =
    services;
  /** Writes down what a person asked, once it is accepted. */
  const os = implement(contract).use(async ({ path, next }, input) => {
    const before = board.snapshot();
    const result = await next();
    const event = personEvent(path, input, before);
    if (event) history.events.record(event);
    return result;
  });

  const refuseWhileUsed = (repositoryIds: string[], what: string): void => {
    const used = runners
      .all()
      .filter(({ entry }) => repositoryIds.includes(entry.runner().repositoryId)).length;
    if (used === 0) return;
    throw new TracksideError(
      'CONFLICT',
      `${what} still has ${used} ${used === 1 ? 'runner' : 'runners'} here.`,
      {
        remedy: 'Remove them first.',
      },
    );
  };
  const repositoriesOf = (connectionId: string): string[] =>
    Object.values(board.current().repositories)
      .filter((row) => row.connectionId === connectionId)
      .map(({ id }) => id);

  return os.router({
    board: { watch: os.board.watch.handler(({ signal }) => board.watch(signal)) },
    connections: {
      check: os.connections.check.handler(({ input, signal }) => connections.check(input, signal)),
      add: os.connections.add.handler(({ input }) => connections.add(input)),
      githubCli: os.connections.githubCli.handler(() => connections.githubCli()),
      addGithubCli: os.connections.addGithubCli.handler(({ input }) => connections.addGithubCli(input)),
      addDemo: os.connections.addDemo.handler(() => services.connectDemo()),
      tokenPage: os.connections.tokenPage.handler(({ input }) => connections.tokenPage(input)),
      remove: os.connections.remove.handler(async ({ input }) => {
        const own = repositoriesOf(input.connectionId);
        refuseWhileUsed(own, 'This connection');
        for (const id of own) await repositories.disconnect(id);
        await connections.remove(input.connectionId);
        return none;
      }),
    },
    repositories: {
      choices: os.repositories.choices.handler(({ input }) => repositories.choices(input)),
      connect: os.repositories.connect.handler(({ input }) => repositories.connect(input)),
      disconnect: os.repositories.disconnect.handler(async ({ input }) => {
        refuseWhileUsed([input.repositoryId], repositories.get(input.repositoryId).fullName);
        await repositories.disconnect(input.repositoryId);
        return none;
      }),
      refresh: os.repositories.refresh.handler(async ({ input }) => {
        await repositories.refresh(input.repositoryId);
        return none;
      }),
    },
    pools: {
      plan: os.pools.plan.handler(({ input }) => {
        repositories.get(input.repositoryId);
        return services.plan(input.size);
      }),
      deploy: os.pools.deploy.handler(({ input }) => runners.deploy(input)),
      cancelDeploy: os.pools.cancelDeploy.handler(async ({ input }) => {
        await runners.cancelPoolDeploy(input.poolId);
        return none;
      }),
      update: os.pools.update.handler(({ input }) => runners.updatePool(input.poolId, input.change)),
      add: os.pools.add.handler(({ input }) =>
        runners.add(input.poolId, checkAddCount(input.count), 'Asked for just now.'),
      ),
      export: os.pools.export.handler(({ input }) => ({ yaml: services.poolFiles.export(input.poolIds) })),
      import: os.pools.import.handler(async ({ input }) => ({
        pools: await services.poolFiles.import(input),
      })),
      remove: os.pools.remove.handler(async ({ input }) => {
        await runners.removePool(input.poolId, input.how);
        return none;
      }),
    },
    runners: {
      retry: os.runners.retry.handler(({ input }) => {
        runners.retry(input.runnerId);
        return none;
      }),
      cancelDeploy: os.runners.cancelDeploy.handler(async ({ input }) => {
        await runners.cancelDeploy(input.runnerId);
        return none;
      }),
      start: os.runners.start.handler(({ input }) => {
        runners.start(input.runnerId);
        return none;
      }),
      stop: os.runners.stop.handler(({ input }) => {
        runners.stop(input.runnerId, input.how);
        return none;
      }),
      keep: os.runners.keep.handler(({ input }) => {
        runners.keep(input.runnerId);
        return none;
      }),
      keepFor: os.runners.keepFor.handler(({ input }) => {
        runners.keepFor(input.runnerId, input.durationMs);
        return none;
      }),
      check: os.runners.check.handler(async ({ input }) => {
        await health.check(input.runnerId);
        return none;
      }),
      restart: os.runners.restart.handler(({ input }) => {
        runners.restart(input.runnerId);
        return none;
      }),
      remove: os.runners.remove.handler(({ input }) => {
        runners.remove(input.runnerId, input.how);
        return none;
      }),
    },
    leftovers: {
      cleanUp: os.leftovers.cleanUp.handler(async ({ input }) => {
        await leftovers.cleanUp(input.leftoverId);
        return none;
      }),
    },
    ghosts: {
      scan: os.ghosts.scan.handler(async () => {
        await ghosts.scan();
        return none;
      }),
      remove: os.ghosts.remove.handler(async ({ input }) => ({
        removed: await ghosts.remove(input.ghostIds),
      })),
    },
    notices: {
      dismiss: os.notices.dismiss.handler(async ({ input }) => {
        await history.notices.dismiss(input.noticeId);
        return none;
      }),
    },
    history: { query: os.history.query.handler(({ input }) => history.events.query(input)) },
    settings: { change: os.settings.change.handler(({ input }) => services.settings.change(input)) },
    engine: {
      quit: os.engine.quit.handler(({ input }) => {
        services.quitting.quit(input.how);
        return none;
      }),
      cancelQuit: os.engine.cancelQuit.handler(() => {
        services.quitting.cancel();
        return none;
      }),
    },
    workflows: {
      list: os.workflows.list.handler(({ input }) => runs.workflows(input.repositoryId)),
      dispatch: os.workflows.dispatch.handler(({ input }) => runs.dispatch(input)),
      setEnabled: os.workflows.setEnabled.handler(async ({ input }) => {
        await runs.setEnabled(input);
        return none;
      }),
      refs: os.workflows.refs.handler(({ input }) => runs.refs(input.repositoryId)),
      environments: os.workflows.environments.handler(({ input }) => runs.environments(input.repositoryId)),
      check: os.workflows.check.handler(({ input, signal }) => services.workflowCheck.check(input, signal)),
      draft: os.workflows.draft.handler(({ input }) => services.workflowDrafts.draft(input)),
    },
    runs: {
      list: os.runs.list.handler(({ input }) => runs.list(input)),
      watch: os.runs.watch.handler(({ input, signal }) =>
        runs.watch(input.repositoryId, input.runId, signal),
      ),
      cancel: os.runs.cancel.handler(async ({ input }) => {
        await runs.cancel(input);
        return none;
      }),
      rerun: os.runs.rerun.handler(async ({ input }) => {
        await runs.rerun(input);
        return none;
      }),
      review: os.runs.review.handler(async ({ input }) => {
        await runs.review(input);
        return none;
      }),
      saveArtifact: os.runs.saveArtifact.handler(({ input, signal }) =>
        services.artifacts.save(input, signal),
      ),
    },
    incidents: {
      dismiss: os.incidents.dismiss.handler(({ input }) => {
        services.incidents.dismiss(input.incidentId);
        return none;
      }),
    },
    notifications: {
      watch: os.notifications.watch.handler(({ signal }) => services.incidents.watch(signal)),
    },
    logs: {
      follow: os.logs.follow.handler(({ input, signal }) => logs.follow(input, signal)),
      lines: os.logs.lines.handler(({ input }) => logs.lines(input)),
      search: os.logs.search.handler(({ input, signal }) => logs.search(input, signal)),
    },
  });
}

export type EngineRouter = ReturnType<typeof createRouter>;
