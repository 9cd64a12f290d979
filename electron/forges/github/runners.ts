/** Self-hosted runners of a repository: packages, tokens, JIT configurations, the list, deleting. */
import type { components } from '@octokit/openapi-types';
import { TracksideError } from '../../../shared/errors.ts';
import type {
  ForgeRunner,
  JitConfiguration,
  PackageTarget,
  RequestMeter,
  RunnerPackage,
  RunnerToken,
  VersionDeadline,
} from '../forge.ts';
import type { Answer } from './answers.ts';
import { everyPage, type GitHubHttp } from './http.ts';
import { repositoryCall } from './repository-call.ts';

type ListedRunner = components['schemas']['runner'];

const read = { name: 'administration', level: 'read' } as const;
const write = { name: 'administration', level: 'write' } as const;

/** The vendor's package for a system and processor. @throws TracksideError UNSUPPORTED when there is none */
export async function runnerPackage(
  http: GitHubHttp,
  repository: string,
  target: PackageTarget,
  signal?: AbortSignal,
): Promise<RunnerPackage> {
  const { owner, repo, call } = repositoryCall(repository, 'see the runner packages of', read, { signal });
  const { data } = await http.run(call, (request) =>
    http.octokit.rest.actions.listRunnerApplicationsForRepo({ owner, repo, request }),
  );
  const found = data.find(({ os, architecture }) => os === target.os && architecture === target.architecture);
  if (!found) {
    const offered = data.map(({ os, architecture }) => `${os}-${architecture}`).join(', ');
    throw new TracksideError(
      'UNSUPPORTED',
      `${http.address.host} offers no runner for ${target.os}-${target.architecture}, only ${offered || 'none at all'}.`,
    );
  }
  return {
    ...target,
    version: /(\d+\.\d+\.\d+)/.exec(found.filename)?.[1] ?? 'unknown',
    filename: found.filename,
    url: found.download_url,
    sha256: found.sha256_checksum?.toLowerCase() ?? null,
    downloadToken: found.temp_download_token ?? null,
  };
}

/** A token for `config.sh`, good for one hour. */
export async function runnerToken(
  http: GitHubHttp,
  repository: string,
  kind: 'registration' | 'remove',
  signal?: AbortSignal,
): Promise<RunnerToken> {
  const doing = kind === 'registration' ? 'register runners in' : 'remove runners from';
  const { owner, repo, call } = repositoryCall(repository, doing, write, { signal });
  const { data } = await http.run(call, (request) =>
    kind === 'registration'
      ? http.octokit.rest.actions.createRegistrationTokenForRepo({ owner, repo, request })
      : http.octokit.rest.actions.createRemoveTokenForRepo({ owner, repo, request }),
  );
  return { token: data.token, expiresAt: Date.parse(data.expires_at) };
}

/** The group that every repository has. */
const defaultRunnerGroupId = 1;

/** Registers a runner for one job. @throws TracksideError CONFLICT, field `name`, when the name is taken */
export async function jitConfiguration(
  http: GitHubHttp,
  repository: string,
  { name, labels, workFolder }: { name: string; labels: string[]; workFolder: string },
  signal?: AbortSignal,
): Promise<JitConfiguration> {
  const { owner, repo, fullName, call } = repositoryCall(repository, 'register runners in', write, {
    signal,
  });
  try {
    const { data } = await http.run({ ...call, once: true }, (request) =>
      http.octokit.rest.actions.generateRunnerJitconfigForRepo({
        owner,
        repo,
        name,
        runner_group_id: defaultRunnerGroupId,
        labels,
        work_folder: workFolder,
        request,
      }),
    );
    return { forgeRunnerId: data.runner.id, encoded: data.encoded_jit_config };
  } catch (error) {
    if (!(error instanceof TracksideError) || error.code !== 'CONFLICT') throw error;
    throw new TracksideError('CONFLICT', `${fullName} has a runner with the name ${name} already.`, {
      remedy: 'Choose another name, or remove that runner first.',
      field: 'name',
    });
  }
}

function timeOf(data: unknown, name: string): number | null {
  if (typeof data !== 'object' || data === null) return null;
  const at = Date.parse(String(Object.entries(data).find(([key]) => key === name)?.[1]));
  return Number.isNaN(at) ? null : at;
}

/**
 * When GitHub stops serving a version; null where it does not tell, which not every plan does.
 * Source: GitHub's changelog of 2026-09-03, "deprecations"; the call is not in octokit's types yet.
 */
export async function versionDeadline(
  http: GitHubHttp,
  repository: string,
  version: string,
  signal?: AbortSignal,
): Promise<VersionDeadline | null> {
  const { owner, repo, call } = repositoryCall(repository, 'see the runner versions of', read, { signal });
  const route: string = 'GET /repos/{owner}/{repo}/actions/runners/deprecations/{version}';
  try {
    const answer: Answer = await http.run(call, (request) =>
      http.octokit.request(route, { owner, repo, version, request }),
    );
    return {
      registrationEndsAt: timeOf(answer.data, 'registration_deprecates_at'),
      runtimeEndsAt: timeOf(answer.data, 'runtime_deprecates_at'),
    };
  } catch (error) {
    if (error instanceof TracksideError && error.code === 'UNKNOWN') return null;
    throw error;
  }
}

export function forgeRunner(runner: ListedRunner): ForgeRunner {
  return {
    id: runner.id,
    name: runner.name,
    os: runner.os,
    status: runner.status === 'online' ? 'online' : 'offline',
    busy: runner.busy,
    labels: runner.labels.map(({ name }) => name),
    version: runner.version ?? null,
    ephemeral: runner.ephemeral ?? false,
  };
}

/** All runners of the repository; with `name` those of exactly that name. */
export async function listRunners(
  http: GitHubHttp,
  repository: string,
  options: { name?: string; signal?: AbortSignal; meter?: RequestMeter } = {},
): Promise<ForgeRunner[]> {
  const { name, signal, meter } = options;
  const { owner, repo, call } = repositoryCall(repository, 'list the runners of', read, { signal });
  const listed = await http.run({ ...call, meter }, (request) =>
    everyPage(
      (page) =>
        http.octokit.rest.actions.listSelfHostedRunnersForRepo({
          owner,
          repo,
          name,
          per_page: 100,
          page,
          request,
        }),
      ({ data }) => data.runners,
    ),
  );
  // A runner that came or went between two pages shifts the rest: it may be listed twice.
  const once = new Map(listed.map((runner) => [runner.id, forgeRunner(runner)]));
  return [...once.values()].filter((runner) => name === undefined || runner.name === name);
}

/** @throws TracksideError CONFLICT while the runner runs a job */
export async function deleteRunner(
  http: GitHubHttp,
  repository: string,
  id: number,
  signal?: AbortSignal,
): Promise<'deleted' | 'absent'> {
  const { owner, repo, fullName, call } = repositoryCall(repository, `delete runner ${id} of`, write, {
    signal,
  });
  try {
    await http.run({ ...call, subject: `Runner ${id} of ${fullName}` }, (request) =>
      http.octokit.rest.actions.deleteSelfHostedRunnerFromRepo({ owner, repo, runner_id: id, request }),
    );
    return 'deleted';
  } catch (error) {
    if (!(error instanceof TracksideError)) throw error;
    if (error.code === 'UNKNOWN') {
      // "Not found" is also the answer when the token lost sight of the repository; then nothing is known.
      await listRunners(http, repository, { signal });
      return 'absent';
    }
    if (error.code !== 'INVALID_REQUEST') throw error;
    throw new TracksideError('CONFLICT', error.message, { remedy: 'Wait until its job has ended.' });
  }
}
