/** Self-hosted runners of a repository: list, get, delete, tokens, JIT configuration, downloads. */
import { generateKeyPair, randomUUID } from 'node:crypto';
import { promisify } from 'node:util';
import type { components } from '@octokit/openapi-types';
import { type DemoContext, type DemoRouter, numberParam, type Request, repositoryOf } from '../context.ts';
import { ApiError, invalidRequest, notFound, type Reply } from '../http.ts';
import type { RunnerRecord, RunnerTokenRecord } from '../model.ts';
import { pageOf } from '../paging.ts';
import { authorizationOf, jitLabels } from '../runner-service/registration.ts';
import { randomLetters } from '../tokens.ts';

const tokenMs = 3_600_000;
const maximumNameLength = 64;

/** A runner as REST shows it. The fault `stale-busy` hides that it is busy. */
export function runnerBody(
  context: DemoContext,
  request: Request,
  runner: RunnerRecord,
): components['schemas']['runner'] {
  const { queue, broker, faults } = context;
  const isBusy = queue.isBusy(runner);
  const target = { path: request.path, method: request.method, runner: runner.name };
  return {
    id: runner.id,
    name: runner.name,
    os: runner.os,
    status: broker.isOnline(runner) ? 'online' : 'offline',
    busy: isBusy && !faults.take('stale-busy', target),
    ephemeral: runner.ephemeral,
    version: runner.version,
    runner_group_id: runner.groupId,
    labels: runner.labels.map(({ id, name, type }) => ({ id, name, type })),
  };
}

/** The repository (`owner/name`) or organisation (login) of a path, whose runners are meant. */
function ownerOf(request: Request): string {
  return request.visit.organization?.login ?? repositoryOf(request).fullName;
}

/** The runner of a path, when it belongs to the repository or organisation of the path. */
export function runnerParam(context: DemoContext, request: Request): RunnerRecord {
  const runner = context.store.runner(numberParam(request, 'runnerId'));
  if (runner?.repository !== ownerOf(request)) throw notFound();
  return runner;
}

/** The runners of a repository or organisation, page by page. @param groupId only those of this group */
export function listRunners(context: DemoContext, request: Request, groupId?: number): Reply {
  const owner = ownerOf(request);
  const name = request.query.get('name');
  const fitting = context.store.data.runners
    .filter((runner) => runner.repository === owner && (name === null || runner.name === name))
    .filter((runner) => groupId === undefined || runner.groupId === groupId);
  const page = pageOf(request, fitting);
  const runners = page.items.map((runner) => runnerBody(context, request, runner));
  return { status: 200, body: { total_count: page.total, runners }, headers: page.headers };
}

/** Deletes the runner of a path. Throws 422 while it runs a job. */
export function removeRunner(context: DemoContext, request: Request): Reply {
  const runner = runnerParam(context, request);
  if (context.queue.isBusy(runner)) {
    throw new ApiError(422, `Bad request - Runner "${runner.name}" is still running a job`);
  }
  context.queue.removeRunner(runner);
  return { status: 204 };
}

/** A token for `config.sh`. */
export function createToken(context: DemoContext, request: Request, kind: RunnerTokenRecord['kind']): Reply {
  const { store, clock } = context;
  const expiresAtMs = clock.now() + tokenMs;
  const token = `A${randomLetters(28, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567')}`;
  store.data.runnerTokens = store.data.runnerTokens.filter((known) => known.expiresAtMs > clock.now());
  store.data.runnerTokens.push({ token, kind, repository: ownerOf(request), expiresAtMs });
  store.changed();
  return { status: 201, body: { token, expires_at: new Date(expiresAtMs).toISOString() } };
}

interface JitRequest {
  name: string;
  labels: string[];
  workFolder: string;
}

async function jitRequest(request: Request): Promise<JitRequest> {
  const body = await request.json();
  const { name, labels, work_folder: workFolder = '_work', runner_group_id: group } = body;
  if (typeof name !== 'string' || name === '' || name.length > maximumNameLength) {
    throw invalidRequest('name is needed, with at most 64 characters');
  }
  if (!Number.isInteger(group)) throw invalidRequest('runner_group_id is needed');
  if (!Array.isArray(labels) || labels.length === 0 || labels.length > 100) {
    throw invalidRequest('between 1 and 100 labels are needed');
  }
  return { name, labels: labels.map(String), workFolder: String(workFolder) };
}

/** The runner's configuration files, as `config.sh` would have written them, in one encoded text. */
function encodeJitConfig(
  request: Request,
  runner: RunnerRecord,
  privateKeyPem: string,
  workFolder: string,
): string {
  const { authorization_url: authorizationUrl, server_url: serverUrl } = authorizationOf(request, runner);
  const settings = {
    AgentId: runner.id,
    AgentName: runner.name,
    PoolId: 1,
    PoolName: 'Default',
    Ephemeral: true,
    ServerUrl: serverUrl,
    WorkFolder: workFolder,
    UseV2Flow: true,
    ServerUrlV2: serverUrl,
  };
  const credentials = { Scheme: 'OAuth', Data: { clientId: runner.clientId, authorizationUrl } };
  const encode = (text: string) => Buffer.from(text).toString('base64');
  const files = {
    '.runner': encode(JSON.stringify(settings)),
    '.credentials': encode(JSON.stringify(credentials)),
    '.credentials_rsaparams': encode(privateKeyPem),
  };
  return encode(JSON.stringify(files));
}

async function generateJitConfig(context: DemoContext, request: Request): Promise<Reply> {
  const { store, clock } = context;
  const { name, labels, workFolder } = await jitRequest(request);
  const { fullName } = repositoryOf(request);
  const keys = await promisify(generateKeyPair)('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  const isNamesake = (other: RunnerRecord) =>
    other.repository === fullName && other.name.toLowerCase() === name.toLowerCase();
  if (store.data.runners.some(isNamesake)) {
    throw new ApiError(409, 'Already exists - A runner with the name already exists.');
  }
  const runner: RunnerRecord = {
    id: store.nextId('runner'),
    name,
    repository: fullName,
    groupId: 1,
    pose: null,
    os: 'unknown',
    architecture: 'unknown',
    version: null,
    ephemeral: true,
    labels: jitLabels(context, labels),
    clientId: randomUUID(),
    publicKeyPem: keys.publicKey,
    createdAtMs: clock.now(),
    lastSeenAtMs: clock.now(),
  };
  store.data.runners.push(runner);
  store.changed();
  const encoded = encodeJitConfig(request, runner, keys.privateKey, workFolder);
  return { status: 201, body: { runner: runnerBody(context, request, runner), encoded_jit_config: encoded } };
}

async function downloads(context: DemoContext, request: Request): Promise<Reply> {
  const entries = await context.archives.list();
  const body: components['schemas']['runner-application'][] = entries.map((entry) => ({
    os: entry.os,
    architecture: entry.architecture,
    download_url: `${request.addresses.html}${downloadPath(entry.filename)}`,
    filename: entry.filename,
    sha256_checksum: entry.sha256,
  }));
  return { status: 200, body };
}

/** `GET …/actions/runners/deprecations/{version}`: when a version is no longer accepted. */
function deprecations(context: DemoContext, request: Request): Reply {
  const version = request.params.version ?? '';
  const deadlineMs = context.releases.deadline(version);
  if (deadlineMs === null) throw notFound();
  const at = new Date(deadlineMs).toISOString();
  const body = { runner_version: version, registration_deprecates_at: at, runtime_deprecates_at: at };
  return { status: 200, body };
}

/** Path of a package, like that of a release asset on github.com. */
function downloadPath(filename: string): string {
  const version = /-(\d+\.\d+\.\d+)\.tar\.gz$/.exec(filename)?.[1] ?? '';
  return `/actions/runner/releases/download/v${version}/${filename}`;
}

/** Adds the routes under `/repos/{owner}/{repo}/actions/runners`, without labels. */
export function addRunnerRoutes(router: DemoRouter, context: DemoContext): void {
  const root = '/repos/:owner/:repo/actions/runners';
  const read = { kind: 'repository', permission: ['administration', 'read'], adminOnly: true } as const;
  const write = { kind: 'repository', permission: ['administration', 'write'], adminOnly: true } as const;
  router.add('GET', root, { access: read, handle: (r) => listRunners(context, r) });
  router.add('GET', `${root}/downloads`, { access: read, handle: (r) => downloads(context, r) });
  router.add('GET', `${root}/deprecations/:version`, {
    access: read,
    handle: (r) => deprecations(context, r),
  });
  router.add('POST', `${root}/registration-token`, {
    access: write,
    handle: (r) => createToken(context, r, 'register'),
  });
  router.add('POST', `${root}/remove-token`, {
    access: write,
    handle: (r) => createToken(context, r, 'remove'),
  });
  router.add('POST', `${root}/generate-jitconfig`, {
    access: write,
    handle: (r) => generateJitConfig(context, r),
  });
  router.add('GET', `${root}/:runnerId`, {
    access: read,
    handle: (r) => ({ status: 200, body: runnerBody(context, r, runnerParam(context, r)) }),
  });
  router.add('DELETE', `${root}/:runnerId`, { access: write, handle: (r) => removeRunner(context, r) });
  router.add('GET', '/actions/runner/releases/download/:tag/:filename', {
    access: { kind: 'open' },
    handle: (r) => context.archives.serve(r.params.filename ?? '', r.path, r.headers.range),
  });
}
