/** GitHub as a `Forge`: github.com, *.ghe.com and Enterprise Server. */
import { type Clock, systemClock } from '../../platform/clock.ts';
import type { CreateForge, Forge, RepositoryFacts } from '../forge.ts';
import { accountFacts } from './account.ts';
import { type ForgeAddress, forgeAddress, parseRepository } from './addresses.ts';
import { createGitHubHttp, type GitHubHttp } from './http.ts';
import { jobOnRunner, listJobsOfRun, rerunJob } from './jobs.ts';
import { checkPermissions } from './permissions.ts';
import { activeJobs, createQueueReader } from './queue-reader.ts';
import { repositoryChoices, repositoryFacts } from './repositories.ts';
import {
  deleteRunner,
  jitConfiguration,
  listRunners,
  runnerPackage,
  runnerToken,
  versionDeadline,
} from './runners.ts';
import { readToken } from './token-format.ts';
import { dispatchWorkflow, listWorkflows } from './workflows.ts';

export interface GitHubForgeSettings {
  clock: Clock;
  /** For one try of one request; 30 s by default. */
  timeoutMs?: number;
  /** Unit of the waits between tries; 1 s by default. */
  retryBaseMs?: number;
}

async function jobLog(
  http: GitHubHttp,
  repository: string,
  jobId: number,
  signal?: AbortSignal,
): Promise<string> {
  const { owner, name: repo, fullName } = parseRepository(repository);
  const call = {
    doing: `read the log of job ${jobId} of ${fullName}`,
    subject: `The log of job ${jobId} of ${fullName}`,
    permission: { name: 'actions', level: 'read' } as const,
    signal,
  };
  const { data } = await http.run(call, (request) =>
    http.octokit.rest.actions.downloadJobLogsForWorkflowRun({ owner, repo, job_id: jobId, request }),
  );
  const log: unknown = data;
  return log instanceof ArrayBuffer ? Buffer.from(log).toString('utf8') : String(log);
}

function createForge(address: ForgeAddress, http: GitHubHttp, token: string, clock: Clock): Forge {
  return {
    kind: 'github',
    webUrl: address.webUrl,
    apiUrl: address.apiUrl,
    account: (signal) => accountFacts(http, token, signal),
    checkPermissions: (repository, signal) => checkPermissions({ http, token, clock, repository, signal }),
    repositoryChoices: (search, signal) => repositoryChoices(http, search, signal),
    repository: (repository, signal): Promise<RepositoryFacts> => repositoryFacts(http, repository, signal),
    registrationUrl: (repository) => `${address.webUrl}/${parseRepository(repository).fullName}`,
    runnerPackage: (repository, target, signal) => runnerPackage(http, repository, target, signal),
    registrationToken: (repository, signal) => runnerToken(http, repository, 'registration', signal),
    removeToken: (repository, signal) => runnerToken(http, repository, 'remove', signal),
    jitConfiguration: (repository, runner, signal) => jitConfiguration(http, repository, runner, signal),
    versionDeadline: (repository, version, signal) => versionDeadline(http, repository, version, signal),
    runners: (repository, signal, meter) => listRunners(http, repository, { signal, meter }),
    async runnerByName(repository, name, signal) {
      const [found] = await listRunners(http, repository, { name, signal });
      return found ?? null;
    },
    deleteRunner: (repository, id, signal) => deleteRunner(http, repository, id, signal),
    activeJobs: (repository, signal) => activeJobs(http, clock, repository, signal),
    queueReader: (repository, meterOf) => createQueueReader({ http, clock, repository, meterOf }),
    jobOnRunner: (repository, runnerName, startedAt, signal, jobName) =>
      jobOnRunner(http, repository, runnerName, startedAt, signal, jobName),
    jobsOfRun: (repository, runId, signal) => listJobsOfRun(http, repository, runId, signal),
    rerunJob: (repository, jobId, signal) => rerunJob(http, repository, jobId, signal),
    jobLog: (repository, jobId, signal) => jobLog(http, repository, jobId, signal),
    workflows: (repository, signal) => listWorkflows(http, repository, signal),
    dispatch: (repository, workflowId, ref, inputs, signal) =>
      dispatchWorkflow(http, { repository, workflowId, ref, inputs, signal }),
    budget: http.budget,
  };
}

/** Makes clients with the given clock and waits. */
export function gitHubForges(settings: GitHubForgeSettings): CreateForge {
  return ({ apiUrl, token: pasted, onBudget }) => {
    const address = forgeAddress(apiUrl);
    const { token } = readToken(pasted);
    const http = createGitHubHttp({ ...settings, address, token, onBudget });
    return createForge(address, http, pasted, settings.clock);
  };
}

/** A client of the GitHub at `apiUrl` on this host's clock. */
export const createGitHubForge: CreateForge = gitHubForges({ clock: systemClock });
