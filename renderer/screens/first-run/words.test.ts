import { expect, test } from 'vitest';
import { describeToken, expiryWords, hostOf, tokenPromise } from './words.ts';

const now = Date.UTC(2027, 4, 3, 12);
const day = 86_400_000;

test.each([
  [null, 'has no end date'],
  [now - day, 'expired on 2 May 2027'],
  [now, 'expired on 3 May 2027'],
  [now + day / 2, 'expires within a day, on 4 May 2027'],
  [now + 1.5 * day, 'expires in 1 day, on 5 May 2027'],
  [now + 6.2 * day, 'expires in 6 days, on 9 May 2027'],
  [now + 30 * day, 'expires on 2 June 2027'],
])('says when a token ends %#', (expiresAt, words) => {
  expect(expiryWords(expiresAt, now)).toBe(words);
});

test('says that a token in memory is forgotten, and why', () => {
  expect(tokenPromise('memory')).toContain(
    'forgotten when Trackside quits, because this machine has no keyring',
  );
});

test('says whose token it is once that is known', () => {
  const report = {
    login: 'octo',
    tokenKind: 'fine-grained',
    expiresAt: null,
    checks: [],
    sufficient: false,
  } as const;
  expect(describeToken({ ...report, checks: [] })).toBe('A fine-grained token of octo');
  expect(describeToken({ ...report, checks: [], login: null })).toBeNull();
});

test('names the host', () => {
  expect(hostOf({ webUrl: 'https://git.example.com:8443/x' })).toBe('git.example.com:8443');
});
