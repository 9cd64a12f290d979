import { expect, test } from 'vitest';
import { isPassing, NotTheForgeError, unreachable } from './network-failures.ts';

/** As `fetch` and octokit nest what went wrong. */
function nested(code: string, name = 'Error'): Error {
  const cause = Object.assign(new Error('deep below'), { code, name });
  return new Error('outer', { cause: new TypeError('fetch failed', { cause }) });
}

test.each([
  ['ENOTFOUND', /name api\.github\.com cannot be resolved/, /HTTPS_PROXY/],
  ['EAI_AGAIN', /cannot be resolved/, /online/],
  ['ECONNREFUSED', /refuses connections/, /port/],
  ['ENETUNREACH', /no network route/, /VPN/],
  ['ETIMEDOUT', /did not answer in time/, /firewall/],
  ['UND_ERR_CONNECT_TIMEOUT', /did not answer in time/, /firewall/],
  ['ECONNRESET', /was dropped/, /again/],
  ['UND_ERR_SOCKET', /was dropped/, /again/],
  ['SELF_SIGNED_CERT_IN_CHAIN', /not trusted.*SELF_SIGNED_CERT_IN_CHAIN/, /NODE_EXTRA_CA_CERTS/],
  ['ERR_TLS_CERT_ALTNAME_INVALID', /not trusted/, /NODE_EXTRA_CA_CERTS/],
  ['CERT_HAS_EXPIRED', /not trusted/, /clock/],
  ['EWHATEVER', /could not be reached \(EWHATEVER\)/, /network/],
])('%s', (code, message, remedy) => {
  const error = unreachable(nested(code), 'api.github.com', 'https://github.com');
  expect(error.code).toBe('FORGE_UNREACHABLE');
  expect(error.message).toMatch(message);
  expect(error.data.remedy).toMatch(remedy);
});

test('several addresses tried in vain', () => {
  const tried = new AggregateError([Object.assign(new Error('v6'), { code: 'ENETUNREACH' })], '');
  const error = new TypeError('fetch failed', { cause: tried });
  expect(unreachable(error, 'h', 'https://h').message).toContain('no network route');
});

test('a time limit and a page in between', () => {
  expect(unreachable(nested('', 'TimeoutError'), 'h', 'https://h').message).toContain('in time');
  const page = new Error('outer', { cause: new NotTheForgeError('page') });
  expect(unreachable(page, 'h', 'https://h').data.remedy).toContain('Open https://h in a browser');
});

test('only what passes by itself is worth a second try', () => {
  expect(['ECONNRESET', 'UND_ERR_SOCKET', 'EAI_AGAIN'].map((code) => isPassing(nested(code)))).toEqual([
    true,
    true,
    true,
  ]);
  expect(['ENOTFOUND', 'ECONNREFUSED', 'CERT_HAS_EXPIRED', ''].some((code) => isPassing(nested(code)))).toBe(
    false,
  );
});
