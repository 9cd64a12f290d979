import { expect, test } from 'vitest';
import { acceptedPermissions, expiryOf, limitOf, permissionTitle, ssoOf, wordsOf } from './answers.ts';

const now = Date.UTC(2026, 5, 1);
const answer = (status: number, headers: Record<string, string>, data: unknown = {}) => ({
  status,
  headers,
  data,
});

test.each([
  ['2026-12-31 12:00:00 UTC', '2026-12-31T12:00:00Z'],
  ['2026-12-31 12:00:00 +0200', '2026-12-31T10:00:00Z'],
  ['2026-12-31 12:00:00 -0730', '2026-12-31T19:30:00Z'],
  ['2026-12-31T12:00:00Z', '2026-12-31T12:00:00Z'],
])('the token ends at %s', (header, at) => {
  expect(expiryOf(answer(200, { 'github-authentication-token-expiration': header }))).toBe(Date.parse(at));
});

test.each([undefined, '', 'soon', '2026-13-45 99:00:00 UTC'])('%s is no end', (header) => {
  const headers: Record<string, string> =
    header === undefined ? {} : { 'github-authentication-token-expiration': header };
  expect(expiryOf(answer(200, headers))).toBeNull();
});

test.each([
  [403, { 'retry-after': '30' }, {}, 30_000, 'pace'],
  [429, { 'retry-after': new Date(now + 90_000).toUTCString() }, {}, 90_000, 'pace'],
  [429, {}, {}, 60_000, 'pace'],
  [403, {}, { message: 'You have exceeded a secondary rate limit.' }, 60_000, 'pace'],
  [
    403,
    { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(now / 1000 + 600) },
    {},
    600_000,
    'hourly',
  ],
])('%i with %j is a limit', (status, headers, data, waitMs, kind) => {
  expect(limitOf(answer(status, headers as Record<string, string>, data), 'github.com', now)).toMatchObject({
    retryAt: now + waitMs,
    kind,
  });
});

test.each([
  [403, { 'x-ratelimit-remaining': '12' }, { message: 'Resource not accessible by personal access token' }],
  [404, { 'x-ratelimit-remaining': '0' }, {}],
])('%i with %j is none', (status, headers, data) => {
  expect(limitOf(answer(status, headers as Record<string, string>, data), 'github.com', now)).toBeNull();
});

test('single sign-on is only linked to where it is safe', () => {
  const of = (header: string) => ssoOf(answer(403, { 'x-github-sso': header }), 'https://github.com');
  expect(of('required; url=https://github.com/orgs/acme/sso?authorization_request=A')).toEqual({
    url: 'https://github.com/orgs/acme/sso?authorization_request=A',
  });
  expect(of('required; url=javascript:alert(1)')).toEqual({ url: null });
  expect(of('required; url=http://elsewhere.example/sso')).toEqual({ url: null });
  expect(of('partial-results; organizations=1,2')).toBeNull();
  expect(ssoOf(answer(403, {}), 'https://github.com')).toBeNull();
});

test('accepted permissions', () => {
  const of = (header: string) =>
    acceptedPermissions(answer(403, { 'x-accepted-github-permissions': header }));
  expect(of('administration=write').map(permissionTitle)).toEqual(['Administration: read and write']);
  expect(of('pull_requests=write,contents=read; issues=write')).toEqual([
    { name: 'pull_requests', level: 'write' },
    { name: 'contents', level: 'read' },
  ]);
  expect(of('')).toEqual([]);
});

test("GitHub's words", () => {
  const data = {
    message: 'Validation Failed',
    errors: [{ message: 'ref is missing' }, 'plain', { field: 'x' }, 7],
  };
  expect(wordsOf(answer(422, {}, data))).toBe('Validation Failed: ref is missing: plain: x');
  expect(wordsOf(answer(502, {}, '<html>'))).toBe('');
  expect(wordsOf(answer(422, {}, { message: 'x'.repeat(2000) }))).toHaveLength(300);
});
