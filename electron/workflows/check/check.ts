/** The static check: who would take each job of the workflow files, before any of them hangs. */
import type { CheckedWorkflow } from '../../../shared/model.ts';
import type { BoardPublisher } from '../../board.ts';
import type { Forge, RunnerGroup, WorkflowFile } from '../../forges/forge.ts';
import type { Repositories } from '../../forges/repositories.ts';
import type { Clock } from '../../platform/clock.ts';
import { parseWorkflowFile } from '../file/workflow-file.ts';
import type { WorldPool, WorldRunner } from '../queue/world.ts';
import { type CheckWorld, checkJob } from './check-job.ts';
import { readWorkflowFolder } from './local-files.ts';

export interface WorkflowCheckOptions {
  board: Pick<BoardPublisher, 'current'>;
  repositories: Pick<Repositories, 'get' | 'forgeOf'>;
  clock: Pick<Clock, 'now'>;
  /** Labels that a runner of this machine gets by itself. */
  defaultLabels: readonly string[];
}

export interface WorkflowCheck {
  /**
   * Holds every job against all runners that the token can see and the pools of this machine.
   * @param folder of this machine, absolute; null = the default branch of the repository
   */
  check(
    request: { repositoryId: string; folder: string | null },
    signal?: AbortSignal,
  ): Promise<CheckedWorkflow[]>;
  /** Checks texts that are no files yet. */
  checkFiles(repositoryId: string, files: WorkflowFile[], signal?: AbortSignal): Promise<CheckedWorkflow[]>;
}

/** Checks one file. */
export function checkWorkflow({ path, text, url }: WorkflowFile, world: CheckWorld): CheckedWorkflow {
  const { name, jobs, problems } = parseWorkflowFile(text);
  const lines = text.split(/\r?\n/);
  return { path, url, name, jobs: jobs.map((job) => checkJob(job, lines, world)), problems };
}

const unread = (path: string, message: string): CheckedWorkflow => ({
  path,
  url: null,
  name: null,
  jobs: [],
  problems: [{ line: 1, column: 1, message }],
});

function worldRunner(
  runner: Awaited<ReturnType<Forge['runners']>>[number],
  group: RunnerGroup | null,
): WorldRunner {
  return {
    name: runner.name,
    labels: runner.labels,
    forge: runner.status,
    busyOnForge: runner.busy,
    hasConnected: null,
    group: group?.name ?? null,
    excluded: group?.excluded ?? null,
    own: null,
    job: null,
    since: null,
  };
}

export function createWorkflowCheck(options: WorkflowCheckOptions): WorkflowCheck {
  const { board, repositories, clock, defaultLabels } = options;

  const poolsOf = (repositoryId: string): WorldPool[] => {
    const { pools, poolStates, runners } = board.current();
    return Object.values(pools)
      .filter((pool) => pool.repositoryId === repositoryId)
      .map((pool) => ({
        ...pool,
        labels: [...defaultLabels, ...pool.labels],
        count: Object.values(runners).filter(({ poolId }) => poolId === pool.id).length,
        hold: poolStates[pool.id]?.hold ?? null,
        demand: poolStates[pool.id]?.demand ?? 0,
      }));
  };

  /** Everything that could take a job, as the forge tells it now. */
  const look = async (repositoryId: string, signal?: AbortSignal): Promise<CheckWorld> => {
    const repository = repositories.get(repositoryId);
    const { forge, fullName } = repositories.forgeOf(repositoryId);
    const [runners, groups] = await Promise.all([
      forge.runners(fullName, signal),
      forge.runnerGroups(fullName, signal),
    ]);
    const grouped = (groups ?? []).flatMap((group) =>
      group.runners.map((runner) => worldRunner(runner, group)),
    );
    const inGroups = new Set(grouped.map(({ name }) => name));
    const connection = board.current().connections[repository.connectionId];
    const now = clock.now();
    return {
      now,
      seenAt: now,
      runnersReadAt: now,
      repository,
      runners: [
        ...runners.filter(({ name }) => !inGroups.has(name)).map((runner) => worldRunner(runner, null)),
        ...grouped,
      ],
      pools: poolsOf(repositoryId),
      departed: [],
      status: null,
      trouble: null,
      wokeAt: null,
      labelsIgnoreCase: true,
      // The demo stands for github.com; an Enterprise Server has no runners of its own.
      offersHosted: (connection?.demo ?? false) || !forge.apiUrl.endsWith('/api/v3'),
      defaultLabels,
      canDeploy: true,
      groups:
        groups?.map(({ name, excluded, runners: members }) => ({
          name,
          excluded,
          runners: members.map((runner) => runner.name),
        })) ?? null,
    };
  };

  return {
    async check({ repositoryId, folder }, signal) {
      const { forge, fullName } = repositories.forgeOf(repositoryId);
      if (folder === null) {
        const { defaultBranch } = repositories.get(repositoryId);
        const [world, files] = await Promise.all([
          look(repositoryId, signal),
          forge.workflowFiles(fullName, null, signal),
        ]);
        return files.map((file) =>
          checkWorkflow({ ...file, url: forge.editPage(fullName, defaultBranch, file.path) }, world),
        );
      }
      const files = await readWorkflowFolder(folder);
      const world = await look(repositoryId, signal);
      return files.map((file) =>
        'refused' in file ? unread(file.path, file.refused) : checkWorkflow({ ...file, url: null }, world),
      );
    },
    async checkFiles(repositoryId, files, signal) {
      const world = await look(repositoryId, signal);
      return files.map((file) => checkWorkflow(file, world));
    },
  };
}
