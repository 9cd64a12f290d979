import { expect, test } from 'vitest';
import { lengthHint, readToken } from './token-format.ts';

const fineGrained = `github_pat_${'A1b2'.repeat(20)}ab`;
const classic = `ghp_${'x'.repeat(36)}`;

test.each([
  [classic],
  [`  ${classic}\n`],
  [`"${classic}"`],
  [`'${classic}',`],
  [`Bearer ${classic}`],
  [`Authorization: token ${classic}`],
  [`export GH_TOKEN="${classic}"`],
  [`GITHUB_TOKEN=${classic}`],
  [`\uFEFF${classic}\u200B`],
  [`“${classic}”`],
])('%s is the classic token', (pasted) => {
  expect(readToken(pasted)).toEqual({ token: classic, kind: 'classic', problem: null });
});

test.each([
  [fineGrained, 'fine-grained'],
  [`gho_${'x'.repeat(36)}`, 'classic'],
  ['0123456789abcdef0123456789abcdef01234567', 'classic'],
  [`ghu_${'x'.repeat(36)}`, 'app'],
  [`ghx_${'x'.repeat(500)}`, 'unknown'],
])('%s is of kind %s and may be used', (token, kind) => {
  expect(readToken(token)).toEqual({ token, kind, problem: null });
});

test.each([
  ['', /Nothing/],
  ['   ', /Nothing/],
  [`${classic.slice(0, 20)} ${classic.slice(20)}`, /space or a line break/],
  [`${classic.slice(0, 20)}\n${classic.slice(20)}`, /space or a line break/],
  ['github_pat_11AB…', /shortened or masked/],
  ['ghp_************', /shortened or masked/],
  [`ghs_${'x'.repeat(520)}`, /installation token/],
  [`ghr_${'x'.repeat(76)}`, /refresh token/],
  [`glpat-${'x'.repeat(20)}`, /GitLab/],
  ['correct-horse-battery', /password does not work/],
  ['ghp_ümläut', /character/],
])('%j is refused before it is sent', (pasted, detail) => {
  const { problem, token } = readToken(pasted);
  expect(problem?.detail).toMatch(detail);
  expect(problem?.remedy).toBeTruthy();
  if (token.length > 4) expect(JSON.stringify(problem)).not.toContain(token);
});

test('a short token is only hinted at', () => {
  expect(lengthHint(readToken(classic.slice(0, 30)))).toContain('30 characters where 40');
  expect(lengthHint(readToken(classic))).toBe('');
  expect(lengthHint(readToken(`ghx_short`))).toBe('');
});
