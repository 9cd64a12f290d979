import { afterAll, beforeAll, expect, test } from 'vitest';
import { type StartedDemo, startForTest } from './testing/started.ts';

let started: StartedDemo;
beforeAll(async () => {
  started = await startForTest();
});
afterAll(() => started.stop());

const runners = '/repos/octo/forge/actions/runners';

test('the full token may do everything, with either scheme and at both roots', async () => {
  for (const path of [runners, `/api/v3${runners}`]) {
    const answer = await started.rest('GET', path);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('x-accepted-github-permissions')).toBe('administration=read');
    expect(answer.headers.get('github-authentication-token-expiration')).toMatch(
      /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC$/,
    );
    expect(answer.headers.get('x-oauth-scopes')).toBeNull();
    expect(answer.headers.get('x-github-request-id')).toBeTruthy();
  }
  const withToken = await fetch(started.demo.url + runners, {
    headers: { Authorization: `token ${started.demo.token}` },
  });
  expect(withToken.status).toBe(200);
});

test('an unknown and an expired token are bad credentials', async () => {
  const unknown = await fetch(`${started.demo.url}/user`, { headers: { Authorization: 'Bearer ghp_wrong' } });
  expect([unknown.status, await unknown.json()]).toEqual([
    401,
    { message: 'Bad credentials', documentation_url: 'https://docs.github.com/rest', status: '401' },
  ]);
  expect((await started.rest('GET', '/user', { token: 'expired' })).status).toBe(401);
});

test('a classic token tells its scopes; without `repo` private repositories are hidden', async () => {
  const good = await started.rest('GET', runners, { token: 'classic-repo' });
  expect([good.status, good.headers.get('x-oauth-scopes')]).toEqual([200, 'repo, workflow']);
  const bare = await started.rest('GET', runners, { token: 'classic-no-scopes' });
  expect([bare.status, bare.headers.get('x-oauth-scopes')]).toEqual([404, '']);
  const open = await started.rest('GET', '/repos/octo/open-forge', { token: 'classic-no-scopes' });
  expect(open.status).toBe(200);
  const openRunners = await started.rest('GET', '/repos/octo/open-forge/actions/runners', {
    token: 'classic-no-scopes',
  });
  expect(openRunners.status).toBe(403);
});

test('a fine-grained token without Administration may read runs and not runners', async () => {
  const refused = await started.rest('GET', runners, { token: 'no-administration' });
  expect(refused.status).toBe(403);
  expect(refused.body.message).toBe('Resource not accessible by personal access token');
  expect(
    (await started.rest('GET', '/repos/octo/forge/actions/runs', { token: 'no-administration' })).status,
  ).toBe(200);
  const dispatch = await started.rest('POST', '/repos/octo/forge/actions/workflows/quick.yml/dispatches', {
    token: 'no-administration',
    body: { ref: 'main' },
  });
  expect(dispatch.status).toBe(403);
});

test('an organisation with single sign-on refuses a token that is not authorised, and says where to go', async () => {
  const refused = await started.rest('GET', '/repos/acme-corp/vault', { token: 'sso-unauthorized' });
  expect(refused.status).toBe(403);
  expect(refused.headers.get('x-github-sso')).toMatch(
    /^required; url=https:\/\/github\.com\/orgs\/acme-corp\/sso/,
  );
  const list = await started.rest('GET', '/user/repos', { token: 'sso-unauthorized' });
  expect(list.headers.get('x-github-sso')).toBe('partial-results; organizations=1003');
  expect((await started.rest('GET', '/repos/acme-corp/vault', { token: 'classic-repo' })).status).toBe(200);
  expect((await started.rest('GET', '/repos/acme-corp/vault')).status).toBe(404);
});

test('somebody who may push is no administrator', async () => {
  const repository = await started.rest('GET', '/repos/octo/forge', { token: 'no-admin-right' });
  expect(repository.body.permissions).toMatchObject({ admin: false, push: true });
  const refused = await started.rest('GET', runners, { token: 'no-admin-right' });
  expect([refused.status, refused.body.message]).toEqual([403, 'Must have admin rights to Repository.']);
});

test('without a token a public repository is visible and runners are not', async () => {
  const open = await started.rest('GET', '/repos/octo/open-forge', { token: null });
  expect([open.status, open.headers.get('x-ratelimit-limit')]).toEqual([200, '60']);
  expect((await started.rest('GET', '/repos/octo/forge', { token: null })).status).toBe(404);
  expect((await started.rest('GET', '/repos/octo/open-forge/actions/runners', { token: null })).status).toBe(
    401,
  );
  expect((await started.rest('GET', '/user', { token: null })).status).toBe(401);
});

test('a revoked token is bad credentials as long as the fault is on', async () => {
  const id = started.demo.faults.set({ kind: 'revoked-token', pathPrefix: '/user' });
  expect((await started.rest('GET', '/user')).status).toBe(401);
  expect((await started.rest('GET', '/repos/octo/forge')).status).toBe(200);
  started.demo.faults.clear(id);
  expect((await started.rest('GET', '/user')).status).toBe(200);
});
