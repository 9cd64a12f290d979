import { generateKeyPairSync } from 'node:crypto';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createManualClock, type ManualClock } from '../../../platform/clock.ts';
import { type StartedDemo, startForTest } from '../testing/started.ts';
import { askAccessToken, createWireRunner, register, type WireRunner } from '../testing/wire-runner.ts';

let started: StartedDemo;
let clock: ManualClock;
beforeEach(async () => {
  clock = createManualClock();
  started = await startForTest({ clock });
});
afterEach(() => started.stop());

const runnersPath = '/repos/octo/forge/actions/runners';

async function createRunner(
  name: string,
  more: { ephemeral?: boolean; replace?: boolean } = {},
): Promise<WireRunner> {
  const token = await started.runnerToken();
  const { url, repository } = started.demo;
  return createWireRunner({ url, repository, token, name, nowMs: clock.now(), ...more });
}

async function dispatch(workflow: string): Promise<number> {
  const body = { ref: 'main', return_run_details: true };
  const path = `/repos/octo/forge/actions/workflows/${workflow}/dispatches`;
  return (await started.rest<{ workflow_run_id: number }>('POST', path, { body })).body.workflow_run_id;
}

async function jobsOf(runId: number) {
  const path = `/repos/octo/forge/actions/runs/${runId}/jobs`;
  type Job = {
    id: number;
    name: string;
    status: string;
    conclusion: string | null;
    runner_name: string | null;
  };
  return (await started.rest<{ jobs: Job[] }>('GET', path)).body.jobs;
}

/** Requests travel over real sockets: waits until the server has seen this runner's session. */
const isOnline = (name: string) =>
  started.demo.waitFor((state) => state.runners.some((runner) => runner.name === name && runner.isOnline));

test('a runner registers, is online while it polls, and shows its labels', async () => {
  const runner = await createRunner('one');
  type Listed = {
    runners: { name: string; status: string; busy: boolean; labels: { name: string; type: string }[] }[];
  };
  const before = await started.rest<Listed>('GET', runnersPath);
  expect(before.body.runners).toMatchObject([{ name: 'one', status: 'offline', busy: false, os: 'Linux' }]);
  expect(before.body.runners[0]?.labels.map(({ name, type }) => `${name} ${type}`)).toEqual([
    'self-hosted read-only',
    'Linux read-only',
    'X64 read-only',
  ]);
  expect((await runner.open()).status).toBe(200);
  await isOnline('one');
  expect((await started.rest<Listed>('GET', `${runnersPath}?name=one`)).body.runners[0]?.status).toBe(
    'online',
  );
  await runner.close();
  expect((await started.rest<Listed>('GET', runnersPath)).body.runners[0]?.status).toBe('offline');
});

test('registration tokens are for one repository, one purpose and one hour', async () => {
  const { publicKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  const { url } = started.demo;
  const attempt = (token: string, repository = 'octo/forge') =>
    register({ url, token, repository, name: 'one' }, publicKey);
  const token = await started.runnerToken();
  const foreign = await attempt(token, 'octo/empty');
  expect([foreign.status, foreign.body.message]).toEqual([404, 'Not Found']);
  expect(foreign.headers.get('x-github-request-id')).toBeTruthy();
  expect((await attempt(await started.runnerToken('remove'))).status).toBe(404);
  expect((await attempt('NOTATOKEN')).status).toBe(404);
  await clock.advance(3_600_001);
  expect((await attempt(token)).status).toBe(404);
});

test('a name is taken until it is replaced, and the replaced runner is unknown afterwards', async () => {
  const first = await createRunner('one');
  await expect(createRunner('one')).rejects.toThrow('409');
  const second = await createRunner('one', { replace: true });
  expect(second.id).toBe(first.id);
  expect((await first.open()).status).toBe(404);
  expect((await second.open()).status).toBe(200);
});

test('access tokens need the registered key, a good clock and a registration', async () => {
  const keys = () =>
    generateKeyPairSync('rsa', {
      modulusLength: 2048,
      publicKeyEncoding: { type: 'spki', format: 'pem' },
      privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    });
  const own = keys();
  const { url, repository } = started.demo;
  const answer = await register(
    { url, repository, token: await started.runnerToken(), name: 'one' },
    own.publicKey,
  );
  const { authorization_url, client_id } = answer.body.authorization as Record<string, string>;
  const ask = (key: string, nowMs = clock.now()) =>
    askAccessToken(`${authorization_url}`, `${client_id}`, key, nowMs);
  expect(await ask(own.privateKey)).toMatchObject({
    status: 200,
    body: { token_type: 'JWT', expires_in: 3000 },
  });
  expect((await ask(keys().privateKey)).body.error).toBe('invalid_client');
  const late = await ask(own.privateKey, clock.now() - 20 * 60_000);
  expect(late.body.error_description).toMatch(/^Current server time is /);
  await started.rest('DELETE', `${runnersPath}/${answer.body.id}`);
  const gone = await ask(own.privateKey);
  expect([gone.status, gone.body.error_description]).toEqual([
    400,
    `Registration ${client_id} was not found.`,
  ]);
});

test('a second session is a conflict until the first has been silent for 100 s', async () => {
  const runner = await createRunner('one');
  expect((await runner.open()).status).toBe(200);
  expect((await runner.open()).status).toBe(409);
  await clock.advance(99_000);
  expect((await runner.open()).status).toBe(409);
  await clock.advance(2_000);
  expect((await runner.open()).status).toBe(200);
});

test('a poll without work is answered with 202 after 50 s', async () => {
  const runner = await createRunner('one');
  await runner.open();
  const poll = runner.poll();
  await waitUntilPolling();
  await clock.advance(50_000);
  expect((await poll).status).toBe(202);
});

/** Waits for the change that a poll makes when it arrives. */
async function waitUntilPolling(): Promise<void> {
  let changes = 0;
  await started.demo.waitFor(() => changes++ > 0);
}

test('an idle runner is sent a queued job; a job that is not taken within 60 s is sent again', async () => {
  const [one, two] = [await createRunner('one'), await createRunner('two')];
  await one.open();
  const runId = await dispatch('quick.yml');
  const message = await one.poll();
  expect(message.body.messageType).toBe('RunnerJobRequest');
  const request = JSON.parse(String(message.body.body)) as Record<string, string>;
  expect(request.run_service_url).toBe(`${started.demo.url}/_runner/run`);
  await two.open();
  expect((await two.acquire(request.runner_request_id)).status).toBe(409);
  await clock.advance(61_000);
  const again = await two.poll();
  expect(again.body.messageType).toBe('RunnerJobRequest');
  expect((await one.acquire(request.runner_request_id)).status).toBe(409);
  const taken = await two.acquire(request.runner_request_id);
  expect(taken.body).toMatchObject({
    jobDisplayName: 'Check',
    environment: { GITHUB_REPOSITORY: 'octo/forge' },
  });
  expect(await jobsOf(runId)).toMatchObject([{ status: 'in_progress', runner_name: 'two' }]);
});

test('a job whose lock is not renewed for 10 minutes fails as lost', async () => {
  const runner = await createRunner('one');
  await runner.open();
  const runId = await dispatch('quick.yml');
  const job = await runner.nextJob();
  await clock.advance(9 * 60_000);
  const ids = { planId: job.planId, jobId: job.jobId };
  const renewed = await runner.call('POST', '/_runner/run/renewjob', ids);
  expect(Date.parse(String(renewed.body.lockedUntil))).toBe(clock.now() + 600_000);
  await clock.advance(9 * 60_000);
  expect((await jobsOf(runId))[0]?.status).toBe('in_progress');
  await clock.advance(2 * 60_000);
  const [lost] = await jobsOf(runId);
  expect(lost).toMatchObject({ status: 'completed', conclusion: 'failure' });
  const annotations = await started.rest('GET', `/repos/octo/forge/check-runs/${lost?.id}/annotations`);
  expect(annotations.text).toContain('The self-hosted runner lost communication with the server.');
  expect((await runner.call('POST', '/_runner/run/renewjob', ids)).status).toBe(404);
});

test('a busy runner cannot be deleted over REST; a deleted registration loses its job', async () => {
  const runner = await createRunner('one');
  await runner.open();
  const runId = await dispatch('quick.yml');
  await runner.nextJob();
  const refused = await started.rest('DELETE', `${runnersPath}/${runner.id}`);
  expect([refused.status, refused.body.message]).toEqual([
    422,
    'Bad request - Runner "one" is still running a job',
  ]);
  started.demo.faults.set({ kind: 'stale-busy' });
  expect((await started.rest('GET', `${runnersPath}/${runner.id}`)).body.busy).toBe(false);
  started.demo.faults.clear();
  expect((await started.rest('GET', `${runnersPath}/${runner.id}`)).body.busy).toBe(true);
  started.demo.faults.set({ kind: 'deleted-registration', runner: 'one', count: 1 });
  expect((await runner.poll('Busy')).status).toBe(404);
  expect((await jobsOf(runId))[0]?.conclusion).toBe('failure');
  expect((await started.rest('GET', `${runnersPath}/${runner.id}`)).status).toBe(404);
});

test('a cancelled run tells its runner, and ends by itself when the runner does not', async () => {
  const runner = await createRunner('one');
  await runner.open();
  const runId = await dispatch('quick.yml');
  const job = await runner.nextJob();
  expect((await started.rest('POST', `/repos/octo/forge/actions/runs/${runId}/cancel`)).status).toBe(202);
  const message = await runner.poll('Busy');
  expect(message.body.messageType).toBe('JobCancellation');
  expect(JSON.parse(String(message.body.body))).toMatchObject({ jobId: job.jobId });
  expect((await jobsOf(runId))[0]?.status).toBe('in_progress');
  await clock.advance(301_000);
  expect(await jobsOf(runId)).toMatchObject([{ status: 'completed', conclusion: 'cancelled' }]);
  expect((await started.rest('POST', `/repos/octo/forge/actions/runs/${runId}/cancel`)).status).toBe(409);
});

test('a deprecated version may neither register nor receive messages', async () => {
  const runner = await createRunner('one');
  await runner.open();
  started.demo.faults.set({ kind: 'version-deprecated' });
  const refused = await runner.poll();
  expect([refused.status, refused.body.message]).toEqual([
    403,
    'Runner version v2.336.0 is deprecated and cannot receive messages.',
  ]);
  await expect(createRunner('two')).rejects.toThrow('403');
});

test('an ephemeral runner is gone after its job', async () => {
  const runner = await createRunner('one', { ephemeral: true });
  await runner.open();
  await dispatch('quick.yml');
  const job = await runner.nextJob();
  expect((await runner.complete(job, 'success')).status).toBe(204);
  expect((await started.rest('GET', `${runnersPath}/${runner.id}`)).status).toBe(404);
  expect((await runner.poll()).status).toBe(404);
});

test('a remove token removes a runner, once', async () => {
  const runner = await createRunner('one');
  const token = await started.runnerToken('remove');
  const { url } = started.demo;
  const post = await fetch(`${url}/api/v3/actions/runner-registration`, {
    method: 'POST',
    headers: { Authorization: `RemoteAuth ${token}` },
    body: JSON.stringify({ url: `${url}/octo/forge`, runner_event: 'remove' }),
  });
  const admin = (await post.json()).token;
  const remove = async () => {
    const headers = { Authorization: `Bearer ${admin}` };
    return (await fetch(`${url}/api/v3/actions/runners/${runner.id}`, { method: 'DELETE', headers })).status;
  };
  expect([await remove(), await remove()]).toEqual([204, 404]);
});

test('a JIT configuration holds the files of a configured ephemeral runner', async () => {
  const body = { name: 'jit', runner_group_id: 1, labels: ['self-hosted', 'arm'], work_folder: '_work' };
  const made = await started.rest<{ encoded_jit_config: string }>(
    'POST',
    `${runnersPath}/generate-jitconfig`,
    { body },
  );
  expect(made.status).toBe(201);
  const decode = (text: string) => Buffer.from(text, 'base64').toString('utf8');
  const files = JSON.parse(decode(made.body.encoded_jit_config)) as Record<string, string>;
  expect(Object.keys(files)).toEqual(['.runner', '.credentials', '.credentials_rsaparams']);
  const settings = JSON.parse(decode(files['.runner'] ?? ''));
  expect(settings).toMatchObject({ AgentName: 'jit', Ephemeral: true, UseV2Flow: true });
  const { Data: credentials } = JSON.parse(decode(files['.credentials'] ?? ''));
  const key = decode(files['.credentials_rsaparams'] ?? '');
  const token = await askAccessToken(credentials.authorizationUrl, credentials.clientId, key, clock.now());
  expect(token.status).toBe(200);
  expect((await started.rest('POST', `${runnersPath}/generate-jitconfig`, { body })).status).toBe(409);
  const noLabels = { ...body, name: 'other', labels: [] };
  expect((await started.rest('POST', `${runnersPath}/generate-jitconfig`, { body: noLabels })).status).toBe(
    422,
  );
});

test('a runner that has not been seen for 14 days is forgotten, an ephemeral one after a day', async () => {
  await createRunner('steady');
  await createRunner('brief', { ephemeral: true });
  const names = () => started.demo.snapshot().runners.map((runner) => runner.name);
  await clock.advance(86_401_000);
  expect(names()).toEqual(['steady']);
  await clock.advance(13 * 86_400_000);
  expect(names()).toEqual([]);
}, 90_000);

test('a label that a listening runner is given lets it have the job that waits for that label at once', async () => {
  const runner = await createRunner('one');
  await runner.open();
  await dispatch('nightly.yml');
  const job = runner.nextJob();
  await started.demo.waitFor(({ jobs, runners }) => jobs.length === 1 && runners[0]?.isOnline === true);
  const labels = { labels: ['gpu'] };
  await started.rest('PUT', `/repos/octo/forge/actions/runners/${runner.id}/labels`, { body: labels });
  expect((await job).jobDisplayName).toBe('Train on a GPU');
});
