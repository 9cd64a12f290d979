/** Self-hosted runners of a repository: packages, tokens, the list, deleting. */
import type { components } from '@octokit/openapi-types';
import { TracksideError } from '../../../shared/errors.ts';
import type { ForgeRunner, PackageTarget, RunnerPackage, RunnerToken } from '../forge.ts';
import { parseRepository } from './addresses.ts';
import type { Call } from './errors.ts';
import { everyPage, type GitHubHttp } from './http.ts';

type ListedRunner = components['schemas']['runner'];

const read = { name: 'administration', level: 'read' } as const;
const write = { name: 'administration', level: 'write' } as const;

function callOf(repository: string, doing: string, permission: Call['permission'], signal?: AbortSignal) {
  const { owner, name: repo, fullName } = parseRepository(repository);
  const call: Call = {
    doing: `${doing} ${fullName}`,
    subject: `The repository ${fullName}`,
    permission,
    signal,
  };
  return { owner, repo, fullName, call };
}

/** The vendor's package for a system and processor. @throws TracksideError UNSUPPORTED when there is none */
export async function runnerPackage(
  http: GitHubHttp,
  repository: string,
  target: PackageTarget,
  signal?: AbortSignal,
): Promise<RunnerPackage> {
  const { owner, repo, call } = callOf(repository, 'see the runner packages of', read, signal);
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
  const { owner, repo, call } = callOf(repository, doing, write, signal);
  const { data } = await http.run(call, (request) =>
    kind === 'registration'
      ? http.octokit.rest.actions.createRegistrationTokenForRepo({ owner, repo, request })
      : http.octokit.rest.actions.createRemoveTokenForRepo({ owner, repo, request }),
  );
  return { token: data.token, expiresAt: Date.parse(data.expires_at) };
}

function forgeRunner(runner: ListedRunner): ForgeRunner {
  return {
    id: runner.id,
    name: runner.name,
    os: runner.os,
    status: runner.status === 'online' ? 'online' : 'offline',
    busy: runner.busy,
    labels: runner.labels.map(({ name }) => name),
  };
}

/** All runners of the repository; with `name` those of exactly that name. */
export async function listRunners(
  http: GitHubHttp,
  repository: string,
  options: { name?: string; signal?: AbortSignal } = {},
): Promise<ForgeRunner[]> {
  const { name, signal } = options;
  const { owner, repo, call } = callOf(repository, 'list the runners of', read, signal);
  const listed = await http.run(call, (request) =>
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
  const { owner, repo, fullName, call } = callOf(repository, `delete runner ${id} of`, write, signal);
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
