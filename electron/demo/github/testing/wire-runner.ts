/**
 * A runner for tests: speaks the wire protocol of docs/practice-runner.md and runs steps with a shell, or as told.
 */
import { spawn } from 'node:child_process';
import { createSign, generateKeyPairSync } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import { ZipFile } from 'yazl';
import type { JobMessage } from '../workflow/job-message.ts';

export interface WireRunnerOptions {
  /** The demo GitHub's root. */
  url: string;
  /** A registration token. */
  token: string;
  /** `owner/name`, or the login of an organisation. */
  repository: string;
  groupId?: number;
  name: string;
  labels?: string[];
  ephemeral?: boolean;
  replace?: boolean;
}

export interface WireAnswer {
  status: number;
  body: Record<string, unknown>;
  headers: Headers;
}

export interface WireRunner {
  id: number;
  name: string;
  /** Any call with the runner's access token. */
  call(method: string, path: string, body?: unknown): Promise<WireAnswer>;
  /** Opens a session; the status tells whether it could. */
  open(): Promise<WireAnswer>;
  /** One long poll. */
  poll(status?: 'Online' | 'Busy'): Promise<WireAnswer>;
  acquire(requestId: unknown): Promise<WireAnswer>;
  /** Polls until there is a job and acquires it. */
  nextJob(): Promise<JobMessage>;
  /** Runs the job's steps with `sh` and reports them; resolves with the conclusion. */
  run(job: JobMessage): Promise<'success' | 'failure'>;
  /** Uploads an artifact with these texts as its files. */
  upload(job: JobMessage, name: string, files: Record<string, string>): Promise<WireAnswer>;
  complete(job: JobMessage, conclusion: string): Promise<WireAnswer>;
  close(): Promise<WireAnswer>;
}

/** `Runner_2026…` style time stamp that log lines begin with. */
function logTime(): string {
  return new Date().toISOString().replace('Z', '0000Z');
}

function payloadOf(body: unknown): string | Uint8Array<ArrayBuffer> | undefined {
  if (body === undefined || typeof body === 'string') return body;
  return Buffer.isBuffer(body) ? Uint8Array.from(body) : JSON.stringify(body);
}

async function request(
  url: string,
  authorization: string,
  method: string,
  body?: unknown,
): Promise<WireAnswer> {
  const response = await fetch(url, {
    method,
    headers: {
      Authorization: authorization,
      'Content-Type': typeof body === 'string' ? 'text/plain' : 'application/json',
    },
    body: payloadOf(body),
  });
  const text = await response.text();
  return { status: response.status, body: text === '' ? {} : JSON.parse(text), headers: response.headers };
}

function assertion(clientId: string, audience: string, privateKey: string, nowMs: number): string {
  const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const now = Math.floor(nowMs / 1000);
  const claims = { iss: clientId, sub: clientId, aud: audience, iat: now, nbf: now, exp: now + 300 };
  const text = `${encode({ alg: 'RS256', typ: 'JWT' })}.${encode(claims)}`;
  return `${text}.${createSign('RSA-SHA256').update(text).sign(privateKey).toString('base64url')}`;
}

/** Asks for an access token as a runner does. @param nowMs the runner's clock */
export async function askAccessToken(
  authorizationUrl: string,
  clientId: string,
  privateKey: string,
  nowMs: number,
): Promise<WireAnswer> {
  const response = await fetch(authorizationUrl, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: assertion(clientId, authorizationUrl, privateKey, nowMs),
    }),
  });
  return { status: response.status, body: JSON.parse(await response.text()), headers: response.headers };
}

function runScript(script: string, env: Record<string, string>): Promise<{ code: number; output: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn('sh', ['-e', '-c', script], {
      env: { PATH: process.env.PATH, ...env },
      cwd: env.HOME,
    });
    let output = '';
    child.stdout.on('data', (chunk) => (output += chunk));
    child.stderr.on('data', (chunk) => (output += chunk));
    child.on('error', reject);
    child.on('close', (code) => resolve({ code: code ?? 1, output }));
  });
}

/** Registers a runner: calls 1 and 2. Gives back what the service said. */
export async function register(options: WireRunnerOptions, publicKey: string): Promise<WireAnswer> {
  const { url, token, repository, name, labels = [], ephemeral = false, replace = false } = options;
  const admin = await request(`${url}/api/v3/actions/runner-registration`, `RemoteAuth ${token}`, 'POST', {
    url: `${url}/${repository}`,
    runner_event: 'register',
  });
  if (admin.status !== 200) return admin;
  const system = ['self-hosted', 'Linux', 'X64'].map((label) => ({ name: label, type: 'system' }));
  return request(`${url}/api/v3/actions/runners/register`, `Bearer ${admin.body.token}`, 'POST', {
    url: `${url}/${repository}`,
    group_id: options.groupId ?? 1,
    name,
    version: '2.336.0',
    updates_disabled: false,
    ephemeral,
    labels: [...system, ...labels.map((label) => ({ name: label, type: 'user' }))],
    os: 'Linux',
    architecture: 'X64',
    public_key: publicKey,
    replace,
  });
}

/** Runs the steps of a job one after the other, and reports log and state of each. */
async function runSteps(
  job: JobMessage,
  { home = '/tmp', name }: { home?: string; name: string },
  call: WireRunner['call'],
): Promise<'success' | 'failure'> {
  const env = { ...job.environment, HOME: home, RUNNER_NAME: name };
  let conclusion: 'success' | 'failure' = 'success';
  for (const step of job.steps) {
    const started_at = new Date().toISOString();
    const isSkipped = step.condition !== 'always' && step.condition !== conclusion;
    const result = isSkipped
      ? { code: 0, output: '' }
      : await runScript(step.script, { ...env, ...step.env });
    if (result.code !== 0) conclusion = 'failure';
    const last = result.code === 0 ? '' : `##[error]Process completed with exit code ${result.code}.\n`;
    const lines = `##[group]${step.name}\n##[endgroup]\n${result.output}${last}`.trimEnd().split('\n');
    const text = lines.map((line) => `${logTime()} ${line}\n`).join('');
    if (!isSkipped) await call('POST', `/_runner/results/logs/${job.jobId}`, text);
    const outcome = isSkipped ? 'skipped' : result.code === 0 ? 'success' : 'failure';
    const reported = { number: step.number, name: step.name, status: 'completed', conclusion: outcome };
    const steps = [{ ...reported, started_at, completed_at: new Date().toISOString() }];
    await call('POST', '/_runner/results/steps', { jobId: job.jobId, steps });
  }
  return conclusion;
}

/**
 * Registers a runner and gets its access token.
 * @param home folder in which steps run
 * @throws when the service refuses
 */
export async function createWireRunner(
  options: WireRunnerOptions & { nowMs?: number; home?: string },
): Promise<WireRunner> {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  const registered = await register(options, publicKey);
  if (registered.status !== 201) throw new Error(`Registration was refused with ${registered.status}.`);
  const authorization = registered.body.authorization as Record<string, string>;
  const answer = await askAccessToken(
    authorization.authorization_url ?? '',
    authorization.client_id ?? '',
    privateKey,
    options.nowMs ?? Date.now(),
  );
  const token = `Bearer ${answer.body.access_token}`;
  const broker = authorization.server_url ?? '';
  const call: WireRunner['call'] = (method, path, body) =>
    request(`${options.url}${path}`, token, method, body);
  let sessionId = '';

  const runner: WireRunner = {
    id: Number(registered.body.id),
    name: options.name,
    call,
    async open() {
      const agent = { id: runner.id, name: options.name, version: '2.336.0', osDescription: 'Linux' };
      const opened = await request(`${broker}/session`, token, 'POST', { ownerName: 'test', agent });
      if (opened.status === 200) sessionId = String(opened.body.sessionId);
      return opened;
    },
    poll: (status = 'Online') => {
      const query = `sessionId=${sessionId}&status=${status}&runnerVersion=2.336.0&os=Linux&architecture=X64&disableUpdate=false`;
      return request(`${broker}/message?${query}`, token, 'GET');
    },
    acquire: (requestId) =>
      call('POST', '/_runner/run/acquirejob', { jobMessageId: requestId, runnerOS: 'Linux' }),
    async nextJob() {
      for (;;) {
        const message = await runner.poll();
        if (message.status !== 200 && message.status !== 202)
          throw new Error(`Polling ended with ${message.status}.`);
        if (message.body.messageType !== 'RunnerJobRequest') continue;
        const taken = await runner.acquire(JSON.parse(String(message.body.body)).runner_request_id);
        if (taken.status === 200) return taken.body as unknown as JobMessage;
      }
    },
    async run(job) {
      const conclusion = await runSteps(job, options, call);
      await runner.complete(job, conclusion);
      return conclusion;
    },
    async upload(job, name, files) {
      const archive = new ZipFile();
      for (const [path, text] of Object.entries(files)) archive.addBuffer(Buffer.from(text), path);
      archive.end();
      const query = new URLSearchParams({ name });
      const bytes = await buffer(archive.outputStream);
      return call('POST', `/_runner/results/artifacts/${job.jobId}?${query}`, bytes);
    },
    complete: (job, conclusion) =>
      call('POST', '/_runner/run/completejob', { planId: job.planId, jobId: job.jobId, conclusion }),
    close: () => request(`${broker}/session?sessionId=${sessionId}`, token, 'DELETE'),
  };
  return runner;
}
