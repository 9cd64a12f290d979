import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { TracksideError } from '../../../shared/errors.ts';
import { type StartedDemo, startForTest } from '../../demo/github/testing/started.ts';
import { createWireRunner } from '../../demo/github/testing/wire-runner.ts';
import type { DemoTokenName } from '../../demo/github/tokens.ts';
import { createManualClock, systemClock } from '../../platform/clock.ts';
import type { Forge, ForgeBudget } from '../forge.ts';
import { ForgeLimitError } from '../forge-limit.ts';
import { gitHubForges } from './client.ts';

const repository = 'octo/forge';
let started: StartedDemo;
let home: string;
beforeAll(async () => {
  started = await startForTest();
  home = await mkdtemp(join(tmpdir(), 'trackside-steps-'));
});
afterAll(async () => {
  await started.stop();
  await rm(home, { recursive: true, force: true });
});
afterEach(() => started.demo.faults.clear());

const createForge = gitHubForges({ clock: systemClock, retryBaseMs: 1, timeoutMs: 5000 });

function tokenOf(name: DemoTokenName): string {
  const found = started.demo.demoTokens.find((token) => token.name === name);
  if (!found) throw new Error(`The demo has no token ${name}.`);
  return found.token;
}

function forgeWith(name: DemoTokenName = 'full', onBudget?: (budget: ForgeBudget) => void): Forge {
  return createForge({ apiUrl: started.demo.url, token: tokenOf(name), onBudget });
}

async function failureOf(work: Promise<unknown>): Promise<TracksideError> {
  const error = await work.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (!(error instanceof TracksideError)) throw new Error(`No TracksideError but ${error}`);
  for (const { token } of started.demo.demoTokens)
    expect(`${error.stack} ${error.data.remedy}`).not.toContain(token);
  return error;
}

async function wireRunner(name: string, labels: string[] = []) {
  const { token } = await forgeWith().registrationToken(repository);
  return createWireRunner({ url: started.demo.url, token, repository, name, labels, home });
}

test('whose token it is', async () => {
  expect(await forgeWith().account()).toMatchObject({ login: 'octo', tokenKind: 'fine-grained' });
  expect(await forgeWith('classic-repo').account()).toEqual({
    login: 'octo',
    tokenKind: 'classic',
    expiresAt: null,
  });
});

test('repositories: those it administers first, searched by a part of the name', async () => {
  const all = await forgeWith('no-admin-right').repositoryChoices('');
  expect(all).toContainEqual({ fullName: 'octo/forge', visibility: 'private', admin: false });
  const searched = await forgeWith().repositoryChoices('OPEN');
  expect(searched).toEqual([{ fullName: 'octo/open-forge', visibility: 'public', admin: true }]);
  // Not in mona's list, yet open to all.
  expect(await forgeWith('no-admin-right').repositoryChoices('octo/open-forge')).toEqual([
    { fullName: 'octo/open-forge', visibility: 'public', admin: false },
  ]);
  expect(await forgeWith().repositoryChoices('octo/nothing-like-it')).toEqual([]);
});

test('a repository', async () => {
  expect(await forgeWith().repository(repository)).toEqual({
    fullName: repository,
    visibility: 'private',
    defaultBranch: 'main',
    webUrl: `${started.demo.url}/octo/forge`,
    admin: true,
  });
  const { total } = started.demo.counters();
  const absent = await failureOf(forgeWith().repository('octo/nothing'));
  expect(started.demo.counters().total).toBe(total + 1);
  expect(absent.code).toBe('UNKNOWN');
  expect(absent.message).toContain('octo/nothing does not exist');
});

test('the registration address is what config.sh takes', () => {
  expect(forgeWith().registrationUrl(repository)).toBe(`${started.demo.url}/octo/forge`);
});

test('the package for this system, with its checksum', async () => {
  const found = await forgeWith().runnerPackage(repository, { os: 'linux', architecture: 'x64' });
  expect(found).toMatchObject({ os: 'linux', architecture: 'x64', downloadToken: null });
  expect(found.filename).toContain(found.version);
  expect(found.sha256).toMatch(/^[0-9a-f]{64}$/);
  const absent = await failureOf(forgeWith().runnerPackage(repository, { os: 'win', architecture: 'arm' }));
  expect(absent.code).toBe('UNSUPPORTED');
});

test('runners come, are listed, are deleted, and are gone', async () => {
  const forge = forgeWith();
  const runner = await wireRunner('page-1', ['gpu']);
  expect(await forge.runnerByName(repository, 'page-1')).toMatchObject({
    id: runner.id,
    labels: expect.arrayContaining(['self-hosted', 'gpu']),
    status: 'offline',
  });
  await runner.open();
  expect(await forge.runnerByName(repository, 'page-1')).toMatchObject({ status: 'online', busy: false });
  expect(await forge.runnerByName(repository, 'page')).toBeNull();
  expect(await forge.deleteRunner(repository, runner.id)).toBe('deleted');
  expect(await forge.deleteRunner(repository, runner.id)).toBe('absent');
  expect(await forge.runnerByName(repository, 'page-1')).toBeNull();
});

test('a runner that is gone is not said to be gone by a token that sees nothing', async () => {
  const failure = await failureOf(forgeWith('classic-no-scopes').deleteRunner(repository, 1));
  expect(failure.code).toBe('UNKNOWN');
  expect(failure.message).toContain('The repository octo/forge');
});

test('tokens for registering and removing are good for an hour', async () => {
  const forge = forgeWith();
  for (const made of [await forge.registrationToken(repository), await forge.removeToken(repository)]) {
    expect(made.token).toBeTruthy();
    expect(made.expiresAt - Date.now()).toBeGreaterThan(50 * 60_000);
  }
});

test('a workflow is found, asks its questions, is started, waits, runs and leaves its log', async () => {
  const forge = forgeWith();
  const workflows = await forge.workflows(repository);
  const quick = workflows.find(({ path }) => path.endsWith('quick.yml'));
  if (!quick) throw new Error('There is no quick workflow.');
  expect(quick.inputs).not.toBeNull();
  const { runId, runUrl } = await forge.dispatch(repository, quick.id, 'main', {});
  expect(runUrl).toBe(`${started.demo.url}/octo/forge/actions/runs/${runId}`);
  const queued = await forge.activeJobs(repository);
  expect(queued[0]).toMatchObject({
    status: 'queued',
    workflow: quick.name,
    branch: 'main',
    runnerName: null,
    startedAt: null,
    labels: expect.arrayContaining(['self-hosted']),
  });

  const runner = await wireRunner('worker-1');
  await runner.open();
  const message = await runner.nextJob();
  const running = (await forge.activeJobs(repository)).find(({ status }) => status === 'in_progress');
  expect(running).toMatchObject({ runnerName: 'worker-1', runnerId: runner.id });
  expect(running?.startedAt).toBeGreaterThanOrEqual(running?.queuedAt ?? Number.POSITIVE_INFINITY);

  const busy = await failureOf(forge.deleteRunner(repository, runner.id));
  expect(busy.code).toBe('CONFLICT');

  await runner.run(message);
  await runner.close();
  const left = await forge.activeJobs(repository);
  expect(left.map(({ id }) => id)).not.toContain(running?.id);
  const log = await forge.jobLog(repository, running?.id ?? 0);
  expect(await text(log.stream)).toContain('##[group]');
  await forge.deleteRunner(repository, runner.id);
});

test('a dispatch that GitHub does not take says why', async () => {
  const forge = forgeWith();
  const [workflow] = await forge.workflows(repository);
  const wrongRef = await failureOf(forge.dispatch(repository, workflow?.id ?? 0, 'no-such-branch', {}));
  expect(wrongRef.code).toBe('INVALID_REQUEST');
  expect(wrongRef.message).toContain('no-such-branch');
  expect((await failureOf(forge.dispatch(repository, 1, 'main', {}))).code).toBe('UNKNOWN');
});

test('a runner for one job is registered without a script, under a name that is free', async () => {
  const forge = forgeWith();
  const wanted = { name: 'jit-1', labels: ['self-hosted', 'gpu'], workFolder: '_work' };
  const { forgeRunnerId, encoded } = await forge.jitConfiguration(repository, wanted);
  expect(Object.keys(JSON.parse(Buffer.from(encoded, 'base64').toString()))).toContain('.credentials');
  expect(await forge.runnerByName(repository, 'jit-1')).toMatchObject({
    id: forgeRunnerId,
    labels: ['self-hosted', 'gpu'],
    status: 'offline',
    ephemeral: true,
    version: null,
  });
  const taken = await failureOf(forge.jitConfiguration(repository, wanted));
  expect(taken).toMatchObject({ code: 'CONFLICT', data: { field: 'name' } });
  expect(taken.message).toContain('octo/forge has a runner with the name jit-1 already');
  await forge.deleteRunner(repository, forgeRunnerId);

  started.demo.faults.set({ kind: 'server-error', status: 502, method: 'POST' });
  await failureOf(forge.jitConfiguration(repository, wanted));
  expect(started.demo.faults.list()[0]?.struck).toBe(1);
});

test('a finished job runs again as the next attempt, not while its run goes on', async () => {
  const forge = forgeWith();
  const quick = (await forge.workflows(repository)).find(({ path }) => path.endsWith('quick.yml'));
  await forge.dispatch(repository, quick?.id ?? 0, 'main', {});
  const [first] = await forge.activeJobs(repository);
  expect(first?.runAttempt).toBe(1);
  expect(await failureOf(forge.rerunJob(repository, first?.id ?? 0))).toMatchObject({
    code: 'CONFLICT',
    message: expect.stringContaining('already running'),
  });

  const runner = await wireRunner('again-1');
  await runner.open();
  expect(await forge.runnerByName(repository, 'again-1')).toMatchObject({
    version: '2.336.0',
    ephemeral: false,
  });
  await runner.run(await runner.nextJob());
  expect(await forge.activeJobs(repository)).toEqual([]);
  await forge.rerunJob(repository, first?.id ?? 0);
  const [second] = await forge.activeJobs(repository);
  expect(second).toMatchObject({ runId: first?.runId, runAttempt: 2, status: 'queued' });
  expect(second?.id).not.toBe(first?.id);

  await runner.run(await runner.nextJob());
  await runner.close();
  await forge.deleteRunner(repository, runner.id);
  expect((await failureOf(forge.rerunJob(repository, 1))).code).toBe('UNKNOWN');
  const powerless = await failureOf(forgeWith('no-administration').rerunJob(repository, second?.id ?? 0));
  expect(powerless.code).toBe('PERMISSION_MISSING');
});

test('of a version that the forge does not know no deadline is known', async () => {
  expect(await forgeWith().versionDeadline(repository, '0.0.1')).toBeNull();
});

test('missing rights are named', async () => {
  const fineGrained = await failureOf(forgeWith('no-administration').registrationToken(repository));
  expect(fineGrained.code).toBe('PERMISSION_MISSING');
  expect(fineGrained.message).toContain('Administration: read and write');

  const role = await failureOf(forgeWith('no-admin-right').registrationToken(repository));
  expect(role.code).toBe('PERMISSION_MISSING');
  expect(role.message).toContain('Only an administrator');

  const sso = await failureOf(forgeWith('sso-unauthorized').repository('acme-corp/vault'));
  expect(sso.code).toBe('PERMISSION_MISSING');
  expect(sso.data.remedy).toMatch(/https:\/\/github\.com\/orgs\/acme-corp\/sso/);

  const scope = await failureOf(forgeWith('classic-no-scopes').registrationToken('octo/open-forge'));
  expect(scope.message).toContain('scope "repo"');

  expect((await failureOf(forgeWith('expired').account())).code).toBe('TOKEN_REFUSED');
});

test('unchanged answers cost nothing of the budget', async () => {
  const budgets: ForgeBudget[] = [];
  const forge = forgeWith('full', (budget) => budgets.push(budget));
  const first = await forge.runners(repository);
  const { charged, notModified } = started.demo.counters();
  const remaining = forge.budget()?.remaining;
  expect(await forge.runners(repository)).toEqual(first);
  expect(started.demo.counters()).toMatchObject({ charged, notModified: notModified + 1 });
  expect(forge.budget()?.remaining).toBe(remaining);
  expect(budgets).toHaveLength(1);
  expect(forge.budget()).toMatchObject({ limit: 5000 });
  expect(forge.budget()?.resetsAt).toBeGreaterThan(Date.now());
});

test('a passing error is tried again, a lasting one is told', async () => {
  const forge = forgeWith();
  started.demo.faults.set({ kind: 'server-error', status: 502, count: 2 });
  await expect(forge.repository(repository)).resolves.toBeTruthy();
  started.demo.faults.set({ kind: 'dropped-connection', count: 2 });
  await expect(forge.repository('octo/empty')).resolves.toBeTruthy();

  started.demo.faults.set({ kind: 'server-error', status: 502 });
  const before = started.demo.faults.list()[0]?.struck ?? 0;
  expect(await failureOf(forge.repository(repository))).toMatchObject({ code: 'FORGE_UNREACHABLE' });
  expect(started.demo.faults.list()[0]?.struck).toBe(before + 3);
  started.demo.faults.clear();
  started.demo.faults.set({ kind: 'dropped-connection' });
  expect((await failureOf(forge.repository(repository))).message).toContain('dropped');
});

test('a dispatch is never sent twice', async () => {
  const forge = forgeWith();
  const [workflow] = await forge.workflows(repository);
  started.demo.faults.set({ kind: 'server-error', status: 502, method: 'POST' });
  await failureOf(forge.dispatch(repository, workflow?.id ?? 0, 'main', {}));
  expect(started.demo.faults.list()[0]?.struck).toBe(1);
});

test('a long limit is told with its end, and nothing is sent before it', async () => {
  const clock = createManualClock(Date.now());
  const forge = gitHubForges({ clock, retryBaseMs: 1 })({ apiUrl: started.demo.url, token: tokenOf('full') });
  for (const kind of ['secondary-limit', 'too-many-requests'] as const) {
    started.demo.faults.set({ kind, retryAfterSeconds: 120, count: 1 });
    const limit = await failureOf(forge.runners(repository));
    expect(limit).toBeInstanceOf(ForgeLimitError);
    expect(limit).toMatchObject({ code: 'RATE_LIMITED', retryAt: clock.now() + 120_000 });
    const { total } = started.demo.counters();
    await clock.advance(119_000);
    expect((await failureOf(forge.runners(repository))).code).toBe('RATE_LIMITED');
    expect(started.demo.counters().total).toBe(total);
    await clock.advance(1000);
    await expect(forge.runners(repository)).resolves.toBeTruthy();
  }
});

test('a short limit is waited for', async () => {
  started.demo.faults.set({ kind: 'secondary-limit', retryAfterSeconds: 1, count: 1 });
  await expect(forgeWith().runners(repository)).resolves.toBeTruthy();
});

test('an answer that does not come is not waited for', async () => {
  const forge = gitHubForges({ clock: systemClock, timeoutMs: 100 })({
    apiUrl: started.demo.url,
    token: tokenOf('full'),
  });
  started.demo.faults.set({ kind: 'latency', delayMs: 60_000 });
  expect((await failureOf(forge.runners(repository))).message).toContain('did not answer in time');
});

test('a caller who leaves gets its own reason', async () => {
  started.demo.faults.set({ kind: 'latency', delayMs: 60_000 });
  const abort = new AbortController();
  const asked = forgeWith().runners(repository, abort.signal);
  abort.abort(new Error('left'));
  await expect(asked).rejects.toThrow('left');
});

test('the budget of the hour can be used up', async () => {
  const other = await startForTest();
  const clock = createManualClock(Date.now());
  const forge = gitHubForges({ clock })({ apiUrl: other.demo.url, token: other.demo.token });
  other.demo.faults.set({ kind: 'primary-limit', count: 1 });
  const limit = await failureOf(forge.runners(repository));
  expect(limit).toMatchObject({ code: 'RATE_LIMITED', message: expect.stringContaining('no requests left') });
  expect(forge.budget()).toMatchObject({ remaining: 0 });
  const { total } = other.demo.counters();
  await failureOf(forge.account());
  expect(other.demo.counters().total).toBe(total);
  await other.stop();
});
