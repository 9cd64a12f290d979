/** GitHub as a `Forge`: github.com, *.ghe.com and Enterprise Server. */
import { type Clock, systemClock } from '../../platform/clock.ts';
import type { CreateForge, Forge, RepositoryFacts } from '../forge.ts';
import { accountFacts } from './account.ts';
import { type ForgeAddress, forgeAddress, parseRepository } from './addresses.ts';
import { editPage, newFilePage, readFile, workflowFiles } from './contents.ts';
import { artifact, type DownloadSettings, jobLog } from './downloads.ts';
import { createGitHubHttp, type GitHubHttp } from './http.ts';
import { jobOnRunner, listJobsOfRun } from './jobs.ts';
import { checkPermissions } from './permissions.ts';
import { activeJobs, createQueueReader } from './queue-reader.ts';
import { listEnvironments, listRefs } from './refs.ts';
import { repositoryChoices, repositoryFacts } from './repositories.ts';
import { cancelRun, rerunJob, rerunRun, reviewRun } from './run-commands.ts';
import { listRuns } from './run-list.ts';
import { createRunReader } from './run-reader.ts';
import { runnerGroups } from './runner-groups.ts';
import { setLabels } from './runner-labels.ts';
import {
  deleteRunner,
  jitConfiguration,
  listRunners,
  runnerPackage,
  runnerToken,
  versionDeadline,
} from './runners.ts';
import { readStatus, type StatusSettings } from './status-page.ts';
import { readToken } from './token-format.ts';
import { dispatchWorkflow, listWorkflows, setWorkflowEnabled } from './workflows.ts';

export interface GitHubForgeSettings {
  clock: Clock;
  /** For one try of one request; 30 s by default. */
  timeoutMs?: number;
  /** Unit of the waits between tries; 1 s by default. */
  retryBaseMs?: number;
  /** For what the forge keeps elsewhere (logs, archives) and for its status page: requests without the token. */
  fetch?: typeof globalThis.fetch;
}

const defaultRetryBaseMs = 1000;
const statusTimeoutMs = 10_000;

interface ClientParts {
  address: ForgeAddress;
  http: GitHubHttp;
  token: string;
  clock: Clock;
  downloads: DownloadSettings;
  statusPage: StatusSettings;
}

function createForge(parts: ClientParts): Forge {
  const { address, http, token, clock } = parts;
  return {
    ...runsOf(parts),
    ...filesOf(parts),
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
    setLabels: (repository, runnerId, labels, signal) =>
      setLabels(http, repository, runnerId, labels, signal),
    runnerGroups: (repository, signal, meter) => runnerGroups(http, repository, signal, meter),
    status: (signal) => readStatus(address, parts.statusPage, signal),
    budget: http.budget,
  };
}

function runsOf({ http, downloads }: ClientParts) {
  return {
    jobOnRunner: (repository, runnerName, startedAt, signal, jobName) =>
      jobOnRunner(http, repository, runnerName, startedAt, signal, jobName),
    jobsOfRun: (repository, runId, signal) => listJobsOfRun(http, repository, runId, signal),
    jobLog: (repository, jobId, signal) => jobLog(downloads, repository, jobId, signal),
    artifact: (repository, artifactId, signal) => artifact(downloads, repository, artifactId, signal),
    runs: (repository, query, signal) => listRuns(http, repository, query, signal),
    runReader: (repository, runId, meter) => createRunReader({ http, repository, runId, meter }),
    cancelRun: (repository, runId, force, signal) => cancelRun(http, repository, runId, force, signal),
    rerunRun: (repository, runId, which, signal) => rerunRun(http, repository, runId, which, signal),
    rerunJob: (repository, jobId, signal) => rerunJob(http, repository, jobId, signal),
    reviewRun: (repository, runId, review, signal) => reviewRun(http, repository, runId, review, signal),
  } satisfies Partial<Forge>;
}

function filesOf({ address, http }: ClientParts) {
  return {
    workflows: (repository, signal) => listWorkflows(http, repository, signal),
    workflowFiles: (repository, ref, signal) => workflowFiles(http, repository, ref, signal),
    file: (repository, path, ref, signal) => readFile(http, repository, path, ref, signal),
    refs: (repository, signal) => listRefs(http, repository, signal),
    environments: (repository, signal) => listEnvironments(http, repository, signal),
    setWorkflowEnabled: (repository, workflowId, enabled, signal) =>
      setWorkflowEnabled(http, repository, workflowId, enabled, signal),
    dispatch: (repository, workflowId, ref, inputs, signal) =>
      dispatchWorkflow(http, { repository, workflowId, ref, inputs, signal }),
    editPage: (repository, branch, path) => editPage(address, repository, branch, path),
    newFilePage: (repository, branch, path, text) => newFilePage(address, repository, branch, path, text),
  } satisfies Partial<Forge>;
}

/** Makes clients with the given clock and waits. */
export function gitHubForges(settings: GitHubForgeSettings): CreateForge {
  return ({ apiUrl, token: pasted, onBudget }) => {
    const address = forgeAddress(apiUrl);
    const { token } = readToken(pasted);
    const http = createGitHubHttp({ ...settings, address, token, onBudget });
    const { clock, fetch = globalThis.fetch, retryBaseMs = defaultRetryBaseMs } = settings;
    return createForge({
      address,
      http,
      token: pasted,
      clock,
      downloads: { http, clock, fetch, retryBaseMs },
      statusPage: { fetch, timeoutMs: statusTimeoutMs },
    });
  };
}

/** A client of the GitHub at `apiUrl` on this host's clock. */
export const createGitHubForge: CreateForge = gitHubForges({ clock: systemClock });
