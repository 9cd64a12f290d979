/** The static check: who would take each job of the workflow files, before any of them hangs. */
import type { CheckedWorkflow } from '../../../shared/model.ts';
import type { ForgeRunner, RunnerGroup, WorkflowFile } from '../../forges/forge.ts';
import type { Repositories } from '../../forges/repositories.ts';
import { parseWorkflowFile } from '../file/workflow-file.ts';
import { type CheckWorld, checkJob } from './check-job.ts';
import { type CheckWorldOptions, checkWorld, type SeenRunner } from './check-world.ts';
import { readWorkflowFolder } from './local-files.ts';

export interface WorkflowCheckOptions extends CheckWorldOptions {
  repositories: Pick<Repositories, 'get' | 'forgeOf'>;
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

function seenRunner(runner: ForgeRunner, group: RunnerGroup | null): SeenRunner {
  const { name, labels, status } = runner;
  return { name, labels, forge: status, group: group?.name ?? null, excluded: group?.excluded ?? null };
}

export function createWorkflowCheck(options: WorkflowCheckOptions): WorkflowCheck {
  const { repositories } = options;

  /** Everything that could take a job, as the forge tells it now. */
  const look = async (repositoryId: string, signal?: AbortSignal): Promise<CheckWorld> => {
    const { forge, fullName } = repositories.forgeOf(repositoryId);
    const [listed, groups] = await Promise.all([
      forge.runners(fullName, signal),
      forge.runnerGroups(fullName, signal),
    ]);
    const grouped = (groups ?? []).flatMap((group) =>
      group.runners.map((runner) => seenRunner(runner, group)),
    );
    const inGroups = new Set(grouped.map(({ name }) => name));
    const alone = listed.filter(({ name }) => !inGroups.has(name)).map((runner) => seenRunner(runner, null));
    return checkWorld(repositories.get(repositoryId), [...alone, ...grouped], groups, options);
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
  };
}
