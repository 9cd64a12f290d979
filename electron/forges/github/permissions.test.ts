import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { PermissionReport } from '../../../shared/model.ts';
import { type StartedDemo, startForTest } from '../../demo/github/testing/started.ts';
import type { DemoTokenName } from '../../demo/github/tokens.ts';
import { createManualClock, systemClock } from '../../platform/clock.ts';
import { gitHubForges } from './client.ts';
import type { CheckId } from './report.ts';

let started: StartedDemo;
beforeAll(async () => {
  started = await startForTest();
});
afterAll(() => started.stop());
afterEach(() => started.demo.faults.clear());

const createForge = gitHubForges({ clock: systemClock, retryBaseMs: 1, timeoutMs: 5000 });

function tokenOf(name: DemoTokenName): string {
  const found = started.demo.demoTokens.find((token) => token.name === name);
  if (!found) throw new Error(`The demo has no token ${name}.`);
  return found.token;
}

async function reportsFor(token: string, repository: string | null, apiUrl = started.demo.url) {
  const reports: PermissionReport[] = [];
  for await (const report of createForge({ apiUrl, token }).checkPermissions(repository))
    reports.push(report);
  const last = reports.at(-1);
  if (!last) throw new Error('There was no report.');
  const check = (id: CheckId) => {
    const found = last.checks.find((candidate) => candidate.id === id);
    if (!found) throw new Error(`There is no check ${id}.`);
    return found;
  };
  return { reports, last, check };
}

test('a token with all it takes gets a tick at every check, one after another', async () => {
  const { reports, last } = await reportsFor(tokenOf('full'), 'octo/forge');
  expect(last.checks.map(({ id, status }) => `${id} ${status}`)).toEqual([
    'network ok',
    'token ok',
    'expiry ok',
    'repository ok',
    'administration ok',
    'actions ok',
  ]);
  expect(last).toMatchObject({ login: 'octo', tokenKind: 'fine-grained', sufficient: true });
  expect(last.expiresAt).toBeGreaterThan(Date.now());
  const known = reports.map(({ checks }) => checks.filter(({ status }) => status !== 'unknown').length);
  expect(known).toEqual([0, 1, 3, 4, 5, 6]);
});

test('a classic token with the scope repo will do', async () => {
  const { last } = await reportsFor(tokenOf('classic-repo'), 'octo/forge');
  expect(last).toMatchObject({ tokenKind: 'classic', expiresAt: null, sufficient: true });
});

test('without a repository only the token is judged', async () => {
  const { last } = await reportsFor(tokenOf('classic-no-scopes'), null);
  expect(last.checks.map(({ id }) => id)).toEqual(['network', 'token', 'expiry']);
  expect(last.sufficient).toBe(true);
});

test('wrong scope of a classic token, private repository', async () => {
  const { last, check } = await reportsFor(tokenOf('classic-no-scopes'), 'octo/forge');
  expect(last.sufficient).toBe(false);
  expect(check('repository')).toMatchObject({ status: 'missing', remedy: expect.stringContaining('"repo"') });
});

test('wrong scope of a classic token, public repository', async () => {
  const { last, check } = await reportsFor(tokenOf('classic-no-scopes'), 'octo/open-forge');
  expect(last.sufficient).toBe(false);
  expect(check('repository').status).toBe('ok');
  expect(check('administration')).toMatchObject({
    status: 'missing',
    detail: expect.stringContaining('scope "repo"'),
    remedyUrl: `${started.demo.url}/settings/tokens`,
  });
});

test('missing permissions of a fine-grained token', async () => {
  const { last, check } = await reportsFor(tokenOf('no-administration'), 'octo/forge');
  expect(last.sufficient).toBe(false);
  expect(check('administration')).toMatchObject({
    status: 'missing',
    detail: expect.stringContaining('lacks the permission Administration: read and write'),
    remedy: expect.stringContaining('Repository permissions → Administration'),
    remedyUrl: `${started.demo.url}/settings/personal-access-tokens`,
  });
  expect(check('actions')).toMatchObject({ status: 'warning', required: false });
});

test('an expired token, which GitHub cannot be told from a mistyped one', async () => {
  const { last, check } = await reportsFor(tokenOf('expired'), 'octo/forge');
  expect(last.sufficient).toBe(false);
  expect(check('token')).toMatchObject({ status: 'missing', detail: expect.stringContaining('has expired') });
  expect(check('repository').status).toBe('unknown');
});

test('a token that expires soon is a warning and not in the way', async () => {
  const token = started.demo.demoTokens.find(({ name }) => name === 'full');
  const clock = createManualClock((token?.expiresAtMs ?? 0) - 3 * 86_400_000);
  const forge = gitHubForges({ clock })({ apiUrl: started.demo.url, token: tokenOf('full') });
  let last: PermissionReport | undefined;
  for await (const report of forge.checkPermissions('octo/forge')) last = report;
  expect(last?.checks.find(({ id }) => id === 'expiry')).toMatchObject({
    status: 'warning',
    detail: expect.stringContaining('3 days'),
  });
  expect(last?.sufficient).toBe(true);
});

test('no admin right on the repository', async () => {
  const { last, check } = await reportsFor(tokenOf('no-admin-right'), 'octo/forge');
  expect(last.sufficient).toBe(false);
  expect(check('administration')).toMatchObject({
    status: 'missing',
    detail: expect.stringContaining('no administrator of octo/forge'),
    remedyUrl: `${started.demo.url}/octo/forge/settings/access`,
  });
});

test('single sign-on of the organisation', async () => {
  const { last, check } = await reportsFor(tokenOf('sso-unauthorized'), 'acme-corp/vault');
  expect(last.sufficient).toBe(false);
  expect(check('repository')).toMatchObject({
    status: 'missing',
    detail: expect.stringContaining('single sign-on'),
    remedyUrl: expect.stringMatching(/^https:\/\/github\.com\/orgs\/acme-corp\/sso\?/),
  });
});

test('a typo in the repository names the one that was meant', async () => {
  const { check } = await reportsFor(tokenOf('full'), 'octo/froge');
  expect(check('repository')).toMatchObject({ status: 'missing', remedy: 'Did you mean octo/forge?' });
});

test('what is no repository name at all', async () => {
  const { check } = await reportsFor(tokenOf('full'), 'forge');
  expect(check('repository')).toMatchObject({
    status: 'missing',
    remedy: expect.stringContaining('owner/name'),
  });
});

test('a password is not sent anywhere', async () => {
  const before = started.demo.counters().total;
  const { last, check } = await reportsFor('correct-horse-battery', 'octo/forge');
  expect(started.demo.counters().total).toBe(before);
  expect(check('token')).toMatchObject({
    status: 'missing',
    detail: expect.stringContaining('not sent anywhere'),
  });
  expect(JSON.stringify(last)).not.toContain('correct-horse');
});

test('a token pasted with quotes and a line break works', async () => {
  const { last } = await reportsFor(` "${tokenOf('full')}"\n`, 'octo/forge');
  expect(last.sufficient).toBe(true);
});

test('no network: a name that does not resolve, a closed port, a page in between', async () => {
  const unresolved = await reportsFor(tokenOf('full'), 'octo/forge', 'https://no-such-host.invalid');
  expect(unresolved.check('network')).toMatchObject({
    status: 'missing',
    detail: expect.stringContaining('cannot be resolved'),
    remedy: expect.stringContaining('HTTPS_PROXY'),
  });
  expect(unresolved.check('token').status).toBe('unknown');

  const portal = createServer((_, response) =>
    response.setHeader('content-type', 'text/html').end('<h1>Sign in</h1>'),
  );
  await new Promise<void>((resolve) => portal.listen(0, '127.0.0.1', resolve));
  const { port } = portal.address() as AddressInfo;
  const intercepted = await reportsFor(tokenOf('full'), 'octo/forge', `http://127.0.0.1:${port}`);
  expect(intercepted.check('network').detail).toContain('sign-in page');
  portal.closeAllConnections();
  await new Promise((resolve) => portal.close(resolve));

  const closed = await reportsFor(tokenOf('full'), 'octo/forge', `http://127.0.0.1:${port}`);
  expect(closed.check('network').detail).toContain('refuses connections');
});

test('a limit is told as a limit', async () => {
  started.demo.faults.set({ kind: 'secondary-limit', retryAfterSeconds: 120, count: 1 });
  const { last, check } = await reportsFor(tokenOf('full'), 'octo/forge');
  expect(check('network').status).toBe('ok');
  expect(check('token')).toMatchObject({
    status: 'unknown',
    detail: expect.stringContaining('slow down until'),
  });
  expect(last.sufficient).toBe(false);
});

test('GitHub out of order is told as its trouble', async () => {
  started.demo.faults.set({ kind: 'server-error', status: 503 });
  const { check } = await reportsFor(tokenOf('full'), 'octo/forge');
  expect(check('network').detail).toContain('error of its own (503)');
});

test('the check ends with the signal', async () => {
  started.demo.faults.set({ kind: 'latency', delayMs: 60_000, pathPrefix: '/user' });
  const abort = new AbortController();
  const forge = createForge({ apiUrl: started.demo.url, token: tokenOf('full') });
  const reports = forge.checkPermissions('octo/forge', abort.signal)[Symbol.asyncIterator]();
  await reports.next();
  const second = reports.next();
  abort.abort(new Error('left'));
  await expect(second).rejects.toThrow('left');
});

test('no report carries the token', async () => {
  const { reports } = await reportsFor(tokenOf('expired'), 'octo/forge');
  expect(JSON.stringify(reports)).not.toContain(tokenOf('expired'));
});
