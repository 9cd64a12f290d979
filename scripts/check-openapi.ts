/**
 * Checks the demo GitHub's answers against GitHub's published OpenAPI description (npm package @octokit/openapi).
 * The description is fetched with `npm pack` into a temporary folder, or given: `check-openapi.ts api.github.com.json`.
 */
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Ajv, type ValidateFunction } from 'ajv';
import { extract } from 'tar';
import {
  type RestAnswer,
  type RestOptions,
  type StartedDemo,
  startForTest,
} from '../electron/demo/github/testing/started.ts';
import { createWireRunner } from '../electron/demo/github/testing/wire-runner.ts';

const packageName = '@octokit/openapi';
const descriptionPath = 'package/generated/api.github.com.json';

type Json = Record<string, unknown>;
interface Operation {
  responses: Record<string, { content?: Record<string, unknown>; $ref?: string }>;
}
interface Description {
  paths: Record<string, Record<string, Operation>>;
  components: { responses: Record<string, { content?: Record<string, unknown> }> };
}

/** Fetches the description; only the one file is unpacked. */
async function fetchDescription(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'trackside-openapi-'));
  try {
    console.log(`Fetching ${packageName} (about 29 MB) …`);
    const { stdout } = await promisify(execFile)('npm', ['pack', packageName, '--silent'], { cwd: folder });
    const file = join(folder, stdout.trim().split('\n').at(-1) ?? '');
    await extract({ file, cwd: folder }, [descriptionPath]);
    return await readFile(join(folder, descriptionPath), 'utf8');
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** OpenAPI 3.0's `nullable` said in JSON Schema's words. */
function nullableToType(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(nullableToType);
  if (typeof value !== 'object' || value === null) return value;
  const { nullable, ...rest } = value as Json;
  const schema = Object.fromEntries(Object.entries(rest).map(([key, item]) => [key, nullableToType(item)]));
  if (nullable !== true)
    return 'nullable' in value && typeof nullable === 'object'
      ? { ...schema, nullable: nullableToType(nullable) }
      : schema;
  if (Array.isArray(schema.enum) && !schema.enum.includes(null)) schema.enum = [...schema.enum, null];
  if (typeof schema.type === 'string') return { ...schema, type: [schema.type, 'null'] };
  return { anyOf: [schema, { type: 'null' }] };
}

interface Template {
  path: string;
  pattern: RegExp;
  variables: number;
}

function templatesOf(description: Description): Template[] {
  return Object.keys(description.paths)
    .map((path) => ({
      path,
      // `{path}` of contents and `{ref}` of references take slashes.
      pattern: new RegExp(`^${path.replace(/\{(path|ref)\}/g, '.+').replace(/\{[^}]+\}/g, '[^/]+')}$`),
      variables: path.split('{').length,
    }))
    .sort((a, b) => a.variables - b.variables);
}

function createChecker(text: string) {
  const description = nullableToType(JSON.parse(text)) as Description;
  const ajv = new Ajv({ strict: false, allErrors: true, logger: false });
  ajv.addFormat('date-time', /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/);
  ajv.addFormat('uri', (uri: string) => URL.canParse(uri));
  for (const format of [
    'email',
    'date',
    'int64',
    'repo.nwo',
    'hostname',
    'uuid',
    'float',
    'double',
    'ssh-key',
    'timestamp',
  ])
    ajv.addFormat(format, true);
  ajv.addSchema(description as unknown as Json, 'github');
  const templates = templatesOf(description);
  const checked = new Map<string, number>();
  const problems: string[] = [];

  const validatorOf = (pointer: string): ValidateFunction => {
    const fragment = pointer.replaceAll('{', '%7B').replaceAll('}', '%7D');
    return ajv.compile({ $ref: `github#${fragment}` });
  };

  const check = (method: string, url: string, answer: { status: number; body: unknown }) => {
    const path = url.split('?')[0] ?? url;
    const template = templates.find((candidate) => candidate.pattern.test(path));
    const operation = template && description.paths[template.path]?.[method.toLowerCase()];
    const name = `${method} ${template?.path ?? path} ${answer.status}`;
    if (!template || !operation) {
      problems.push(`${name}: not in the description`);
      return;
    }
    const response = operation.responses[String(answer.status)];
    if (!response) {
      problems.push(
        `${name}: this status is not documented (${Object.keys(operation.responses).join(', ')})`,
      );
      return;
    }
    checked.set(name, (checked.get(name) ?? 0) + 1);
    const shared = response.$ref?.split('/').at(-1);
    const content = shared ? description.components.responses[shared]?.content : response.content;
    if (!content?.['application/json']) return;
    const escaped = template.path.replaceAll('~', '~0').replaceAll('/', '~1');
    const base = shared
      ? `/components/responses/${shared}`
      : `/paths/${escaped}/${method.toLowerCase()}/responses/${answer.status}`;
    const validate = validatorOf(`${base}/content/application~1json/schema`);
    if (validate(answer.body)) return;
    const errors = validate.errors?.slice(0, 5).map((error) => `${error.instancePath} ${error.message}`);
    problems.push(`${name}: ${errors?.join('; ')}`);
  };
  return { check, checked, problems };
}

/** Asks the server everything it answers, in the order in which a client would. */
async function tour(
  started: StartedDemo,
  check: (method: string, path: string, answer: RestAnswer<unknown>) => void,
) {
  const rest = async <Body = Json>(method: string, path: string, options?: RestOptions) => {
    const answer = await started.rest<Body>(method, path, options);
    check(method, path, answer);
    return answer;
  };
  const root = '/repos/octo/forge';
  for (const path of [
    '/',
    '/meta',
    '/rate_limit',
    '/user',
    '/user/repos',
    '/users/octo',
    root,
    '/repos/octo/open-forge',
    '/repos/octo/none',
  ]) {
    await rest('GET', path);
  }
  await rest('GET', '/user', { token: 'expired' });
  for (const path of [
    '/branches',
    '/tags',
    '/git/ref/heads/main',
    '/git/matching-refs/heads',
    '/contents/README.md?ref=feature%2Flamp',
    '/contents/.github/workflows',
    '/contents/.github/workflows/build.yml',
  ]) {
    await rest('GET', root + path);
  }
  await runnersTour(rest, root);
  await runsTour(started, rest, root);
  await waitingRunsTour(started, rest, root);
  await organizationTour(rest);
}

type Rest = <Body = Json>(method: string, path: string, options?: RestOptions) => Promise<RestAnswer<Body>>;

async function runnersTour(rest: Rest, root: string) {
  await rest('GET', `${root}/actions/runners/downloads`);
  await rest('POST', `${root}/actions/runners/registration-token`);
  await rest('POST', `${root}/actions/runners/remove-token`);
  const body = { name: 'jit', runner_group_id: 1, labels: ['self-hosted'], work_folder: '_work' };
  const made = await rest<{ runner: { id: number } }>('POST', `${root}/actions/runners/generate-jitconfig`, {
    body,
  });
  await rest('POST', `${root}/actions/runners/generate-jitconfig`, { body });
  await rest('POST', `${root}/actions/runners/generate-jitconfig`, { body: { ...body, labels: [] } });
  const runner = `${root}/actions/runners/${made.body.runner.id}`;
  await rest('GET', `${root}/actions/runners`);
  await rest('GET', runner);
  await rest('GET', `${runner}/labels`);
  await rest('POST', `${runner}/labels`, { body: { labels: ['gpu', 'fast'] } });
  await rest('PUT', `${runner}/labels`, { body: { labels: ['gpu', 'slow'] } });
  await rest('DELETE', `${runner}/labels/gpu`);
  await rest('DELETE', `${runner}/labels/gpu`);
  await rest('DELETE', `${runner}/labels`);
  await rest('DELETE', runner);
}

async function runsTour(started: StartedDemo, rest: Rest, root: string) {
  const { url, repository } = started.demo;
  const runner = await createWireRunner({
    url,
    repository,
    token: await started.runnerToken(),
    name: 'one',
    home: started.folder,
  });
  await runner.open();
  await rest('GET', `${root}/actions/workflows`);
  await rest('GET', `${root}/actions/workflows/build.yml`);
  const dispatches = `${root}/actions/workflows/quick.yml/dispatches`;
  await rest('POST', dispatches, { body: { ref: 'main' } });
  const details = { ref: 'main', return_run_details: true };
  const second = await rest<{ workflow_run_id: number }>('POST', dispatches, { body: details });
  const first = await runner.nextJob();
  await runner.upload(first, 'parts', { 'a.txt': 'made' });
  await runner.run(first);
  const [finished] = started.demo.snapshot().runs;
  await artifactsTour(rest, root);
  const job = await runner.nextJob();
  await rest('DELETE', `${root}/actions/runners/${runner.id}`);
  await rest('POST', `${root}/actions/runs/${second.body.workflow_run_id}/cancel`);
  await runner.complete(job, 'cancelled');
  await rest('POST', `${root}/actions/runs/${second.body.workflow_run_id}/cancel`);
  await rest('GET', `${root}/actions/runs`);
  await rest('GET', `${root}/actions/workflows/quick.yml/runs`);
  await finishedRunTour(started, rest, root, `${root}/actions/runs/${finished?.id}`);
}

async function finishedRunTour(started: StartedDemo, rest: Rest, root: string, run: string) {
  for (const path of [
    '',
    '/jobs',
    '/jobs?filter=all',
    '/attempts/1',
    '/attempts/1/jobs',
    '/logs',
    '/attempts/1/logs',
    '/artifacts',
  ]) {
    await rest('GET', run + path);
  }
  const [done] = started.demo.snapshot().jobs;
  await rest('GET', `${root}/actions/jobs/${done?.id}`);
  await rest('GET', `${root}/actions/jobs/${done?.id}/logs`);
  await rest('GET', `${root}/check-runs/${done?.id}`);
  await rest('GET', `${root}/check-runs/${done?.id}/annotations`);
  const { body } = await rest<{ check_suite: { id: number } }>('GET', `${root}/check-runs/${done?.id}`);
  await rest('GET', `${root}/check-suites/${body.check_suite.id}`);
  await rest('GET', `${root}/check-suites/${body.check_suite.id}/check-runs`);
  await rest('POST', `${run}/rerun`);
  await rest('POST', `${run}/force-cancel`);
  await rest('POST', `${run}/rerun-failed-jobs`);
  await rest('POST', `${run}/force-cancel`);
  const last = started.demo.snapshot().jobs.at(-1);
  await rest('POST', `${root}/actions/jobs/${last?.id}/rerun`);
  await rest('POST', `${run}/force-cancel`);
  await rest('DELETE', run);
  await rest('PUT', `${root}/actions/workflows/quick.yml/disable`);
  await rest('PUT', `${root}/actions/workflows/quick.yml/enable`);
}

async function artifactsTour(rest: Rest, root: string) {
  const { body } = await rest<{ artifacts: { id: number }[] }>('GET', `${root}/actions/artifacts`);
  const one = `${root}/actions/artifacts/${body.artifacts[0]?.id}`;
  await rest('GET', one);
  await rest('GET', `${one}/zip`);
  await rest('DELETE', one);
}

/** Runs that environments and concurrency groups hold. */
async function waitingRunsTour(started: StartedDemo, rest: Rest, root: string) {
  await rest('GET', `${root}/environments`);
  await rest('GET', `${root}/environments/production`);
  const rules = { wait_timer: 5, reviewers: [{ type: 'User', id: 1001 }] };
  await rest('PUT', `${root}/environments/preview`, { body: rules });
  const dispatch = (file: string, inputs = {}) =>
    rest('POST', `${root}/actions/workflows/${file}/dispatches`, { body: { ref: 'main', inputs } });
  await dispatch('serial.yml');
  await dispatch('serial.yml');
  await dispatch('release.yml', { version: '1.0.0', environment: 'production' });
  const { url, repository } = started.demo;
  const token = await started.runnerToken();
  const runner = await createWireRunner({ url, repository, token, name: 'two', home: started.folder });
  await runner.open();
  for (let count = 0; count < 5; count += 1) await runner.run(await runner.nextJob());
  await rest('GET', `${root}/actions/runs?status=waiting`);
  const run = `${root}/actions/runs/${started.demo.snapshot().runs.at(-1)?.id}`;
  const pending = await rest<{ environment: { id: number } }[]>('GET', `${run}/pending_deployments`);
  await rest('GET', `${run}/jobs`);
  const review = {
    environment_ids: pending.body.map(({ environment }) => environment.id),
    state: 'approved',
    comment: 'Ship it',
  };
  await rest('POST', `${run}/pending_deployments`, { body: review });
  await rest('GET', `${run}/approvals`);
  await rest('DELETE', `${root}/environments/preview`);
}

async function organizationTour(rest: Rest) {
  const token = 'organization-admin';
  const root = '/orgs/acme-corp/actions';
  for (const path of [
    '/runners',
    '/runner-groups',
    '/runner-groups?visible_to_repository=workshop',
    '/runner-groups/2',
    '/runner-groups/2/runners',
    '/runner-groups/2/repositories',
  ]) {
    await rest('GET', root + path, { token });
  }
  await rest('POST', `${root}/runners/registration-token`, { token });
  await rest('POST', `${root}/runners/remove-token`, { token });
}

const given = process.argv[2];
const checker = createChecker(given ? await readFile(given, 'utf8') : await fetchDescription());
const started = await startForTest();
try {
  await tour(started, checker.check);
} finally {
  await started.stop();
}
const operations = new Set([...checker.checked.keys()].map((name) => name.replace(/ \d+$/, '')));
const answers = [...checker.checked.values()].reduce((sum, count) => sum + count, 0);
for (const problem of checker.problems) console.error(problem);
console.log(
  `${answers} answers of ${operations.size} operations checked, ${checker.problems.length} problems.`,
);
process.exitCode = checker.problems.length > 0 ? 1 : 0;
