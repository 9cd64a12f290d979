/** Workflows and their runs: what there is, what becomes of it, and what a person can do about it. */
import { TracksideError } from '../../../shared/errors.ts';
import type { Run, RunDetail, RunQuery, Workflow } from '../../../shared/model.ts';
import type { Connections } from '../../forges/connections.ts';
import type { Repositories } from '../../forges/repositories.ts';
import { createDispatcher, type Dispatched } from './dispatch.ts';
import { createRunWatches, type RunWatchesOptions } from './run-watches.ts';

interface RunRef {
  repositoryId: string;
  runId: number;
}

/** Everything rejects with a TracksideError: UNKNOWN when it is gone, CONFLICT when it cannot be done now. */
export interface Runs {
  workflows(repositoryId: string): Promise<Workflow[]>;
  /** @param request `ref` null = the default branch */
  dispatch(request: {
    repositoryId: string;
    workflowId: number;
    ref: string | null;
    inputs: Record<string, string>;
  }): Promise<Dispatched>;
  setEnabled(request: { repositoryId: string; workflowId: number; enabled: boolean }): Promise<void>;
  refs(repositoryId: string): Promise<{ branches: string[]; tags: string[] }>;
  environments(repositoryId: string): Promise<string[]>;
  list(query: RunQuery): Promise<{ runs: Run[]; total: number; more: boolean }>;
  /**
   * Everything about one run, whole each time that something has changed. Ends when it has ended and was read; opened
   * anew it begins again. What keeps it from being read is told in the next detail; only before the first it rejects.
   */
  watch(repositoryId: string, runId: number, signal?: AbortSignal): AsyncGenerator<RunDetail>;
  cancel(request: RunRef & { force: boolean }): Promise<void>;
  rerun(request: RunRef & { which: 'all' | 'failed' | 'job'; jobId: number | null }): Promise<void>;
  review(request: RunRef & { environment: string; approve: boolean; comment: string }): Promise<void>;
  dispose(): void;
}

export interface RunsOptions extends RunWatchesOptions {
  repositories: Pick<Repositories, 'get' | 'forgeOf' | 'budgetOf' | 'refresh' | 'hurry'>;
  connections: Pick<Connections, 'note' | 'get'>;
}

export function createRuns(options: RunsOptions): Runs {
  const { repositories, connections, clock } = options;
  const watches = createRunWatches(options);
  const dispatcher = createDispatcher({ clock });
  const loginOf = (connectionId: string): string | null => {
    const { login } = connections.get(connectionId);
    return login === 'unknown' ? null : login;
  };
  /** Whoever looks at the run or at the queue sees it soon. */
  const changed = ({ repositoryId, runId }: RunRef): void => {
    watches.stir(repositoryId, runId);
    repositories.hurry(repositoryId);
  };

  return {
    watch: watches.watch,
    async workflows(repositoryId) {
      const { forge, fullName } = repositories.forgeOf(repositoryId);
      return forge.workflows(fullName);
    },
    async dispatch({ repositoryId, ref, ...request }) {
      const { connectionId, defaultBranch } = repositories.get(repositoryId);
      const where = { ...repositories.forgeOf(repositoryId), login: loginOf(connectionId), defaultBranch };
      const dispatched = await dispatcher.dispatch(where, { ...request, ref: ref ?? defaultBranch });
      if (dispatched.runId !== null) watches.stir(repositoryId, dispatched.runId);
      await repositories.refresh(repositoryId);
      return dispatched;
    },
    async setEnabled({ repositoryId, workflowId, enabled }) {
      const { forge, fullName } = repositories.forgeOf(repositoryId);
      await forge.setWorkflowEnabled(fullName, workflowId, enabled);
    },
    async refs(repositoryId) {
      const { forge, fullName } = repositories.forgeOf(repositoryId);
      return forge.refs(fullName);
    },
    async environments(repositoryId) {
      const { forge, fullName } = repositories.forgeOf(repositoryId);
      return forge.environments(fullName);
    },
    async list({ repositoryId, ...query }) {
      const { forge, fullName } = repositories.forgeOf(repositoryId);
      const { runs, ...rest } = await forge.runs(fullName, query);
      return { runs: runs.map((run) => ({ ...run, repositoryId })), ...rest };
    },
    async cancel({ force, ...run }) {
      const { forge, fullName } = repositories.forgeOf(run.repositoryId);
      await forge.cancelRun(fullName, run.runId, force);
      changed(run);
    },
    async rerun({ which, jobId, ...run }) {
      const { forge, fullName } = repositories.forgeOf(run.repositoryId);
      if (which !== 'job') await forge.rerunRun(fullName, run.runId, which);
      else if (jobId !== null) await forge.rerunJob(fullName, jobId);
      else throw new TracksideError('INVALID_REQUEST', 'Say which job is to run again.', { field: 'jobId' });
      changed(run);
    },
    async review({ environment, approve, comment, ...run }) {
      const { forge, fullName } = repositories.forgeOf(run.repositoryId);
      await forge.reviewRun(fullName, run.runId, { environment, approve, comment });
      changed(run);
    },
    dispose: () => watches.dispose(),
  };
}
